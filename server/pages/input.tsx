/** A tool's whole input, as text that cannot pretend to be part of the page. */

import { summary } from '../claude/summary.ts'
import { knownToolName, readMcpName } from '../claude/tool-name.ts'
import type { AskView, JsonObject } from '../protocol.ts'
import { showHidden, withoutCrLf } from '../text/preview.ts'
import { type DiffLine, diffLines, foldEmpty } from './diff.ts'
import { LineCount, Shown } from './shown.tsx'

/** What is shown of an ask's input; nothing is left out. */
export function ToolInput({ ask }: { ask: AskView }) {
  const { tool, input } = ask
  const description = textOf(input, 'description')
  return (
    <>
      {tool === 'Bash' && description !== null && (
        <p class="agent">
          <span class="soft">Claude says: </span>
          <Shown text={description} />
        </p>
      )}
      {tool !== null && knownToolName(tool) === null && (
        <p class="agent">
          <span class="soft">The session calls the tool: </span>
          <q>
            <Shown text={tool} />
          </q>
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
          <Diff label="New content" before="" after={textOf(input, 'content') ?? ''} />
          <Others input={input} without={['file_path', 'content']} />
        </>
      )
    case 'Edit':
      return (
        <>
          <Text label="File" text={text} />
          <Diff
            label={input['replace_all'] === true ? 'Change, everywhere in the file' : 'Change'}
            before={textOf(input, 'old_string') ?? ''}
            after={textOf(input, 'new_string') ?? ''}
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
  const mcp = readMcpName(tool)
  return (
    <>
      {mcp !== null && (
        <p>
          The tool <b>{mcp.name}</b> of the MCP server <b>{mcp.server}</b>
        </p>
      )}
      <Text label={mcp === null ? 'Input' : 'Arguments'} text={JSON.stringify(input, null, 2)} />
    </>
  )
}

/** The host is what counts, and looks can deceive: it stands apart, as computers spell it. */
function Address({ url }: { url: string }) {
  const host = URL.canParse(url) ? new URL(url).host : null
  return (
    <>
      <h2>Host</h2>
      <p class="deed">{showHidden(host ?? 'This is not an address that can be read.')}</p>
      <Text label="Address" text={url} />
    </>
  )
}

const SIGNS = { '+': 'new', '-': 'gone', ' ': 'same' } as const
const SPOKEN = { '+': 'added: ', '-': 'removed: ', ' ': '' } as const

function Diff({ label, before, after }: { label: string; before: string; after: string }) {
  const plain = withoutCrLf([before, after])
  const [old = '', fresh = ''] = plain ?? [before, after]
  const lines = diffLines(old, fresh)
  return (
    <>
      <h2>
        {label}
        <LineCount lines={lines.length} />
      </h2>
      {plain !== null && <p class="soft">Every line end in it is CR LF.</p>}
      <pre class="diff" tabindex={0}>
        {foldEmpty(lines).map((line) => (
          <Line line={line} />
        ))}
      </pre>
    </>
  )
}

function Line({ line: { sign, text, empty } }: { line: DiffLine }) {
  return (
    <span class={SIGNS[sign]}>
      <i aria-hidden="true">{sign}</i>
      <span class="spoken">{SPOKEN[sign]}</span>
      {empty === undefined ? <Shown text={text} /> : <span class="ours">{`‹${empty} empty lines›`}</span>}
      {'\n'}
    </span>
  )
}

function Text({ label, text }: { label: string; text: string }) {
  return (
    <>
      <h2>
        {label}
        <LineCount lines={text.split('\n').length} />
      </h2>
      <pre tabindex={0}>
        <Shown text={text} />
      </pre>
    </>
  )
}

/** Every field that has not been shown before. */
export function Others({ input, without }: { input: JsonObject; without: string[] }) {
  // Only what is of the kind that its place expects has been shown there.
  const rest = Object.entries(input).filter(
    ([name, value]) =>
      !without.includes(name) || typeof value !== (name === 'replace_all' ? 'boolean' : 'string'),
  )
  if (rest.length === 0) return null
  return <Text label="Further input" text={JSON.stringify(Object.fromEntries(rest), null, 2)} />
}

function textOf(input: JsonObject, name: string): string | null {
  const value = input[name]
  return typeof value === 'string' ? value : null
}
