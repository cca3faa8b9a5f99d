/** One question and everything that happens to it, chosen by chance; and what must be true of it whatever that was. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { OwnerClient } from '../../server/client.ts'
import type { AskView } from '../../server/protocol.ts'
import { type ClaudeModel, startClaudeModel } from './claude-model.ts'
import type { Random } from './random.ts'

/** What a phone was told: the status, null when the connection broke. */
export type Tap = { answer: 'allow' | 'deny'; isStale: boolean; status: number | null }
export type Story = {
  command: string
  events: string[]
  taps: Tap[]
  claude: ReturnType<ClaudeModel['seen']>
}

type World = {
  owner: OwnerClient
  gate: string
  script: string
  home: string
  /** An ask that has ended, whose link and digest are stale. */
  old(): AskView | undefined
  toPhone(url: string): string
}

/** Plays one; resolves when Claude has gone on, or has died. */
export async function play(command: string, random: Random, world: World): Promise<Story> {
  const events: string[] = []
  const taps: Tap[] = []
  const { home, gate, script } = world
  const claude = startClaudeModel({ home, gate, script, command, toolMs: random.pick([0, 5, 60, 700]) })
  const note = (event: string) => events.push(`${Date.now() % 1_000_000} ${event}`)

  const view = await findAsk(world.owner, command)
  const tap = async (answer: Tap['answer'], kind: 'good' | 'other-digest' | 'old-link', asJson: boolean) => {
    const old = world.old()
    const target = kind === 'old-link' ? old : view
    const digest = kind === 'other-digest' ? (old?.digest ?? 'none') : target?.digest
    const isStale = kind !== 'good' && digest !== view?.digest
    if (target?.url == null || digest === undefined) return
    const status = await post(world.toPhone(target.url), { answer, digest }, asJson)
    note(`tap ${answer} ${kind} -> ${status}`)
    if (kind !== 'old-link') taps.push({ answer, isStale, status })
    else if (status === 303 || status === 200) taps.push({ answer, isStale: true, status })
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
    'session dies': async () => claude.die(),
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
  // Whoever has not been answered yet is answered at the keyboard in the end.
  await Promise.race([claude.hookEnded, sleep(250)])
  await sleep(30)
  if (claude.seen().decided === null) {
    const key = random.pick(['yes', 'no'] as const)
    note(`keyboard ${key} in the end`)
    void claude.press(key)
  }
  await claude.hookEnded
  return { command, events, taps, claude: claude.seen() }
}

const LIKELY = [
  ...['allow', 'allow', 'allow', 'deny', 'deny', 'double tap', 'two phones', 'stale digest', 'old link'],
  ...['keyboard yes', 'keyboard yes', 'keyboard no', 'hook dies', 'session dies'],
]

/** Null when the hook gave up before it could ask. */
async function findAsk(owner: OwnerClient, command: string): Promise<AskView | null> {
  const end = Date.now() + 4_000
  while (Date.now() < end) {
    const asks = await owner.asks(true).catch(() => [])
    const ask = asks.find(({ input }) => input['command'] === command)
    if (ask !== undefined) return ask
    await sleep(15)
  }
  return null
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

/** What is wrong with a story and the ask as it is shown in the end; empty when all is well. */
export function violations({ taps, claude }: Story, ask: AskView | undefined): string[] {
  const { decided, ran, isDead } = claude
  const wrong: string[] = []
  const must = (isTrue: boolean, sentence: string) => {
    if (!isTrue) wrong.push(sentence)
  }
  const taken = taps.filter(({ status }) => status === 303 || status === 200)
  const byPerson = (answer: Tap['answer']) =>
    taps.some((tap) => !tap.isStale && tap.answer === answer && (tap.status === null || taken.includes(tap)))
  must(!ran || decided === 'keyboard-yes' || byPerson('allow'), 'a tool ran that nobody allowed')
  must(decided !== 'hook-deny' || byPerson('deny'), 'a hook denied what nobody denied')
  must(
    taken.every(({ isStale }) => !isStale),
    'an answer that was given to something else was taken',
  )
  must(taken.length <= 1, 'two answers to one question were both taken')
  if (ask === undefined) return [...wrong, ...(taken.length > 0 ? ['an answered question is gone'] : [])]

  must(!decided?.startsWith('hook') || ask.state === 'answered', 'a hook printed what the desk never said')
  if (decided === 'hook-allow') must(ask.answer === 'allow', 'a hook allowed what the desk denied')
  if (decided === 'hook-deny') must(ask.answer === 'deny', 'a hook denied what the desk allowed')
  must(taken.length === 0 || ask.state === 'answered', 'an answer was taken and the question says otherwise')
  if (taken.length === 1) must(ask.answer === taken[0]?.answer, 'another answer is shown than the one taken')
  if (ask.result === 'applied') {
    must(
      ran === (ask.answer === 'allow'),
      `the page says ${ask.answer} was applied, and the tool ${ran ? 'ran' : 'did not run'}`,
    )
  }
  if (ask.result === 'not-applied')
    must(!decided?.startsWith('hook'), 'the page says not applied, and it was')
  must(ask.state !== 'pending' || isDead || decided !== null, 'a question is open that nobody waits for')
  must(
    !(decided?.startsWith('keyboard') && ask.state === 'superseded') || ask.because !== 'newer',
    'a question ended for a wrong reason',
  )
  return wrong
}
