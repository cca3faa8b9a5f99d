/** A tool's whole input, as text that cannot pretend to be part of the page. */
import { showHidden, summary } from '../preview.ts'
import type { AskView, JsonObject } from '../protocol.ts'

/** What is shown of an ask's input; nothing is left out. */
export function ToolInput({ ask }: { ask: AskView }) {
  const { tool, input } = ask
  const description = textOf(input, 'description')
  return (
    <>
      {description !== null && (
        <p class="agent">
          <span class="soft">Claude says: </span>
          {showHidden(description)}
        </p>
      )}
      {bodyOf(tool, input)}
    </>
  )
}

function bodyOf(tool: string | null, input: JsonObject) {
  const text = summary(tool, input)
  switch (tool) {
    case 'Bash':
      return (
        <>
          <Text label="Command" text={text} />
          <Others input={input} without={['command', 'description']} />
        </>
      )
    case 'Write':
      return (
        <>
          <Text label="File" text={text} />
          <Text label="Content" text={textOf(input, 'content') ?? ''} />
        </>
      )
    case 'Edit':
      return (
        <>
          <Text label="File" text={text} />
          <Text label="Takes out" text={textOf(input, 'old_string') ?? ''} kind="gone" />
          <Text label="Puts in" text={textOf(input, 'new_string') ?? ''} kind="new" />
          <Others input={input} without={['file_path', 'old_string', 'new_string']} />
        </>
      )
    case 'ExitPlanMode':
      return <Text label="Plan" text={text} />
    default:
      return <Text label="Input" text={JSON.stringify(input, null, 2)} />
  }
}

function Text({ label, text, kind = '' }: { label: string; text: string; kind?: string }) {
  return (
    <>
      <h2>{label}</h2>
      <pre class={kind} tabindex={0}>
        {showHidden(text)}
      </pre>
    </>
  )
}

function Others({ input, without }: { input: JsonObject; without: string[] }) {
  const rest = Object.entries(input).filter(([name]) => !without.includes(name))
  if (rest.length === 0) return null
  return <Text label="Further input" text={JSON.stringify(Object.fromEntries(rest), null, 2)} />
}

function textOf(input: JsonObject, name: string): string | null {
  const value = input[name]
  return typeof value === 'string' ? value : null
}
