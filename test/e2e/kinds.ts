/** Every kind of question, and every kind of answer to it. Played by kinds.test.ts. */
import { join } from 'node:path'
import type { Step } from '../../bin/demo/scripted-model.ts'
import { planSteps } from '../../bin/doctor/claude/plan-steps.ts'
import type { AskKind } from '../../server/protocol.ts'
import { askUser, COLOUR, LAYOUT, PARTS } from './questions.ts'

const PLAN = '# Move the log\n\n1. Write **it**, and `ls`.\n2. Test it.\n'
const PLAN_SHOWN = ['<p class="heading">Move the log</p>', '<b>it</b>', '<code>ls</code>', 'Test it.']
const APPROVED = /^"User has approved your plan\..*# Move the log\\n\\n1\. Write/
const NOTES = 'Make it shorter, and keep "this".'

const bash = (command: string) => ({ name: 'Bash', input: { command } })
/** What the model does, by the word in the prompt. */
export const scripts: Record<string, Step[]> = {
  'make-it': [{ tools: [bash('touch made.txt')] }, { text: 'Done.' }],
  'ask-me': [{ tools: [askUser(COLOUR, PARTS)] }, { text: 'Done.' }],
  compare: [{ tools: [askUser(LAYOUT)] }, { text: 'Done.' }],
  'plan-it': [...planSteps(PLAN), { text: 'Done.' }],
  'plan-nothing': [{ tools: [{ name: 'ExitPlanMode', input: {} }] }, { text: 'Done.' }],
  // The server needs a moment to connect (2.1.197).
  'fill-in': [
    { tools: [bash('sleep 2')] },
    { tools: [{ name: 'mcp__lab__ask', input: {} }] },
    { text: 'Done.' },
  ],
}
const MCP = JSON.stringify({
  mcpServers: {
    lab: { command: process.execPath, args: [join(import.meta.dirname, '../fixtures/mcp/form-server.mjs')] },
  },
})
/** How Claude is started for them. */
export const ARGS: Record<string, string[]> = {
  'plan-it': ['--permission-mode', 'plan'],
  'plan-nothing': ['--permission-mode', 'plan'],
  'fill-in': ['--mcp-config', MCP, '--dangerously-skip-permissions'],
}
const WORDS = 'Nein: "so" nicht – nimm {etwas} 🙂'

/** A question, an answer to it in three ways, and what has to come of it. */
export type Answer = {
  prompt: string
  kind: AskKind
  page: [string, string][]
  cli: string[]
  /** Absent where the keyboard has no way to say it. */
  keys?: string[]
  /** What has to be so in the end: a file that was made or not, and what the model was told. */
  file?: string
  noFile?: string
  told?: RegExp
  notTold?: RegExp
  /** What the page has to show before it is answered. */
  shown?: string[]
  /** What the screen says in the end. */
  mode?: RegExp
}

export const ANSWERS: Record<string, Answer> = {
  'a Yes': {
    prompt: 'make-it',
    kind: 'permission',
    page: [['answer', 'allow']],
    cli: ['allow'],
    keys: ['1'],
    file: 'made.txt',
  },
  'a No': {
    prompt: 'make-it',
    kind: 'permission',
    page: [['answer', 'deny']],
    cli: ['deny'],
    keys: ['2'],
    noFile: 'made.txt',
  },
  'a No with words': {
    prompt: 'make-it',
    kind: 'permission',
    page: [
      ['answer', 'deny'],
      ['message', WORDS],
    ],
    cli: ['deny', '-m', WORDS],
    noFile: 'made.txt',
    told: /Nein: \\?"so\\?" nicht – nimm \{etwas\} 🙂/,
  },
  'a changed command': {
    prompt: 'make-it',
    kind: 'permission',
    page: [
      ['answer', 'allow edited'],
      ['edited', 'echo changed > other.txt'],
    ],
    cli: ['allow', '--edit', 'echo changed > other.txt'],
    file: 'other.txt',
    noFile: 'made.txt',
  },
  'two questions': {
    prompt: 'ask-me',
    kind: 'question',
    page: [
      ['answer', 'allow'],
      ['choice-0', '1'],
      ['choice-1', '0'],
      ['choice-1', '2'],
    ],
    cli: ['allow', '--choice', 'Which colour?=Blue', '--choice', 'Which parts=Auth, Log'],
    keys: ['2', '1', '3', 'Tab', '1'],
    told: /Blue.*Auth, Log/s,
  },
  'a question with previews': {
    prompt: 'compare',
    kind: 'question',
    page: [
      ['answer', 'allow'],
      ['choice-0', '1'],
    ],
    cli: ['allow', '--choice', 'Tall'],
    keys: ['2', 'Enter'],
    told: /Which layout\?\\?"=\\?"Tall\\?" selected preview:\\n\+--\+--\+\\n\|tall \|/,
  },
  'a plan': {
    prompt: 'plan-it',
    kind: 'plan',
    page: [['answer', 'allow']],
    cli: ['allow'],
    keys: ['1'],
    shown: PLAN_SHOWN,
    told: APPROVED,
  },
  'a plan, with a mode': {
    prompt: 'plan-it',
    kind: 'plan',
    page: [['answer', 'allow mode acceptEdits']],
    cli: ['allow', '--mode', 'acceptEdits'],
    shown: PLAN_SHOWN,
    told: APPROVED,
    mode: /accept edits on/,
  },
  'a plan, each of whose edits is asked about': {
    prompt: 'plan-it',
    kind: 'plan',
    page: [['answer', 'allow mode default']],
    cli: ['allow', '--mode', 'default'],
    keys: ['2'],
    shown: PLAN_SHOWN,
    told: APPROVED,
    mode: /manual mode on|\? for shortcuts/,
  },
  'notes on a plan': {
    prompt: 'plan-it',
    kind: 'plan',
    page: [
      ['answer', 'deny'],
      ['message', NOTES],
    ],
    cli: ['deny', '-m', NOTES],
    keys: ['3', NOTES, 'Enter'],
    shown: PLAN_SHOWN,
    told: /Make it shorter, and keep/,
    notTold: /approved/,
    mode: /plan mode on/,
  },
  'a plan without text': {
    prompt: 'plan-nothing',
    kind: 'plan',
    page: [['answer', 'allow']],
    cli: ['allow'],
    keys: ['1'],
    shown: ['Claude has written no plan.'],
    told: /^"User has approved exiting plan mode\./,
  },
  'a form': {
    prompt: 'fill-in',
    kind: 'form',
    page: [
      ['answer', 'allow'],
      ['field-0', 'green'],
      ['field-1', '2'],
    ],
    cli: ['allow', '--field', 'colour=green', '--field', 'count=2'],
    told: /accept.*green/s,
  },
}
