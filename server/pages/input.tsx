/** A tool's whole input, as text that cannot pretend to be part of the page. */
import { showHidden, summary } from '../preview.ts'
import type { AskView, JsonObject } from '../protocol.ts'
import { type DiffLine, diffLines } from './diff.ts'

/** What is shown of an ask's input; nothing is left out. */
export function ToolInput({ ask }: { ask: AskView }) {
  const { tool, input } = ask
  const description = textOf(input, 'description')
  return (
    <>
      {tool === 'Bash' && description !== null && (
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
          <Diff label="New content" lines={diffLines('', textOf(input, 'content') ?? '')} />
          <Others input={input} without={['file_path', 'content']} />
        </>
      )
    case 'Edit':
      return (
        <>
          <Text label="File" text={text} />
          <Diff
            label={input['replace_all'] === true ? 'Change, everywhere in the file' : 'Change'}
            lines={diffLines(textOf(input, 'old_string') ?? '', textOf(input, 'new_string') ?? '')}
          />
          <Others input={input} without={['file_path', 'old_string', 'new_string', 'replace_all']} />
        </>
      )
    case 'WebFetch':
      return (
        <>
          <Address url={text} />
          <Others input={input} without={['url']} />
        </>
      )
    default:
      return <McpOrOther tool={tool} input={input} />
  }
}

function McpOrOther({ tool, input }: { tool: string | null; input: JsonObject }) {
  const [, server, name] = /^mcp__(.+?)__(.+)$/s.exec(tool ?? '') ?? []
  return (
    <>
      {server !== undefined && (
        <p>
          The tool <b>{showHidden(name ?? '')}</b> of the MCP server <b>{showHidden(server)}</b>
        </p>
      )}
      <Text label={server === undefined ? 'Input' : 'Arguments'} text={JSON.stringify(input, null, 2)} />
    </>
  )
}

/** The host is what counts, and looks can deceive: it stands apart, as computers spell it. */
function Address({ url }: { url: string }) {
  const host = URL.canParse(url) ? new URL(url).host : null
  return (
    <>
      <h2>Host</h2>
      <p class="deed">{showHidden(host ?? 'This is no address that can be read.')}</p>
      <Text label="Address" text={url} />
    </>
  )
}

const SIGNS = { '+': 'new', '-': 'gone', ' ': 'same' } as const
const SPOKEN = { '+': 'added: ', '-': 'removed: ', ' ': '' } as const

function Diff({ label, lines }: { label: string; lines: DiffLine[] }) {
  return (
    <>
      <h2>{label}</h2>
      <pre class="diff" tabindex={0}>
        {lines.map(({ sign, text }) => (
          <span class={SIGNS[sign]}>
            <i aria-hidden="true">{sign}</i>
            <span class="spoken">{SPOKEN[sign]}</span>
            {showHidden(text)}
            {'\n'}
          </span>
        ))}
      </pre>
    </>
  )
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
