/** Many questions over one responder that is killed now and then and whose clock jumps. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createOwnerClient } from '../../server/client.ts'
import type { AskView } from '../../server/protocol.ts'
import { startResponderProgram } from '../program/start.ts'
import { databaseBytes, startPhone } from '../unit/server/store/flood.ts'
import { flood, isFlood } from './flooder.ts'
import { play, type Story } from './interleaving.ts'
import { violations, type Weather } from './invariants.ts'
import { createRandom } from './random.ts'

type Run = {
  seed: number
  first: number
  size: number
  folder: string
  script: string
  count(what: string): void
}

/** Questions that are asked at the same time. */
const AT_ONCE = 8
/** A hook that nobody has heard of for 90 s is gone; that many times sooner here. */
const HURRY = 15
/** How long a question may stay open, or its result unknown, when nothing happens any more. */
const SETTLE_MS = 20_000
const REMOVED = 'removed'
/** Programs of the hostile session. */
const FLOODS = 4
/** What the database may take, with a session that fills it as fast as it may. */
const MOST_BYTES = 64 * 1024 * 1024

/** Plays the questions from `first` on; resolves when they are played, with a promise of what went wrong. */
export async function playWorld(run: Run): Promise<{ settled: Promise<string[]> }> {
  const { seed, first, size, folder, script, count } = run
  const random = createRandom(seed + first * 7_919)
  const root = join(folder, String(first))
  const clockFile = join(root, 'clock')
  const stateDir = join(root, 's')
  // A session that was removed never comes back: the next question gets another one, which was not there before.
  const gates = Array.from({ length: AT_ONCE + size }, (_, index) => join(root, 'g', String(index)))
  const spare = gates.slice(AT_ONCE)
  const hostile = join(root, 'g', 'hostile')
  const phone = await startPhone()
  for (const gate of spare) {
    mkdirSync(gate, { recursive: true })
    writeFileSync(join(gate, REMOVED), '')
  }
  const start = (port?: number) =>
    startResponderProgram({
      ...{ stateDir, clockFile, hurry: HURRY, removed: REMOVED, webhook: phone.url },
      gates: [...gates, hostile],
      ...(port !== undefined && { port }),
    })
  let responder = await start()
  const port = Number(new URL(responder.phoneUrl).port)
  const owner = createOwnerClient(join(stateDir, 'owner.sock'))
  const ended: AskView[] = []
  const stories: (Story & { gate: string })[] = []
  const away: { from: number; until: number }[] = []
  const removed = new Set<string>()
  const jumps: number[] = []
  let [isAway, hasJumped] = [false, false]
  let isOver = false
  let asked = 0

  async function restart(pauseMs: number): Promise<void> {
    const from = Date.now()
    isAway = true
    await responder.kill()
    await sleep(pauseMs)
    responder = await start(port)
    isAway = false
    away.push({ from, until: Date.now() })
  }

  const trouble = (async () => {
    while (!isOver) {
      // By questions that have come up and not by time alone: on a loaded machine none would come between two restarts.
      const enough = asked + 2 + random.below(10)
      while (asked < enough && !isOver) await sleep(20)
      await sleep(random.below(300))
      if (isOver) return
      if (random.chance(0.6)) {
        count('responder killed')
        await restart(random.below(250))
      } else {
        count('clock jumps')
        hasJumped = true
        jumps.push(Date.now())
        writeFileSync(clockFile, String(random.pick([-3_600_000, 0, 0, 300_000, 700_000, 3_600_000])))
      }
    }
  })()

  /** False when the responder is away. */
  const sync = () =>
    owner.sync().then(
      () => true,
      () => false,
    )

  async function newSession(): Promise<string> {
    const gate = spare.pop() ?? ''
    rmSync(join(gate, REMOVED))
    while (!(await sync())) await sleep(50)
    return gate
  }

  const flooding = Promise.all(Array.from({ length: FLOODS }, () => flood(hostile, () => isOver, count)))
  let next = first
  const playLane = async (lane: number) => {
    let gate = gates[lane] ?? ''
    const dice = createRandom(seed + first * 7_919 + lane)
    while (next < first + size) {
      // A question to nobody is one for the keyboard, and there are more interesting ones.
      while (isAway && !dice.chance(0.01)) await sleep(40)
      const number = next++
      const story = await play(`touch chaos-${number}`, createRandom(seed + number), {
        ...{ owner, gate, script },
        home: join(root, `h${number}`),
        now: () => Date.now() + (Number(existsSync(clockFile) && readFileSync(clockFile, 'utf8')) || 0),
        old: () => ended.at(-1),
        onAsked: () => asked++,
        async remove() {
          removed.add(gate)
          writeFileSync(join(gate, REMOVED), '')
          return await sync()
        },
      })
      stories.push({ ...story, gate })
      // Where Claude has died, no other one asks and nobody presses a key: a restart is a session's end to the desk.
      if (removed.has(gate) || story.claude.isDead) gate = await newSession()
      const asks = await owner.asks(true).catch(() => [])
      const ask = asks.findLast(({ state, input }) => state !== 'pending' && !isFlood(input))
      if (ask !== undefined) ended.push(ask)
    }
  }
  await Promise.all(gates.slice(0, AT_ONCE).map((_, lane) => playLane(lane)))
  isOver = true
  await trouble
  await flooding

  const wasAway: Weather['wasAway'] = (from, until) =>
    away.some((one) => one.from < until && one.until > from)
  async function settle(): Promise<string[]> {
    const before = await settledAsks()
    await restart(0)
    const after = await owner.asks(true)
    await responder.kill()
    phone.close()
    const bytes = databaseBytes(stateDir)
    const wrong = bytes > MOST_BYTES ? [`world ${first}: the database has grown to ${bytes} bytes`] : []
    return [...wrong, ...stories.flatMap((story) => judge(story, before, after))]
  }

  /** The asks when each has ended and the result of each answer is known, or when it is too late for that. */
  async function settledAsks(): Promise<AskView[]> {
    for (const end = Date.now() + SETTLE_MS; ; ) {
      const asks = await owner.asks(true)
      const isOpen = ({ state, result }: AskView) =>
        state === 'pending' || (state === 'answered' && (result === null || result === 'unconfirmed'))
      if (!asks.some(isOpen) || Date.now() > end) return asks
      await sleep(500)
    }
  }

  function judge(story: (typeof stories)[number], before: AskView[], after: AskView[]): string[] {
    const of = (asks: AskView[]) => asks.filter(({ input }) => input['command'] === story.command)
    const [ask, ...others] = of(before)
    count(`Claude: ${story.claude.isDead ? 'died' : (story.claude.decided ?? 'undecided')}`)
    const end =
      ask === undefined ? 'never asked' : [ask.state, ask.because, ask.result].filter(Boolean).join(' ')
    count(`question: ${end}`)
    const pushedAt = phone.pushes().find(({ id }) => id === ask?.id)?.at ?? null
    const wrong = violations(story, ask, {
      wasSet: (from, until) => jumps.some((at) => at > from && at < until),
      pushedAt,
      wasAway,
      hasJumped,
      wasRemoved: removed.has(story.gate),
    })
    if (others.length > 0) wrong.push('one call was asked about twice')
    const again = of(after)[0]
    if (ask?.state !== 'pending' && (again?.state !== ask?.state || again?.answer !== ask?.answer))
      wrong.push('a question that had ended is another one after a restart')
    if (wrong.length === 0) return []
    const facts = { ...story, events: undefined, ask }
    return [
      `${story.command}: ${wrong.join('; ')}\n  ${story.events.join('\n  ')}\n  ${JSON.stringify(facts)}`,
    ]
  }
  return { settled: settle() }
}
