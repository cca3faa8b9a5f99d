/** What a link alone may answer, in a browser that is not paired. */
import type { LinkPower } from '../../options.ts'
import type { AskKind, AskView } from '../../protocol.ts'
import { Choice, Digest } from '../parts.tsx'

const PLAIN: readonly AskKind[] = ['permission', 'plan', 'domain', 'key', 'test']

/** Yes and No for this once where that is allowed, and how to do more. */
export function LinkForms({ ask, may }: { ask: AskView; may: LinkPower }) {
  const isPlain = may === 'yes-no' && PLAIN.includes(ask.kind)
  return (
    <>
      {isPlain && (
        <form method="post">
          <Digest ask={ask} />
          {ask.hook_end === null && <Choice value="allow" label="Yes" class="yes" />}
          <Choice value="deny" label="No" class="no" />
        </form>
      )}
      <p class="notice">
        This browser is not paired, so {isPlain ? 'Yes and No for this once are all that it' : 'it'} may{' '}
        {isPlain ? 'say' : 'only look'}. <a href="/pair">Pair it</a> to do everything.
      </p>
    </>
  )
}
