/** The frame of the pages for paired devices: a head that stays, with what waits, and the way to the others. */
import type { Child } from 'hono/jsx'

const PLACES = [
  ['/', 'Inbox'],
  ['/history', 'History'],
  ['/settings', 'Settings'],
] as const

type Place = (typeof PLACES)[number][0]
type Props = { title: string; count: number; here: Place; script?: string; children?: Child }

/** A whole document; `script` is the path of what it can do beside forms. */
export function Frame({ title, count, here, script, children }: Props) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="theme-color" content="#f6f6f4" media="(prefers-color-scheme: light)" />
        <meta name="theme-color" content="#131412" media="(prefers-color-scheme: dark)" />
        <title>{count > 0 ? `(${count}) ${title}` : title}</title>
        <link rel="manifest" href="/manifest.webmanifest" />
        <link rel="icon" href="/icon-192.png" />
        <link rel="apple-touch-icon" href="/icon-192.png" />
        <link rel="stylesheet" href="/style.css" />
        <link rel="stylesheet" href="/inbox.css" />
        {script !== undefined && <script src={script} defer></script>}
      </head>
      <body>
        <header class="head">
          <p class="count" role="status">
            <b id="count">{String(count)}</b> {count === 1 ? 'waits' : 'wait'}
          </p>
          <nav aria-label="Pages">
            {PLACES.map(([path, name]) => (
              <a href={path} aria-current={path === here ? 'page' : undefined}>
                {name}
              </a>
            ))}
          </nav>
        </header>
        <p id="away" class="notice" role="alert" hidden>
          Your machine does not answer at the moment. This page goes on by itself when it does.
        </p>
        <main>{children}</main>
      </body>
    </html>
  )
}
