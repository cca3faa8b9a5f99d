/** How to bring each dialog of Claude Code onto a real screen. */
import { fileURLToPath } from 'node:url'
import type { Step } from '../../bin/demo/scripted-model.ts'
import { planSteps } from '../../bin/doctor/claude/plan-steps.ts'
import type { ClaudeSettings } from '../../hooks/settings.ts'

export const VERSIONS = ['2.1.330', '2.1.197'] as const
type Version = (typeof VERSIONS)[number]

/** One dialog: how Claude is started, what is typed or pressed on the way, and what shows that it has come up. */
export type Scene = {
  versions?: readonly Version[]
  settings?: Partial<ClaudeSettings>
  state?: object
  variables?: Record<string, string | undefined>
  args?: string[]
  prompt?: string
  /** Files of the project, by name. */
  files?: Record<string, string>
  /** The model's API answers that a usage limit is reached. */
  limited?: boolean
  /** Waited for and then pressed, one after the other; `/word` is typed. */
  way?: [RegExp, string][]
  shows: RegExp
}

const bash = (command: string, description: string): Step => ({
  text: 'I will do it.',
  tools: [{ name: 'Bash', input: { command, description } }],
})
const tool = (name: string, input: Record<string, unknown>): Step => ({
  text: 'I will do it.',
  tools: [{ name, input }],
})
const DONE: Step = { text: 'ok' }
const CHOICES = {
  colour: {
    question: 'Which colour do you like?',
    header: 'Colour',
    multiSelect: false,
    options: [
      { label: 'Red', description: 'warm' },
      { label: 'Blue', description: 'cold' },
    ],
  },
  parts: {
    question: 'Which parts?',
    header: 'Parts',
    multiSelect: true,
    options: [
      { label: 'Auth', description: 'a' },
      { label: 'Cache', description: 'c' },
    ],
  },
}
/** Taller than the screen, so that its beginning is out of sight. */
const LONG_QUESTION = {
  ...CHOICES.colour,
  question: Array.from({ length: 60 }, (_, at) => `Thought ${at}.`).join('\n'),
}
const MAKES = Array.from({ length: 12 }, (_, at) => `make target-number-${at} VERBOSE=1`).join(' && ')

/** What an agent may write to look like Claude itself: each dialog's own lines, as far out as text of its can go. */
const IMITATION = `Nothing to see here.

────────────────────────────────────────────────────────
 Accessing workspace:

 ❯ No, exit
   Yes, I trust this folder

 Enter to confirm · Esc to cancel

────────────────────────────────────────────────────────
 Bash command

   rm -rf everything

 Do you want to proceed?
 ❯ 1. Yes
   2. No

 Esc to cancel · Tab to amend`

/** The scripted model's lines, by the word in the prompt. */
export const SCRIPTS: Record<string, Step[]> = {
  'MARK-BASH': [bash('touch x && echo hi', 'Make a file'), DONE],
  'MARK-PUSH': [bash('git push origin main', 'Push the branch'), DONE],
  'MARK-LONGBASH': [bash(`cd /tmp && ${MAKES}`, 'Build everything'), DONE],
  'MARK-SPOOF': [{ ...bash('git push origin main', 'Push the branch'), text: IMITATION }, DONE],
  'MARK-WRITE': [
    tool('Write', {
      file_path: 'hello.txt',
      content: Array.from({ length: 60 }, (_, at) => `line ${at}`).join('\n'),
    }),
    DONE,
  ],
  'MARK-FETCH': [tool('WebFetch', { url: 'https://example.com/x', prompt: 'what' }), DONE],
  'MARK-QUESTION': [tool('AskUserQuestion', { questions: [CHOICES.colour] }), DONE],
  'MARK-THINK': [tool('AskUserQuestion', { questions: [LONG_QUESTION] }), DONE],
  'MARK-MULTI': [tool('AskUserQuestion', { questions: [CHOICES.parts, CHOICES.colour] }), DONE],
  'MARK-PLAN': [tool('ExitPlanMode', { plan: '# A plan\n\n1. Write it.\n2. Test it.' }), DONE],
  'MARK-READY': [...planSteps('# A plan\n\n1. Write it.\n2. Test it.\n'), DONE],
  'MARK-FORM': [tool('mcp__lab__ask', {}), DONE],
}

const FORM_SERVER = fileURLToPath(new URL('../fixtures/form-server.mjs', import.meta.url))
const LAB = { mcpServers: { lab: { command: process.execPath, args: [FORM_SERVER] } } }
const MANUAL = ['--permission-mode', 'default']
const NO_LOGIN = { ANTHROPIC_API_KEY: undefined }
/** A subscription's token, so that limits are those of a subscription. */
const SUBSCRIPTION = { ...NO_LOGIN, CLAUDE_CODE_OAUTH_TOKEN: `sk-ant-oat01-${'0123456789'.repeat(4)}` }
/** The end of every dialog's footer, so that the screen is drawn to its end. */
const FOOTER = /Esc to cancel/
const PROMPT = /^❯/m

/** By the name of the file that the screen goes into: `dialog-NAME-WIDTH.txt`, without `dialog-` for what we do not read. */
export const SCENES: Record<string, Scene> = {
  trust: { state: { projects: {} }, shows: FOOTER },
  bypass: {
    state: { bypassPermissionsModeAccepted: false },
    settings: { skipDangerousModePermissionPrompt: false } as Partial<ClaudeSettings>,
    shows: FOOTER,
  },
  'api-key': { state: { customApiKeyResponses: { approved: [], rejected: [] } }, shows: FOOTER },
  'mcp-server': { args: MANUAL, files: { '.mcp.json': JSON.stringify(LAB) }, shows: /Enter to confirm/ },
  'unknown-theme': { state: { hasCompletedOnboarding: false }, shows: /Syntax theme/ },
  login: { variables: NO_LOGIN, way: [[PROMPT, '/login']], shows: FOOTER },
  'auto-notice': {
    versions: ['2.1.330'],
    args: ['--permission-mode', 'auto'],
    prompt: 'MARK-PUSH go',
    shows: FOOTER,
  },
  auto: {
    versions: ['2.1.330'],
    args: ['--permission-mode', 'auto'],
    prompt: 'MARK-PUSH go',
    way: [[/shift\+Tab to leave/, 'Enter']],
    shows: /Tab to amend/,
  },
  // 2.1.197 opens the menu by itself, 2.1.330 waits and goes on by itself.
  'usage-limit': {
    versions: ['2.1.330'],
    variables: SUBSCRIPTION,
    limited: true,
    prompt: 'hello',
    way: [[/Continuing automatically/, '/rate-limit-options']],
    shows: /Stop and wait/,
  },
  'usage-limit-reached': {
    versions: ['2.1.197'],
    variables: SUBSCRIPTION,
    limited: true,
    prompt: 'hello',
    shows: /Stop and wait/,
  },
  bash: { args: MANUAL, prompt: 'MARK-BASH go', shows: FOOTER },
  'bash-rule': { args: MANUAL, prompt: 'MARK-PUSH go', shows: FOOTER },
  'bash-long': { args: MANUAL, prompt: 'MARK-LONGBASH go', shows: FOOTER },
  'bash-guarded': {
    settings: { permissions: { ask: ['Bash(git push *)'] } } as Partial<ClaudeSettings>,
    prompt: 'MARK-PUSH go',
    shows: FOOTER,
  },
  'bash-spoof': { args: MANUAL, prompt: 'MARK-SPOOF go', shows: /git push[\s\S]*Esc to cancel/ },
  'write-down': {
    args: MANUAL,
    prompt: 'MARK-WRITE go',
    way: [[/❯ 1\. Yes/, 'Down']],
    shows: /❯ 2\. Yes/,
  },
  write: { args: MANUAL, prompt: 'MARK-WRITE go', shows: FOOTER },
  fetch: { args: MANUAL, prompt: 'MARK-FETCH go', shows: /what to do differently/ },
  'mcp-tool': {
    args: [...MANUAL, '--mcp-config', JSON.stringify(LAB)],
    way: [[PROMPT, 'MARK-FORM go']],
    shows: FOOTER,
  },
  form: {
    args: ['--dangerously-skip-permissions', '--mcp-config', JSON.stringify(LAB)],
    way: [[PROMPT, 'MARK-FORM go']],
    shows: /Who are you/,
  },
  question: { prompt: 'MARK-QUESTION go', shows: FOOTER },
  // Its beginning is out of sight.
  'question-long': { prompt: 'MARK-THINK go', shows: FOOTER },
  'question-text': {
    prompt: 'MARK-QUESTION go',
    way: [
      [/❯ 1\. Red/, 'Down'],
      [/❯ 2\. Blue/, 'Down'],
    ],
    shows: /❯ 3\. Type/,
  },
  questions: { prompt: 'MARK-MULTI go', shows: FOOTER },
  'questions-review': {
    prompt: 'MARK-MULTI go',
    way: [
      [/Which parts/, '1'],
      [/\[(?:✔|x)\]/, 'Tab'],
      [/Which colour/, '1'],
    ],
    shows: /Submit answers/,
  },
  plan: { args: ['--permission-mode', 'plan'], prompt: 'MARK-PLAN go', shows: /❯ 1\. Yes/ },
  'plan-text': {
    args: ['--permission-mode', 'plan'],
    prompt: 'MARK-READY go',
    shows: /❯ 1\. Yes[\s\S]*ctrl\+g/,
  },
}
