/**
 * The same with the real Claude Code in tmux: question after question, each answered by phones and keys in any order, with
 * hooks and responders that die. Run by test/chaos/main.ts.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { startScriptedModel } from '../../bin/demo/scripted-model.ts'
import { approvalsOptions } from '../../hooks/options.ts'
import { managedSettings } from '../../hooks/settings.ts'
import { createOwnerClient } from '../../server/client.ts'
import type { AskView } from '../../server/protocol.ts'
import { startHostClaude } from '../e2e/host-claude.ts'
import { until } from '../e2e/until.ts'
import { startResponderProgram } from '../program/start.ts'
import { loggingShell } from './logging-shell.ts'
import { createRandom } from './random.ts'
import { type Facts, judge, type Told } from './tui-judge.ts'

type Run = { version: string; seed: number; rounds: number; hooksDir: string; count(what: string): void }
type Round = { command: string; plan: string[]; id: string; facts: Facts }

/** How long an answer may be on its way to Claude. */
const ON_ITS_WAY_MS = 10_000
/** A hook that nobody has heard of for 90 s is gone; that many times sooner here. */
const HURRY = 15
/** How long a question may stay open, or its result unknown, when nothing happens any more. */
const SETTLE_MS = 20_000

const name = (round: number) => `chaos-${String(round).padStart(3, '0')}`

/** Plays `rounds` questions in one Claude; gives what went wrong. */
export async function playTui({ version, seed, rounds, hooksDir, count }: Run): Promise<string[]> {
  const random = createRandom(seed)
  const root = mkdtempSync(join(tmpdir(), 'rct-'))
  const gate = join(root, 'g')
  mkdirSync(gate)
  const task = { stateDir: join(root, 's'), gates: [gate], hurry: HURRY }
  let responder = await startResponderProgram(task)
  const port = Number(new URL(responder.phoneUrl).port)
  const owner = createOwnerClient(join(task.stateDir, 'owner.sock'))
  const scripts = Object.fromEntries(
    Array.from({ length: rounds }, (_, round) => [
      `go ${name(round)}`,
      [
        { tools: [{ name: 'Bash', input: { command: `touch ${name(round)}` } }] },
        { text: `Over ${name(round)}.` },
      ],
    ]),
  )
  const model = await startScriptedModel({ scripts })
  const places = { runner: [process.execPath], hooksDir, gate, log: join(root, 'hooks.log') }
  const approvals = approvalsOptions.parse({ ask: ['Bash(touch *)'] })
  const settings = managedSettings({ ...places, approvals })
  const shell = loggingShell(root)
  const claude = await startHostClaude({
    version,
    modelUrl: model.url,
    settings,
    variables: { SHELL: shell.program },
  })
  const played: Round[] = []
  let old: AskView | undefined
  let restarting = Promise.resolve()

  async function playRound(round: number): Promise<void> {
    const command = `touch ${name(round)}`
    await claude.type(`go ${name(round)}`)
    const ask = await until(
      `the question of ${name(round)}`,
      async () => (await asks()).find(({ input }) => input['command'] === command),
      claude.screen,
    )
    await claude.shows(/❯ 1\. Yes/)
    const told: Told[] = []
    const keys: string[] = []
    const tap = async (answer: string, target: AskView | undefined, digest = target?.digest ?? '') => {
      if (target?.url == null) return
      const body = new URLSearchParams({ answer, digest })
      const status = await fetch(target.url, { method: 'POST', body, redirect: 'manual' }).then(
        (response) => response.status,
        () => null,
      )
      told.push({ answer, status, isStale: target.id !== ask.id || digest !== ask.digest })
    }
    const press = async (key: string) => {
      // A key into the prompt would be a prompt.
      if (!/❯ 1\. Yes/.test(await claude.screen())) return
      keys.push(key)
      writeFileSync(join(gate, 'keyboard'), String(Date.now()))
      await claude.press(key)
    }
    const deeds: Record<string, () => Promise<unknown>> = {
      allow: () => tap('allow', ask),
      deny: () => tap('deny', ask),
      'double tap': () => Promise.all([tap('allow', ask), tap('allow', ask)]),
      'two phones': () => Promise.all([tap('allow', ask), tap('deny', ask)]),
      'stale tap': () => tap('allow', old),
      'other digest': () => tap('allow', ask, old?.digest ?? 'none'),
      'keyboard yes': () => press('1'),
      'keyboard no': () => press('Escape'),
      'phone yes and keyboard no': () => Promise.all([tap('allow', ask), press('Escape')]),
      'hook dies': () =>
        execa('pkill', ['-9', '-f', `permission-request.cjs --gate ${gate}`], { reject: false }),
      'responder dies': () => {
        restarting = restarting.then(async () => {
          await responder.kill()
          await sleep(random.below(150))
          responder = await startResponderProgram({ ...task, port })
        })
        return restarting
      },
    }
    const plan = Array.from({ length: 1 + random.below(3) }, () => random.pick(Object.keys(deeds)))
    for (const what of plan) count(`real Claude: ${what}`)
    await Promise.all(
      plan.map(async (what) => {
        await sleep(random.pick([0, 0, 2, 8, 30, 90]))
        await deeds[what]?.()
      }),
    )
    // Whoever has not been answered yet is answered at the keyboard in the end.
    const isOver = async () => {
      const screen = await claude.screen()
      // The first place: an interrupted prompt may stand in the box once more.
      return new RegExp(`Over ${name(round)}|Interrupted`).test(
        screen.slice(screen.indexOf(`go ${name(round)}`)),
      )
    }
    const isHookKilled = plan.includes('hook dies')
    const comesBy = async (ms: number) => {
      for (const end = Date.now() + ms; Date.now() < end; await sleep(60)) if (await isOver()) return true
      return await isOver()
    }
    const isAnswered = async () => {
      if (told.some(({ status }) => status === 303)) return true
      return (await asks()).some(({ id, state }) => id === ask.id && state === 'answered')
    }
    let isLost = false
    if (!(await comesBy(700))) {
      const isFree = keys.length === 0 && !isHookKilled
      isLost = isFree && (await isAnswered()) && !(await comesBy(ON_ITS_WAY_MS))
      if (!(await isOver())) await press(random.pick(['1', 'Escape']))
    }
    await until(`the end of ${name(round)}`, isOver, claude.screen)
    const ran = existsSync(join(claude.project, name(round)))
    const facts: Facts = { ran, hasBegun: shell.hasBegun(command), told, keys, isHookKilled, isLost }
    played.push({ command, plan, id: ask.id, facts })
    old = (await asks()).findLast(({ state }) => state !== 'pending') ?? old
    await claude.press('C-u')
  }
  const asks = () => owner.asks(true).catch((): AskView[] => [])

  /** The asks when each has ended and the result of each answer is known, or when it is too late for that. */
  async function settledAsks(): Promise<AskView[]> {
    for (const end = Date.now() + SETTLE_MS; ; await sleep(250)) {
      const all = await asks()
      const isOpen = ({ state, result }: AskView) =>
        state === 'pending' || (state === 'answered' && (result === null || result === 'unconfirmed'))
      if (!all.some(isOpen) || Date.now() > end) return all
    }
  }

  try {
    for (let round = 0; round < rounds; round++) await playRound(round)
    const ended = await settledAsks()
    return played.flatMap(({ command, plan, id, facts }) => {
      const ask = ended.find((one) => one.id === id)
      for (const what of happened(facts, ask)) count(`real Claude: ${what}`)
      const why = judge(facts, ask)
      if (why.length === 0) return []
      return [
        `${version} ${command}: ${why.join('; ')}\n  ${plan.join(', ')}\n  ${JSON.stringify({ ...facts, ask })}`,
      ]
    })
  } finally {
    await claude.stop()
    await responder.kill()
    await model.close()
    rmSync(root, { recursive: true, force: true })
  }
}

function happened({ ran, keys, isHookKilled }: Facts, ask: AskView | undefined): string[] {
  const end = [ask?.state, ask?.because, ask?.result].filter(Boolean).join(' ')
  const isByPhone = keys.length === 0 && !isHookKilled
  return [
    `${ran ? 'ran' : 'did not run'}, ${end}`,
    ...(isByPhone ? [`${ran ? 'allowed' : 'denied'} by a phone alone`] : []),
    ...(keys.length > 0 ? ['answered at the keyboard'] : []),
    ...(ask?.result === 'applied' ? ['the page says applied'] : []),
  ]
}
