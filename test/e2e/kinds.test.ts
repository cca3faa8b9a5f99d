/** Every kind of question of the real Claude Code, answered on the page, with rc answer, and at the keyboard. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterEach, describe, expect, test } from 'vitest'
import { type ScriptedModel, startScriptedModel } from '../../bin/demo/scripted-model.ts'
import type { AskKind, AskView } from '../../server/protocol.ts'
import { createSupervision, type Supervision } from './hook-scripts.ts'
import { type HostClaude, startHostClaude } from './host-claude.ts'
import { askUser, COLOUR, LAYOUT, PARTS } from './questions.ts'
import { until } from './until.ts'

const bash = (command: string) => ({ name: 'Bash', input: { command } })
const scripts = {
  'make-it': [{ tools: [bash('touch made.txt')] }, { text: 'Done.' }],
  'ask-me': [{ tools: [askUser(COLOUR, PARTS)] }, { text: 'Done.' }],
  compare: [{ tools: [askUser(LAYOUT)] }, { text: 'Done.' }],
  'plan-it': [{ tools: [{ name: 'ExitPlanMode', input: {} }] }, { text: 'Done.' }],
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
const ARGS: Record<string, string[]> = {
  'plan-it': ['--permission-mode', 'plan'],
  'fill-in': ['--mcp-config', MCP, '--dangerously-skip-permissions'],
}
const WORDS = 'Nein: "so" nicht – nimm {etwas} 🙂'

type Answer = {
  prompt: keyof typeof scripts
  kind: AskKind
  page: [string, string][]
  cli: string[]
  /** Absent where the keyboard has no way to say it. */
  keys?: string[]
  /** What has to be so in the end: a file that was made or not, and what the model was told. */
  file?: string
  noFile?: string
  told?: RegExp
}
const ANSWERS: Record<string, Answer> = {
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
    told: /approved|proceed|exit/i,
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

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe.each(['2.1.330', '2.1.197'])('Claude Code %s', (version) => {
  let model: ScriptedModel
  let supervision: Supervision
  let claude: HostClaude

  async function begin(prompt: string) {
    model = await startScriptedModel({ scripts })
    supervision = await createSupervision({ ask: ['Bash(touch *)'] })
    await supervision.start()
    const args = ARGS[prompt] ?? []
    claude = await startHostClaude({
      version,
      modelUrl: model.url,
      settings: supervision.settings,
      prompt,
      args,
    })
    return await until('the question', async () => (await supervision.client.asks(false))[0], claude.screen)
  }
  afterEach(async () => {
    await claude.stop()
    await supervision.destroy()
    await model.close()
  })

  async function check({ file, noFile, told }: Answer) {
    const isHere = (name: string) => existsSync(join(claude.project, name))
    if (file !== undefined) await until(`${file} to be made`, async () => isHere(file), claude.screen)
    if (told !== undefined) {
      const results = () => model.toolResults().map(({ content }) => JSON.stringify(content))
      await until(`${told} to be told`, async () => results().some((one) => told.test(one)), claude.screen)
    }
    if (noFile !== undefined) expect(isHere(noFile)).toBe(false)
  }
  const isApplied = (ask: AskView) =>
    until('the result', async () => (await supervision.ended(ask.id)).result === 'applied')

  test.each(Object.entries(ANSWERS))('%s is given on the page', async (_, answer) => {
    const ask = await begin(answer.prompt)
    expect(ask.kind).toBe(answer.kind)
    const body = new URLSearchParams([['digest', ask.digest], ...answer.page])
    const response = await fetch(ask.url ?? '', { method: 'POST', body, redirect: 'manual' })
    expect([response.status, response.status === 303 ? '' : await response.text()]).toEqual([303, ''])
    await check(answer)
    await isApplied(ask)
  })

  test.each(Object.entries(ANSWERS))('%s is given with rc answer', async (_, answer) => {
    const ask = await begin(answer.prompt)
    const done = await execa('./bin/rc', ['answer', ask.id, ...answer.cli], {
      env: supervision.env,
      reject: false,
    })
    expect([done.exitCode, done.stderr]).toEqual([0, ''])
    await check(answer)
    await isApplied(ask)
  })

  const typed = Object.entries(ANSWERS).filter(([, { keys }]) => keys !== undefined)
  test.each(typed)('%s is given at the keyboard, and the question is over', async (_, answer) => {
    const ask = await begin(answer.prompt)
    await claude.shows(/❯ 1\. /)
    const [first = '', ...others] = answer.keys ?? []
    const before = await claude.screen()
    // A dialog that has only just been drawn may not take its first key (2.1.330).
    await until('the dialog to take a key', async () => {
      await claude.press(first)
      await pause(400)
      return (await claude.screen()) !== before
    })
    for (const key of others) {
      await pause(150)
      await claude.press(key)
    }
    await check(answer)
    expect(await supervision.ended(ask.id)).toMatchObject({
      state: 'superseded',
      because: 'answered-at-keyboard',
    })
  })
})
