/**
 * The same with the real Claude Code in tmux: question after question, each answered by phones and keys in any order, with
 * hooks and responders that die. Run by test/chaos/main.ts.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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
import { createRandom } from './random.ts'

type Run = { version: string; seed: number; rounds: number; hooksDir: string; count(what: string): void }
type Told = { answer: string; status: number | null; isStale: boolean }

const name = (round: number) => `chaos-${String(round).padStart(3, '0')}`

/** Plays `rounds` questions in one Claude; gives what went wrong. */
export async function playTui({ version, seed, rounds, hooksDir, count }: Run): Promise<string[]> {
  const random = createRandom(seed)
  const root = mkdtempSync(join(tmpdir(), 'rct-'))
  const gate = join(root, 'g')
  mkdirSync(gate)
  const task = { stateDir: join(root, 's'), gates: [gate] }
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
  const wrong: string[] = []
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
    const end = Date.now() + 700
    while (Date.now() < end && !(await isOver())) await sleep(60)
    if (!(await isOver())) await press(random.pick(['1', 'Escape']))
    await until(`the end of ${name(round)}`, isOver, claude.screen)
    const seen = await until(`the end of the question of ${name(round)}`, async () => {
      const now = (await asks()).find(({ id }) => id === ask.id)
      const isSettled = now?.state !== 'pending' && (now?.state !== 'answered' || now.result !== null)
      return (isSettled || keys.length > 0 || plan.includes('hook dies')) && now
    })
    // One whose hook has died waits a while for it to come back, and can be answered as long.
    if (seen.state !== 'pending') old = seen
    const ran = existsSync(join(claude.project, name(round)))
    const facts = { ran, hasBegun: shell.hasBegun(command), told, keys, ask: seen }
    const why = judge(facts)
    if (why.length > 0)
      wrong.push(`${version} ${command}: ${why.join('; ')}\n  ${plan.join(', ')}\n  ${JSON.stringify(facts)}`)
    count(`real Claude: ${ran ? 'ran' : 'did not run'}, ${seen.state} ${seen.result ?? ''}`.trim())
    await claude.press('C-u')
  }
  const asks = () => owner.asks(true).catch((): AskView[] => [])

  try {
    for (let round = 0; round < rounds; round++) await playRound(round)
  } finally {
    await claude.stop()
    await responder.kill()
    await model.close()
    rmSync(root, { recursive: true, force: true })
  }
  return wrong
}

/** Claude's shell, which writes down what it is started with: Esc may stop a command that has begun and done nothing yet. */
function loggingShell(folder: string) {
  const [program, log] = [join(folder, 'bash'), join(folder, 'shell.log')]
  writeFileSync(log, '')
  const script = `#!/bin/sh\nprintf '%s\\n' "$*" >> '${log}'\nexec /bin/bash "$@"\n`
  writeFileSync(program, script, { mode: 0o755 })
  return { program, hasBegun: (command: string) => readFileSync(log, 'utf8').includes(`eval '${command}' `) }
}

type Facts = { ran: boolean; hasBegun: boolean; told: Told[]; keys: string[]; ask: AskView }

/** What is wrong with one question, seen from outside. */
function judge({ ran, hasBegun, told, keys, ask }: Facts): string[] {
  const wrong: string[] = []
  const must = (isTrue: boolean, sentence: string) => {
    if (!isTrue) wrong.push(sentence)
  }
  const taken = told.filter(({ status }) => status === 303)
  const maybe = told.filter(({ status, isStale }) => !isStale && (status === 303 || status === null))
  must(
    !ran || keys.includes('1') || maybe.some(({ answer }) => answer === 'allow'),
    'a tool ran that nobody allowed',
  )
  must(
    ran || keys.includes('Escape') || maybe.some(({ answer }) => answer === 'deny'),
    'an allowed tool was lost',
  )
  must(
    taken.length <= 1 && taken.every(({ isStale }) => !isStale),
    'an answer was taken that was not the one',
  )
  if (taken.length === 1)
    must(ask.state === 'answered' && ask.answer === taken[0]?.answer, 'the page shows another answer')
  const wasStopped = hasBegun && keys.includes('Escape')
  if (ask.result === 'applied')
    must(ask.answer === 'allow' ? ran || wasStopped : !ran, 'the page says applied, and it was not')
  if (ask.result === 'not-applied') {
    must(keys.length > 0, 'the page says not applied, and nobody was at the keyboard')
    must(!ran || keys.includes('1'), 'the page says not applied, and it was')
  }
  return wrong
}
