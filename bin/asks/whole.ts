/** All that there is to know about one ask, as lines for a terminal. What the agent wrote has its hidden characters shown. */

import { alwaysOf } from '../../server/asks/always.ts'
import { describeOutcome, HOOK_ENDED, inTime, whoOf } from '../../server/asks/outcome-words.ts'
import { takesPlainKeys } from '../../server/asks/screen-ask.ts'
import { fieldsOf } from '../../server/claude/form-fields.ts'
import { readQuestions } from '../../server/claude/questions.ts'
import { summary } from '../../server/claude/summary.ts'
import { type AskView, type JsonObject, PLAIN_KEYS, type PushView } from '../../server/protocol.ts'
import { showHidden } from '../../server/text/preview.ts'
import { toOneLine } from '../cli/text-width.ts'

const ONLY_NO =
  'No Yes from afar can reach Claude any more. rc answer ID deny presses Esc, and Claude may ask again; allow it in its pane, with rc attach.'

/** `now` in milliseconds since 1970. */
export function describeAsk(ask: AskView, now: number): string[] {
  const time = (at: number) => new Date(at).toLocaleString()
  const about = [
    `${ask.id}  ${ask.session}  ${[ask.kind, ask.tool].filter(Boolean).join(': ')}`,
    `asked ${time(ask.created_at)}${ask.state === 'pending' ? `, open for ${inTime(ask.deadline - now)}` : ''}`,
    ...(ask.state === 'pending' && ask.url !== null ? [`page  ${ask.url}`] : []),
    ...(ask.hook_end === null ? [] : [HOOK_ENDED[ask.hook_end], ONLY_NO]),
    ...(ask.ended_at === null ? [] : [`ended ${time(ask.ended_at)}  ${whoOf(ask)}`.trimEnd()]),
    ...describeOutcome(ask, now),
    ...(ask.rules.length > 0 ? [`rules ${ask.rules.join(', ')}`] : []),
    ...(ask.untypable === null ? [] : [ask.untypable]),
    ...(ask.whole === null
      ? []
      : [`Only head and tail are kept of its ${ask.whole.bytes} bytes (SHA-256 ${ask.whole.sha256}).`]),
    ...(ask.pushes ?? []).map(pushLine),
    ...(ask.remote_control ? ['Remote Control is on, so the Claude app asks as well.'] : []),
  ]
  return [
    ...about.map(oneLine),
    // What hides in it was marked when it was found.
    ...(ask.grave === null ? [] : [toOneLine(`cannot be undone: ${ask.grave}`)]),
    ...(ask.changed === null ? [] : section(`Allowed instead, as ${ask.changed.field}`, ask.changed.value)),
    ...(ask.message === null ? [] : section('What was said', ask.message)),
    ...matterOf(ask),
    ...(ask.state === 'pending' && ask.kind === 'permission'
      ? list(
          'What always can mean',
          alwaysOf(ask).map(({ label }) => label),
        )
      : []),
  ]
}

const PUSHED = {
  taken: 'taken',
  refused: 'refused',
  unreachable: 'not reached',
  withdrawn: 'taken, and taken back in the end',
  edited: 'taken, and changed in the end',
  told: 'taken, and told that it is over',
  tapped: 'taken, and answered there',
} as const

function pushLine({ service, at, state, error, because }: PushView): string {
  const why = because === 'at-once' ? '' : ` (${because})`
  return `push  ${service}  ${new Date(at).toLocaleString()}  ${PUSHED[state]}${why}${error === null ? '' : `: ${error}`}`
}

function matterOf(ask: AskView): string[] {
  const { kind, tool, input, text } = ask
  switch (kind) {
    case 'reply':
      return section("Claude's last words", text ?? '')
    case 'plan':
      return section('The plan', summary('ExitPlanMode', input))
    case 'question':
      return readQuestions(input).flatMap((question) => [
        ...section(question.isMultiple ? 'Question, with any number of answers' : 'Question', question.text),
        ...question.options.map(({ label, description }) => item(label, description)),
      ])
    case 'form':
      return [
        ...section(`The MCP server ${String(input['server'] ?? 'without a name')} says`, text ?? ''),
        ...(input['mode'] === 'url' ? section('Address', String(input['url'] ?? '')) : []),
        ...fieldsOf(input).map((field) =>
          item(field.name, `${field.title}${field.isRequired ? ' (required)' : ''} ${field.description}`),
        ),
      ]
    case 'dialog':
      return [
        ...section('The screen as it was', String(input['screen'] ?? '')),
        ...list('Keys', keysOf(input)),
      ]
    case 'domain':
    case 'key':
      return [...section('What was seen', text ?? ''), ...section('Details', JSON.stringify(input, null, 2))]
    default:
      return callOf(tool, input)
  }
}

/** What says most of a call first, then whatever else is in it. */
function callOf(tool: string | null, input: JsonObject): string[] {
  const best = summary(tool, input)
  const rest = Object.entries(input).filter(([, value]) => value !== best)
  if (rest.length === Object.keys(input).length) return section('Input', JSON.stringify(input, null, 2))
  return [
    ...section('Call', best),
    ...rest.flatMap(([name, value]) =>
      section(name, typeof value === 'string' ? value : JSON.stringify(value, null, 2)),
    ),
  ]
}

function keysOf(input: JsonObject): string[] {
  const options = Array.isArray(input['options']) ? input['options'] : []
  const offered = options.map((one) => {
    const { key, label } = (one ?? {}) as { key?: unknown; label?: unknown }
    return `${key}: ${label}`
  })
  return [...offered, ...(takesPlainKeys({ input }) ? [`also ${PLAIN_KEYS.join(', ')}`] : [])]
}

/** Indented, so that no line of an agent's can pass for one of ours. */
function section(title: string, text: string): string[] {
  return ['', `${oneLine(title)}:`, ...showHidden(text).split('\n').map(indented)]
}

function list(title: string, items: string[]): string[] {
  return ['', `${title}:`, ...items.map((one) => item(one, ''))]
}

function item(name: string, words: string): string {
  return indented(oneLine(`- ${name}${words === '' ? '' : `: ${words}`}`))
}

function indented(line: string): string {
  return line === '' ? '' : `  ${line}`
}

function oneLine(text: string): string {
  return toOneLine(showHidden(text)).trimEnd()
}
