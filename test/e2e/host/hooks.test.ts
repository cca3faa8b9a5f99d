import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { type ScriptedModel, startScriptedModel } from '../../../bin/demo/scripted-model.ts'
import { NEWEST, OLDEST } from '../claude-binary.ts'
import { createSupervision, type Supervision } from '../hook-scripts.ts'
import { type HostClaude, startHostClaude } from '../host-claude.ts'
import { askUser, COLOUR } from '../questions.ts'
import { until } from '../until.ts'

const touch = (file: string) => ({ name: 'Bash', input: { command: `touch ${file}` } })
const scripts = {
  'make-it': [{ tools: [touch('made.txt')] }, { text: 'Made.' }],
  'take-your-time': [
    { tools: [{ name: 'Bash', input: { command: 'touch other.txt && sleep 6 && echo > made.txt' } }] },
    { text: 'Made.' },
  ],
  'use-an-agent': [
    {
      tools: [
        {
          name: 'Agent',
          input: { description: 'make a file', prompt: 'make-it', subagent_type: 'general-purpose' },
        },
      ],
    },
    { text: 'The agent has done it.' },
  ],
  // The server needs a moment to connect (2.1.197).
  'fill-in': [
    { tools: [{ name: 'Bash', input: { command: 'sleep 2' } }] },
    { tools: [{ name: 'mcp__lab__ask', input: {} }] },
    { text: 'Thanks.' },
  ],
  'ask-me': [{ tools: [askUser(COLOUR)] }, { text: 'Thanks.' }],
}
const MCP = JSON.stringify({
  mcpServers: {
    lab: {
      command: process.execPath,
      args: [join(import.meta.dirname, '../../fixtures/mcp/form-server.mjs')],
    },
  },
})
const approvals = { ask: ['Bash(touch *)', 'Bash(never *)'] }

describe.each([NEWEST, OLDEST])('our hooks in Claude Code %s', (version) => {
  let model: ScriptedModel
  let supervision: Supervision
  let claude: HostClaude

  async function begin(
    prompt: string,
    options: { responder?: boolean; approvals?: object; mcp?: boolean } = {},
  ) {
    model = await startScriptedModel({ scripts })
    supervision = await createSupervision({ ...approvals, ...options.approvals })
    if (options.responder !== false) await supervision.start()
    const args = options.mcp ? ['--mcp-config', MCP, '--dangerously-skip-permissions'] : []
    claude = await startHostClaude({
      version,
      modelUrl: model.url,
      settings: supervision.settings,
      prompt,
      args,
    })
  }
  const isMade = () => existsSync(join(claude.project, 'made.txt'))
  const made = () =>
    until(
      'the tool to run',
      async () => isMade(),
      async () => `${await claude.screen()}\n${JSON.stringify(await supervision.client.asks(true))}`,
      15_000,
    )

  afterEach(async () => {
    await claude.stop()
    await supervision.destroy()
    await model.close()
  })

  test('allow lets the tool run and is reported as applied', async () => {
    await begin('make-it')
    const ask = await supervision.pending()
    expect(ask).toMatchObject({ kind: 'permission', tool: 'Bash', input: { command: 'touch made.txt' } })
    expect(isMade()).toBe(false)
    await supervision.client.answer(ask.id, { answer: 'allow' })
    await made()
    await until('the result', async () => (await supervision.ended(ask.id)).result === 'applied')
  })

  test('a tool that runs for long counts as allowed while it runs', async () => {
    await begin('take-your-time')
    const ask = await supervision.pending()
    await supervision.client.answer(ask.id, { answer: 'allow' })
    await until('the result', async () => (await supervision.ended(ask.id)).result === 'applied')
    expect(isMade()).toBe(false)
  })

  test('of a No and the Yes of the keyboard at the same moment, what is said is what happened', async () => {
    await begin('make-it')
    const ask = await supervision.pending()
    await claude.dialogStands()
    await Promise.allSettled([claude.press('1'), supervision.client.answer(ask.id, { answer: 'deny' })])
    await claude.shows(/Made\./)
    const { state, result } = await until('what came of it', async () => {
      const seen = await supervision.ended(ask.id)
      return (seen.state !== 'answered' || (seen.result ?? 'unconfirmed') !== 'unconfirmed') && seen
    })
    expect({ made: isMade(), state, result }).toEqual(
      isMade()
        ? {
            made: true,
            ...(state === 'answered'
              ? { state, result: 'not-applied' }
              : { state: 'superseded', result: null }),
          }
        : { made: false, state: 'answered', result: 'applied' },
    )
  })

  test('a denial that stops Claude ends the turn', async () => {
    await begin('make-it')
    const ask = await supervision.pending()
    await supervision.client.answer(ask.id, { answer: 'deny', stop: true })
    await claude.shows(/Interrupted/)
    await until('the result', async () => (await supervision.ended(ask.id)).result === 'applied')
    expect(isMade()).toBe(false)
  })

  test('a subagent waits for its answer as well', async () => {
    await begin('use-an-agent')
    const ask = await until('the question of the agent', async () =>
      (await supervision.client.asks(false)).find(({ kind }) => kind === 'permission'),
    )
    expect(ask).toMatchObject({ tool: 'Bash', input: { command: 'touch made.txt' } })
    await supervision.client.answer(ask.id, { answer: 'allow' })
    await made()
    await until('the result', async () => (await supervision.ended(ask.id)).result === 'applied')
  })

  test('a denial reaches the model with its words verbatim and the tool does not run', async () => {
    await begin('make-it')
    const words = 'Nein: "nicht" so – nimm {lieber} <etwas> anderes 🙂'
    await supervision.client.answer((await supervision.pending()).id, { answer: 'deny', message: words })
    await until('the tool result', async () =>
      model.toolResults().some((one) => String(one.content).includes(words)),
    )
    expect(isMade()).toBe(false)
  })

  test('Yes at the keyboard withdraws the ask', async () => {
    await begin('make-it')
    const ask = await supervision.pending()
    await claude.answer('1')
    await made()
    expect(await supervision.ended(ask.id)).toMatchObject({
      state: 'superseded',
      because: 'ended-in-session',
    })
  })

  test('Esc at the keyboard withdraws the ask', async () => {
    await begin('make-it')
    const ask = await supervision.pending()
    await claude.answer('Escape')
    expect(await supervision.ended(ask.id)).toMatchObject({
      state: 'superseded',
      because: 'ended-in-session',
    })
    expect(isMade()).toBe(false)
  })

  test('an answer given while the responder was away for a moment still arrives', async () => {
    await begin('make-it')
    const ask = await supervision.pending()
    await supervision.stop()
    await supervision.start()
    await supervision.client.answer(ask.id, { answer: 'allow' })
    await made()
  })

  test('without a responder the dialog works as ever', async () => {
    await begin('make-it', { responder: false })
    await claude.answer('1')
    await made()
  })

  test('after the deadline the dialog stays and the keyboard decides', async () => {
    await begin('make-it', { approvals: { timeout: 3 } })
    const ask = await supervision.pending()
    expect(await supervision.ended(ask.id)).toMatchObject({ state: 'expired' })
    await claude.answer('1')
    await made()
  })

  test.each([
    [
      'filled in',
      { answer: 'allow', content: { colour: 'green', count: 2 } },
      '"action":"accept","content":{"colour":"green","count":2}',
    ],
    ['declined', { answer: 'deny' }, '"action":"decline"'],
  ] as const)('a form of an MCP server is %s', async (_, answer, words) => {
    await begin('fill-in', { mcp: true })
    const ask = await supervision.pending()
    expect(ask).toMatchObject({ kind: 'form', text: 'Which colour?', input: { server: 'lab', mode: 'form' } })
    await supervision.client.answer(ask.id, answer)
    await until('the result of the tool', async () =>
      model
        .toolResults()
        .some((one) => JSON.stringify(one.content).includes(JSON.stringify(words).slice(1, -1))),
    )
    await until('the result', async () => (await supervision.ended(ask.id)).result === 'applied')
  })

  test('a question is answered by a choice', async () => {
    await begin('ask-me')
    const ask = await supervision.pending()
    expect(ask.kind).toBe('question')
    await supervision.client.answer(ask.id, { answer: 'allow', choices: { 'Which colour?': 'Blue' } })
    await until('the answer', async () =>
      model.toolResults().some((one) => String(one.content).includes('Blue')),
    )
    await until('the result', async () => (await supervision.ended(ask.id)).result === 'applied')
  })
})
