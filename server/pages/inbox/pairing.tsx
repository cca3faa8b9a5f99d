/** The pages on which a browser is paired. */
import { Layout } from '../layout.tsx'

/** What the link of `rc pair` shows. Nothing happens until the button is pressed: previews open links, too. */
export function pairPage({ browser }: { browser: string }) {
  return (
    <Layout title="Pair this device">
      <h1>Pair this device?</h1>
      <p>
        It will see everything that waits in all sessions, and may answer it. Pair it only if you have run{' '}
        <code>rc pair</code> yourself just now.
      </p>
      <p class="soft">This browser: {browser}.</p>
      <form method="post">
        <button type="submit" class="yes">
          Pair
        </button>
      </form>
    </Layout>
  )
}

/** While somebody has to say yes at the desk. It loads itself again, with or without a script. */
export function waitingPage({ device }: { device: string }) {
  return (
    <Layout title="One more step" refreshS={2}>
      <h1>One more step, at your machine</h1>
      <p role="status">
        <code>rc pair</code> asks there whether to pair <b>{device}</b>. Say yes, and this page goes on by
        itself.
      </p>
    </Layout>
  )
}

/** For a browser that is not paired, such as an app on the home screen that has lost its cookie. */
export function codePage({ wrong = false }: { wrong?: boolean }) {
  return (
    <Layout title="Pair this device">
      <h1>This device is not paired</h1>
      <p>
        Run <code>rc pair</code> on your machine and open what it shows. In an app on the home screen, run{' '}
        <code>rc pair --code</code> and type the code here.
      </p>
      {wrong && (
        <p class="notice" role="alert">
          This code is wrong, or its time is up.
        </p>
      )}
      <form method="post" action="/pair">
        <label>
          The code
          <input
            name="code"
            required
            autocomplete="one-time-code"
            autocapitalize="characters"
            spellcheck={false}
          />
        </label>
        <button type="submit" class="yes">
          Pair
        </button>
      </form>
    </Layout>
  )
}
