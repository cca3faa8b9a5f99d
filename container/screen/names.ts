/**
 * Which of Claude's dialogs a screen shows. Pure. The words are those of 2.1.197 and 2.1.330.
 *
 * A name stands on the title and on the words of the choices. The agent can write neither: its words are in the body of
 * a dialog, indented, but for a question of its own, which is known by what stands below it.
 */
import type { DialogOption } from './choices.ts'

export type DialogName =
  | 'permission'
  | 'question'
  | 'plan'
  | 'form'
  | 'auto'
  | 'trust'
  | 'bypass'
  | 'api-key'
  | 'mcp-server'
  | 'login'
  | 'usage-limit'
  | 'exit'

type Seen = { title: string; question: string; options: DialogOption[]; footer: string }

/** The name for what is seen; null for a dialog that we do not know. */
export function nameOf(seen: Seen): DialogName | null {
  if (isQuestion(seen)) return 'question'
  if (/^MCP server “.*” requests your input$/.test(seen.title)) return 'form'
  if (isPlanQuestion(seen.question)) return 'plan'
  const labels = seen.options.map(({ label }) => label)
  const known = KNOWN.find(({ title, choices }) => title.test(seen.title) && fits(labels, choices))
  if (known !== undefined) return known.name
  return isPermission(seen, labels)
}

/** Its question, wherever it stands; for most dialogs the last words above the choices. */
export function questionOf(name: DialogName | null, title: string, paragraphs: string[]): string {
  const words = KNOWN.find((known) => known.name === name)?.question
  if (words === undefined) return paragraphs.at(-1) ?? ''
  return paragraphs.find((paragraph) => words.test(paragraph)) ?? title
}

/** Whether these are the words between a plan and its choices. */
export function isPlanQuestion(words: string): boolean {
  return words.startsWith('Claude has written up a plan and is ready to execute')
}

const TEXT_ROW =
  /^(?:Type something\.?|Tell Claude what to change|(?:Yes|No), and tell Claude what to do (?:next|differently))$/

/** The choices with those marked that take text, whatever has been typed into them already. */
export function markText(name: DialogName | null, options: DialogOption[]): DialogOption[] {
  const last = options.length - 1
  const chat = name === 'question' && options[last]?.label === 'Chat about this' ? last - 1 : -1
  const notes = name === 'plan' && last > 1 ? last : -1
  return options.map((option, index) => ({
    ...option,
    isText: index === chat || index === notes || TEXT_ROW.test(option.label.replace(/^\[.\] /, '')),
  }))
}

/** Its own question is in the first column, so the agent can draw a rule and a title there, but nothing below. */
function isQuestion({ title, options, footer }: Seen): boolean {
  if (footer.startsWith('Enter to select ·')) return true
  if (options.at(-1)?.label === 'Chat about this') return true
  return /^← {2}[☐☒] .* ✔ Submit {2}→$/.test(title)
}

/** `choices` are the words of all, in any order, or the first words of the first ones. */
type Known = {
  name: DialogName
  title: RegExp
  choices: { all: string[] } | { first: string[] }
  question?: RegExp
}

const KNOWN: Known[] = [
  {
    name: 'trust',
    title: /^Accessing workspace:$/,
    choices: { all: ['No, exit', 'Yes, I trust this folder'] },
    question: /^Quick safety check/,
  },
  {
    name: 'bypass',
    title: /^WARNING: Claude Code running in Bypass Permissions mode$/,
    choices: { all: ['No, exit', 'Yes, I accept'] },
    question: /^By proceeding/,
  },
  {
    name: 'api-key',
    title: /^Detected a custom API key in your environment$/,
    choices: { all: ['Yes', 'No (recommended)'] },
  },
  {
    name: 'mcp-server',
    title: /^New MCP server found in this project: /,
    choices: { first: ['Use this MCP server', 'Use this and all future MCP servers'] },
    question: /^New MCP server/,
  },
  { name: 'login', title: /^Login$/, choices: { first: ['Claude account', 'Anthropic Console account'] } },
  { name: 'usage-limit', title: /^What do you want to do\?$/, choices: { first: ['Stop'] } },
  { name: 'exit', title: /^Background work is running$/, choices: { first: ['Exit and stop tasks'] } },
  // The notice before the first dialog of auto mode (2.1.330). It has no choices, only keys.
  {
    name: 'auto',
    title: /^Auto mode can't check actions in this session$/,
    choices: { all: ['stay in auto mode', 'leave for accept edits mode and stop', 'cancel'] },
  },
  { name: 'plan', title: /^Ready to code\?$/, choices: { first: ['Yes'] } },
  { name: 'plan', title: /^Exit plan mode\?$/, choices: { first: ['Yes'] } },
]

function fits(labels: string[], choices: Known['choices']): boolean {
  if ('all' in choices) {
    return labels.length === choices.all.length && choices.all.every((one) => labels.includes(one))
  }
  return labels.length > 1 && choices.first.every((start, index) => labels[index]?.startsWith(start))
}

/** Auto mode (2.1.330) asks a person without numbers and offers No first. */
function isPermission({ title, question, options }: Seen, labels: string[]): 'permission' | 'auto' | null {
  if (title === question || !question.startsWith('Do you want to ')) return null
  if (options[0]?.key === '#1') return labels.join() === 'No,Yes' ? 'auto' : null
  return labels[0] === 'Yes' && labels.at(-1)?.match(/^No(?:,|$)/) ? 'permission' : null
}
