/** The second step of a Yes to something that cannot be undone: it names the object once more. */
import { isDoorKind } from '../../asks/access-ask.ts'
import type { AskView } from '../../protocol.ts'
import { showHidden } from '../../text/preview.ts'
import { DeedDetails } from '../access.tsx'
import { ToolInput } from '../input.tsx'
import { Layout } from '../layout.tsx'

type Confirm = {
  ask: AskView
  /** What it is about, as the next answer has to repeat it: nothing is hidden in it, and marked twice it would read otherwise. */
  object: string
  /** What was sent the first time, name by name. */
  fields: readonly (readonly [string, string])[]
  /** The page of the question. */
  back: string
}

/** Nothing was taken so far. `ask` holds the input that would be allowed. */
export function confirmPage({ ask, object, fields, back }: Confirm) {
  return (
    <Layout title={`${ask.session}: once more`}>
      <p class="soft">
        Session <b>{showHidden(ask.session)}</b> · nothing was answered yet
      </p>
      <h1>This cannot be undone</h1>
      <p class="object">{object}</p>
      {isDoorKind(ask.kind) ? <DeedDetails ask={ask} /> : <ToolInput ask={ask} />}
      <form method="post">
        {fields.map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <input type="hidden" name="sure" value={object} />
        <button type="submit" class="no long">
          Yes, {object}
        </button>
      </form>
      <p>
        <a class="button" href={back}>
          Back, without an answer
        </a>
      </p>
    </Layout>
  )
}
