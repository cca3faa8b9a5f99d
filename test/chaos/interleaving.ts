/** One question and everything that happens to it, chosen by chance. What must be true of it is in invariants.ts. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { createDoor } from '../../hooks/client/door.ts'
import type { OwnerClient } from '../../server/client.ts'
import type { AskView } from '../../server/protocol.ts'
import { type ClaudeModel, startClaudeModel } from './claude-model.ts'
import type { Random } from './random.ts'

/** What a phone was told: the status, null when the connection broke. */
export type Tap = { answer: 'allow' | 'deny'; isStale: boolean; isPosthumous: boolean; status: number | null }
export type Story = {
  command: string
  events: string[]
  taps: Tap[]
  claude: ReturnType<ClaudeModel['seen']>
  /** When the hook was started, and when it had ended, in milliseconds since 1970. */
  hookFrom: number
  hookUntil: number
  /** It was answered at the desk, nobody was in the way, and for seconds nothing reached Claude. */
  isLost: boolean
  /** A reply went to the keys while the call waited, whose dialog the session may have hidden. */
  wasTyped: boolean
}

type World = {
  owner: OwnerClient
  gate: string
  script: string
  home: string
  /** The clock of the machine, which jumps. */
  now(): number
  /** An ask that has ended, whose link and digest are stale. */
  old(): AskView | undefined
  /** Its question has come up. */
  onAsked(): void
  /** Removes the session; false when the responder could not be told. */
  remove(): Promise<boolean>
}

/** How long an answer may be on its way to Claude, over a responder that starts again as well. */
const ON_ITS_WAY_MS = 10_000

/** Plays one; resolves when Claude has gone on, or has died. */
export async function play(command: string, random: Random, world: World): Promise<Story> {
  const events: string[] = []
  const taps: Tap[] = []
  const { owner, home, gate, script } = world
  const hookFrom = Date.now()
  const claude = startClaudeModel({
    home,
    gate,
    script,
    command,
    now: world.now,
    toolMs: random.pick([0, 5, 60, 700]),
  })
  const hookEnded = claude.hookEnded.then(() => Date.now())
  const note = (event: string) => events.push(`${Date.now() % 1_000_000} ${event}`)
  let isRemoved = false
  let isKnownRemoved = false
  let wasTyped = false

  const view = await findAsk(owner, command, hookEnded)
  if (view !== null) world.onAsked()
  const tap = async (answer: Tap['answer'], kind: 'good' | 'other-digest' | 'old-link', asJson: boolean) => {
    const old = world.old()
    const target = kind === 'old-link' ? old : view
    const digest = kind === 'other-digest' ? (old?.digest ?? 'none') : target?.digest
    const isStale = kind !== 'good' && digest !== view?.digest
    const isPosthumous = isKnownRemoved
    if (target?.url == null || digest === undefined) return
    const status = await post(target.url, { answer, digest }, asJson)
    note(`tap ${answer} ${kind} -> ${status}`)
    if (kind !== 'old-link') taps.push({ answer, isStale, isPosthumous, status })
    else if (isTaken(status)) taps.push({ answer, isStale: true, isPosthumous, status })
  }
  const door = createDoor({ gate })
  /** The session asks as if Claude were idle, and the person types the digit that is a Yes in the dialog. */
  const askToType = async () => {
    const context = { claude_session: 'x', cwd: home }
    const draft = { v: 1, kind: 'reply', key: randomUUID(), context, text: 'Shall I open 1 issue or 2?' }
    const opened = await door('POST', '/asks', draft, 2_000).catch(() => null)
    const { id } = (opened?.body ?? {}) as { id?: string }
    const isOpen = async () =>
      (await asksOf(owner)).some((one) => one.id === view?.id && one.state === 'pending')
    if (id === undefined || !(await isOpen())) return
    const code = await owner.answer(id, { answer: 'reply', message: '1' }).catch((error) => error.code)
    if (code === 'not-typed' && (await isOpen())) wasTyped = true
  }
  const deeds: Record<string, () => Promise<void>> = {
    allow: () => tap('allow', 'good', random.chance(0.3)),
    deny: () => tap('deny', 'good', random.chance(0.3)),
    'double tap': async () => {
      const answer = random.pick(['allow', 'deny'] as const)
      await Promise.all([tap(answer, 'good', false), tap(answer, 'good', true)])
    },
    'two phones': async () => {
      await Promise.all([tap('allow', 'good', false), tap('deny', 'good', false)])
    },
    'stale digest': () => tap('allow', 'other-digest', false),
    'old link': () => tap('allow', 'old-link', false),
    'keyboard yes': async () => void claude.press('yes'),
    'keyboard no': async () => void claude.press('no'),
    'hook dies': async () => claude.killHook(),
    'false claim': async () => {
      if (view === null) return
      const because = random.pick(['answered-at-keyboard', 'stopped', 'claude-ended', 'let-go', 'hook-gone'])
      await door('POST', `/asks/${view.id}/withdraw`, { because }, 2_000).catch(() => {})
    },
    'fake reply': () => askToType(),
    'session dies': async () => claude.die(),
    'session is removed': async () => {
      isRemoved = true
      if (random.chance(0.7)) claude.die()
      isKnownRemoved = await world.remove()
    },
  }
  const plan = Array.from({ length: 1 + random.below(4) }, () => ({
    at: random.pick([0, 0, 1, 3, 10, 40, 120, 260]) + random.below(6),
    what: random.pick(LIKELY),
  }))
  await Promise.all(
    plan.map(async ({ at, what }) => {
      await sleep(at)
      note(what)
      await deeds[what]?.()
    }),
  )
  const isFree = () => {
    const { decided, isDead, isHookKilled } = claude.seen()
    return decided === null && !isDead && !isHookKilled && !isRemoved
  }
  await Promise.race([hookEnded, sleep(250)])
  const isAnswered = isFree() && (await wasTaken(owner, view, taps))
  if (isAnswered) await Promise.race([hookEnded, sleep(ON_ITS_WAY_MS)])
  await sleep(30)
  const isLost = isAnswered && isFree()
  // Whoever has not been answered yet is answered at the keyboard in the end.
  if (claude.seen().decided === null) {
    const key = random.pick(['yes', 'no'] as const)
    note(`keyboard ${key} in the end`)
    void claude.press(key)
  }
  const hookUntil = await hookEnded
  return { command, events, taps, claude: claude.seen(), hookFrom, hookUntil, isLost, wasTyped }
}

const LIKELY = [
  ...['allow', 'allow', 'allow', 'deny', 'deny', 'double tap', 'two phones', 'stale digest', 'old link'],
  ...[
    'keyboard yes',
    'keyboard yes',
    'keyboard no',
    'hook dies',
    'false claim',
    'fake reply',
    'session dies',
    'session is removed',
  ],
]

export function isTaken(status: number | null): boolean {
  return status === 303 || status === 200
}

/** Null when the hook gave up before it could ask. */
async function findAsk(
  owner: OwnerClient,
  command: string,
  hookEnded: Promise<unknown>,
): Promise<AskView | null> {
  let isOver = false
  void hookEnded.then(() => {
    isOver = true
  })
  for (;;) {
    const wasOver = isOver
    const ask = (await asksOf(owner)).find(({ input }) => input['command'] === command)
    if (ask !== undefined || wasOver) return ask ?? null
    await sleep(20)
  }
}

/** Asks the desk where a phone lost its connection. */
async function wasTaken(owner: OwnerClient, view: AskView | null, taps: readonly Tap[]): Promise<boolean> {
  if (taps.some(({ status }) => isTaken(status))) return true
  if (view === null || taps.every(({ status }) => status !== null)) return false
  const asks = await asksOf(owner)
  return asks.some(({ id, state }) => id === view.id && state === 'answered')
}

/** Waits for a responder that is starting again. */
async function asksOf(owner: OwnerClient): Promise<AskView[]> {
  for (const end = Date.now() + 20_000; ; ) {
    const asks = await owner.asks(true).catch(() => null)
    if (asks !== null) return asks
    if (Date.now() > end) throw new Error('the responder has not come back')
    await sleep(30)
  }
}

async function post(url: string, fields: Record<string, string>, asJson: boolean): Promise<number | null> {
  const body = asJson ? JSON.stringify(fields) : new URLSearchParams(fields)
  const headers: Record<string, string> = asJson
    ? { 'content-type': 'application/json', accept: 'application/json' }
    : {}
  return await fetch(url, { method: 'POST', body, headers, redirect: 'manual' }).then(
    ({ status }) => status,
    () => null,
  )
}
