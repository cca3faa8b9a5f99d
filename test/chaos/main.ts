/**
 * Taps, keys, deaths and restarts in any order, over real hook processes, a real responder and a model of Claude's
 * dialog. Run with: npm run test:chaos [-- --seed N] [--rounds N] [--real N] [--only K]
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { HOOK_EVENTS } from '../../hooks/events/index.ts'
import { createOwnerClient } from '../../server/client.ts'
import type { AskView } from '../../server/protocol.ts'
import { startResponderProgram } from '../program/start.ts'
import { play, type Story, violations } from './interleaving.ts'
import { createRandom } from './random.ts'
import { playTui } from './tui.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    rounds: { type: 'string' },
    only: { type: 'string' },
    real: { type: 'string' },
  },
})
const seed = Number(values.seed ?? Date.now() % 1_000_000)
const rounds = Number(values.rounds ?? 2_000)
const real = Number(values.real ?? 160)
/** Questions that are played over one responder, and at the same time. */
const [PER_WORLD, AT_ONCE] = [40, 8]
/** The result of an answer follows it within two seconds in the common case; later ones may stay unconfirmed. */
const SETTLE_MS = 2_500

const folder = mkdtempSync(join(tmpdir(), 'rcc-'))
const counts = new Map<string, number>()
const count = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1)
const print = (line: string) => process.stdout.write(`${line}\n`)

await build({
  entryPoints: [...HOOK_EVENTS.map(({ script }) => script), 'witness'].map((name) =>
    join(import.meta.dirname, `../../hooks/${name}.ts`),
  ),
  outdir: join(folder, 'hooks'),
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node24',
})

/** Plays the questions from `first` on over one responder, which is killed now and then; gives what went wrong. */
async function playWorld(first: number, size: number): Promise<string[]> {
  const random = createRandom(seed + first * 7_919)
  const root = join(folder, String(first))
  const stateDir = join(root, 's')
  const clockFile = join(root, 'clock')
  const gates = Array.from({ length: AT_ONCE }, (_, index) => join(root, 'g', String(index)))
  mkdirSync(root, { recursive: true })
  const start = (port?: number) =>
    startResponderProgram({ stateDir, gates, clockFile, ...(port !== undefined && { port }) })
  let responder = await start()
  const port = Number(new URL(responder.phoneUrl).port)
  const owner = createOwnerClient(join(stateDir, 'owner.sock'))
  const ended: AskView[] = []
  const stories: Story[] = []
  let isOver = false

  const trouble = (async () => {
    while (!isOver) {
      await sleep(150 + random.below(1_200))
      if (isOver) return
      if (random.chance(0.6)) {
        count('responder killed')
        await responder.kill()
        await sleep(random.below(250))
        responder = await start(port)
      } else {
        count('clock jumps')
        writeFileSync(clockFile, String(random.pick([-3_600_000, 0, 0, 300_000, 700_000, 3_600_000])))
      }
    }
  })()

  let next = first
  const play1 = async (lane: number) => {
    while (next < first + size) {
      const number = next++
      const story = await play(`touch chaos-${number}`, createRandom(seed + number), {
        owner,
        gate: gates[lane] ?? '',
        script: join(folder, 'hooks/permission-request.cjs'),
        home: join(root, `h${number}`),
        old: () => ended.at(-1),
        toPhone: (url) => url,
      })
      stories.push(story)
      const asks = await owner.asks(true).catch(() => [])
      const ask = asks.findLast(({ state }) => state !== 'pending')
      if (ask !== undefined) ended.push(ask)
    }
  }
  await Promise.all(gates.map((_, lane) => play1(lane)))
  isOver = true
  await trouble
  await sleep(SETTLE_MS)
  const before = await owner.asks(true)
  await responder.kill()
  responder = await start(port)
  const after = await owner.asks(true)
  await responder.kill()
  return stories.flatMap((story) => {
    const of = (asks: AskView[]) => asks.filter(({ input }) => input['command'] === story.command)
    const [ask, ...others] = of(before)
    count(`Claude: ${story.claude.isDead ? 'died' : (story.claude.decided ?? 'undecided')}`)
    count(`question: ${ask === undefined ? 'never asked' : `${ask.state} ${ask.result ?? ''}`.trim()}`)
    const wrong = violations(story, ask)
    if (others.length > 0) wrong.push('one call was asked about twice')
    const again = of(after)[0]
    if (ask?.state !== 'pending' && (again?.state !== ask?.state || again?.answer !== ask?.answer))
      wrong.push('a question that had ended is another one after a restart')
    if (wrong.length === 0) return []
    const facts = { taps: story.taps, claude: story.claude, ask }
    return [
      `${story.command}: ${wrong.join('; ')}\n  ${story.events.join('\n  ')}\n  ${JSON.stringify(facts)}`,
    ]
  })
}

print(`seed ${seed}, ${rounds} interleavings, ${real} with the real Claude Code`)
const startedAt = Date.now()
const wrong: string[] = []
for (let first = 0; first < rounds; first += PER_WORLD) {
  if (values.only !== undefined && !(Number(values.only) >= first && Number(values.only) < first + PER_WORLD))
    continue
  wrong.push(...(await playWorld(first, Math.min(PER_WORLD, rounds - first))))
}
const hooksDir = join(folder, 'hooks')
const [one, other] = ['2.1.330', '2.1.197'].map((version, index) =>
  real === 0 || values.only !== undefined
    ? []
    : playTui({ version, seed: seed + index, rounds: Math.ceil(real / 2), hooksDir, count }),
)
wrong.push(...((await one) ?? []), ...((await other) ?? []))
rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 300 })
for (const [what, number] of [...counts].sort()) print(`${String(number).padStart(6)}  ${what}`)
for (const one of wrong) print(`VIOLATION ${one}`)
print(`${wrong.length} violations in ${Math.round((Date.now() - startedAt) / 1000)} s, seed ${seed}`)
process.exitCode = wrong.length === 0 ? 0 : 1
