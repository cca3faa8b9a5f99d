/** The demo itself: one question, one answer, and what came of it. */

import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { renderUnicodeCompact } from 'uqr'
import { createOwnerClient } from '../../server/client.ts'
import type { AskView } from '../../server/protocol.ts'
import { CommandError } from '../cli/errors.ts'
import type { Output } from '../cli/output.ts'
import { type Box, createBox } from '../house/box.ts'
import type { House } from '../house/house.ts'
import { createHouseResponder } from '../house/responder.ts'
import { startSession } from '../sessions/start.ts'
import { startScriptedModel } from './scripted-model.ts'
import { createDemoWorld, DEMO_COMMAND, DEMO_PROMPT, type DemoWorld } from './world.ts'

type Scene = { house: House; output: Output; answer: 'allow' | 'deny' | null; signal: AbortSignal }

const SCRIPT = [
  {
    text: 'I will push it.',
    tools: [{ name: 'Bash', input: { command: DEMO_COMMAND, description: 'Push the branch' } }],
  },
  { text: 'That was the demo.' },
]

/** How long Claude may take to come up and ask, in milliseconds; the first start after a build is slow. */
const FIRST_ASK_MS = 90_000
const RESULT_MS = 30_000
const PAGE_MS = 30_000

/** Plays it and cleans up, whatever happens. Throws when the outcome is not what was answered. */
export async function playDemo({ house, output, answer, signal }: Scene): Promise<void> {
  const model = await startScriptedModel({ scripts: { [DEMO_PROMPT]: SCRIPT } })
  const world = await createDemoWorld(house, model.port)
  const box = createBox(world.house)
  const responder = createHouseResponder(world.house, { box, log: () => {}, onStop: () => {} })
  try {
    await responder.start()
    await playIn(world, { box, output, answer, signal })
  } finally {
    for (const session of await box.sessions.list({ all: true }).catch(() => []))
      await box.sessions.kill(session)
    await responder.stop()
    await execa('tmux', ['-L', world.house.config.tmux.socket_name, 'kill-server'], { reject: false })
    await model.close()
    await world.remove()
  }
}

type Stage = Omit<Scene, 'house'> & { box: Box }

async function playIn(world: DemoWorld, { box, output, answer, signal }: Stage): Promise<void> {
  const client = createOwnerClient(world.house.paths.ownerSocket)
  output.print('A scripted model asks the real Claude Code, in a real container, to run:')
  output.print(`    ${output.paint('bold', DEMO_COMMAND)}`)
  const wanted = { dir: world.project, prompt: DEMO_PROMPT, claudeArgs: [] }
  const { session, notices } = await startSession(world.house, box, wanted, client)
  for (const notice of notices) output.note(`  ${notice}`)

  const ask = await untilAsk(
    async () => (await client.asks(false)).find((one) => one.kind === 'permission'),
    {
      what: 'the question',
      forMs: FIRST_ASK_MS,
      signal,
    },
  )
  output.print(`Claude Code asks ${Date.now() - session.createdAt} ms after its container was made.`)
  if (answer === null) invite(ask, box, session.name, output)
  else {
    output.print(`Answering it: ${answer}`)
    await client.answer(ask.id, { answer, ...(answer === 'deny' && { message: 'Not today.' }) })
  }
  const ended = await untilAsk(() => findEnded(client, ask.id), { what: 'an answer', forMs: null, signal })
  await conclude(world, ended, output, signal)
  if (ended.answered_by === 'page') await leavePage(output, signal)
}

/** Whoever answered on the page is still looking at it, and it goes with the demo's responder. */
async function leavePage(output: Output, signal: AbortSignal): Promise<void> {
  const over = new AbortController()
  const until = { signal: AbortSignal.any([signal, over.signal]) }
  const isKeyboard = process.stdin.isTTY === true
  output.print(
    `The page shows what came of it, for half a minute more${isKeyboard ? ' or until you press Enter' : ''}.`,
  )
  const enter = isKeyboard ? [once(process.stdin, 'data', until)] : []
  await Promise.race([sleep(PAGE_MS, undefined, until), ...enter]).catch(() => {})
  over.abort()
  process.stdin.pause()
}

function invite(ask: AskView, box: Box, name: string, output: Output): void {
  output.print(`\nAnswer it here, with a browser or a phone that reaches this machine:\n\n    ${ask.url}\n`)
  if (ask.url !== null && output.isTerminal) output.print(renderUnicodeCompact(ask.url))
  output.print(`or at the keyboard: ${box.terminal.attachArgv(name).join(' ')}\n`)
}

async function findEnded(
  client: ReturnType<typeof createOwnerClient>,
  id: string,
): Promise<AskView | undefined> {
  return (await client.asks(true)).find(
    (one) =>
      (one.id === id && one.state !== 'pending' && one.result !== null) ||
      (one.id === id && one.state === 'superseded'),
  )
}

/** The truth is in the repository that was to be pushed to, not in what anybody says. */
async function conclude(world: DemoWorld, ask: AskView, output: Output, signal: AbortSignal): Promise<void> {
  const who = ask.state === 'answered' ? `${ask.answer} (${ask.answered_by}), ${ask.result}` : ask.because
  output.print(`Answered: ${who}`)
  const isExpected = ask.state === 'answered' ? ask.answer !== 'deny' : null
  const commit =
    isExpected === false ? await quietly(world) : await untilPushed(world, isExpected === true, signal)
  if (commit !== null) output.print(`${DEMO_COMMAND} ran: origin has commit ${commit.slice(0, 12)}.`)
  else output.print(`${DEMO_COMMAND} did not run: origin has nothing.`)
  if (isExpected !== null && isExpected !== (commit !== null)) {
    throw new CommandError(
      'demo-failed',
      'That is not what was answered.',
      'Please report what is printed above.',
    )
  }
}

/** A denied command gets a moment in which it could wrongly run. */
async function quietly(world: DemoWorld): Promise<string | null> {
  await sleep(2_000)
  return await world.pushed()
}

async function untilPushed(world: DemoWorld, isSure: boolean, signal: AbortSignal): Promise<string | null> {
  const end = Date.now() + (isSure ? RESULT_MS : 3_000)
  for (;;) {
    const commit = await world.pushed()
    if (commit !== null || Date.now() > end) return commit
    await sleep(200, undefined, { signal })
  }
}

type Patience = { what: string; forMs: number | null; signal: AbortSignal }

async function untilAsk(
  look: () => Promise<AskView | undefined>,
  { what, forMs, signal }: Patience,
): Promise<AskView> {
  const end = forMs === null ? Number.POSITIVE_INFINITY : Date.now() + forMs
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (Date.now() > end) {
      const remedy = 'Run rc demo again; if it stays so, report it with the output of docker logs.'
      throw new CommandError('demo-failed', `Waited ${forMs} ms for ${what}.`, remedy)
    }
    await sleep(200, undefined, { signal })
  }
}
