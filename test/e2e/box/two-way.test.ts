/** Real Claude Code in a session, and a phone that has ntfy and Telegram: whatever answers first counts, everywhere. */
import { readFile, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { type NtfyPhone, startStandIn as startNtfy } from '../../unit/server/push/services/ntfy.ts'
import {
  OWNER,
  startStandIn as startTelegram,
  type TelegramPhone,
} from '../../unit/server/push/services/telegram.ts'
import { createWorld, until, type World } from '../world.ts'

const push = (branch: string) => [
  { tools: [{ name: 'Bash', input: { command: `git push -q origin HEAD:${branch}` } }] },
  { text: `That was ${branch}.` },
]
const BRANCHES = ['one', 'two', 'three', 'four', 'five']
const scripts = Object.fromEntries(BRANCHES.map((branch) => [`push-${branch}`, push(branch)]))

let ntfy: NtfyPhone
let telegram: TelegramPhone
let world: World
let dir: string

beforeAll(async () => {
  ntfy = await startNtfy()
  telegram = await startTelegram()
  world = await createWorld({
    scripts,
    // Whoever has just used the keyboard is not rung for half a minute, and a crowd gets one push: not here.
    config: {
      notifications: {
        ...ntfy.notifications,
        ...telegram.notifications,
        attention: { grace: 0, batch: 20 },
      },
    },
  })
  dir = await world.project('app')
  await world.must('start', dir, '--no-attach', '-p', 'push-one')
})
afterAll(async () => {
  await world?.destroy()
  await ntfy?.recorder.close()
  await telegram?.recorder.close()
})

/** Where the push about that is, as it stands in the app. */
const inTelegram = (words: string) =>
  until(`${words} in Telegram`, async () => {
    const at = telegram.shown().findIndex(({ message }) => message.includes(words))
    return at >= 0 && { at, message: telegram.messages.filter((one) => one.text.includes(words)).at(-1) }
  })
const inNtfy = (words: string) =>
  until(`${words} in ntfy`, async () => {
    const at = ntfy
      .shown()
      .filter(({ title }) => title !== 'Not taken')
      .findIndex(({ message }) => message.includes(words))
    return at >= 0 && { at }
  })
const isGoneFromNtfy = (words: string) =>
  until(
    `${words} to go from ntfy`,
    async () => !ntfy.visible().some(({ message }) => message.includes(words)),
  )
const saysInTelegram = (words: string, end: RegExp) =>
  until(`${end} in Telegram`, async () =>
    telegram.messages.some(
      ({ text, reply_markup: markup }) =>
        text.includes(words) && end.test(text) && markup?.inline_keyboard.length === 0,
    ),
  )
const askOf = (branch: string) =>
  until(`the question about ${branch}`, async () =>
    (await world.asks()).find(({ input }) => String(input['command']).includes(`HEAD:${branch}`)),
  )
/** Claude is idle: a text that replies to its last words in Telegram is its next prompt. */
async function prompt(last: string, next: string): Promise<void> {
  const { at } = await inTelegram(`That was ${last}.`)
  await telegram.type(at, `push-${next}`)
  await askOf(next)
}

test("a button in Telegram lets the tool run, ends the message in ntfy, and tells ntfy's late tap", async () => {
  const { at } = await inTelegram('HEAD:one')
  const late = await inNtfy('HEAD:one')
  await telegram.tap(at, 'Yes', OWNER + 1)
  await telegram.tap(at, 'Yes')
  await until('the push to arrive', () => world.pushed(dir, 'one'))
  await world.ask({ state: 'answered', answered_by: 'telegram', device: 'Anna @anna_b', result: 'applied' })
  await saysInTelegram('HEAD:one', /Answered Yes by telegram/)
  await isGoneFromNtfy('HEAD:one')
  await ntfy.tap?.(late.at, 'No')
  await until('the late tap to be told', async () => ntfy.shown().find(({ title }) => title === 'Not taken'))
  expect(telegram.told.slice(0, 2)).toEqual([expect.stringContaining('not among'), 'Yes.'])
})

test('a button over the topic of ntfy keeps the tool from running', async () => {
  await prompt('one', 'two')
  await ntfy.tap?.((await inNtfy('HEAD:two')).at, 'No')
  const ask = await askOf('two')
  await world.ask({ id: ask.id, state: 'answered', answered_by: 'ntfy', answer: 'deny', result: 'applied' })
  await saysInTelegram('HEAD:two', /Answered No by ntfy/)
  expect(await world.pushed(dir, 'two')).toBeNull()
})

test('words that reply to the question in Telegram reach Claude verbatim', async () => {
  const words = 'No "pushes" today, use a branch; see §4 — thanks 🙏'
  await prompt('two', 'three')
  await telegram.type((await inTelegram('HEAD:three')).at, words)
  await until('the words in the request to the model', async () =>
    world.model.toolResults().some((one) => JSON.stringify(one).includes(JSON.stringify(words).slice(1, -1))),
  )
  expect(await world.pushed(dir, 'three')).toBeNull()
})

test('the keyboard ends both messages, and a tap after it is told', async () => {
  await prompt('three', 'four')
  const { at } = await inTelegram('HEAD:four')
  const tapLate = telegram.hold(at, 'No')
  await (await world.sitDown('app')).answer('1')
  await until('the push to arrive', () => world.pushed(dir, 'four'))
  await isGoneFromNtfy('HEAD:four')
  await saysInTelegram('HEAD:four', /Answered at the keyboard/)
  // An app that has not heard of the end yet still shows the button.
  const before = telegram.told.length
  await tapLate()
  await until('the late tap to be told', async () => telegram.told.length > before)
  expect(telegram.told.slice(before)).toEqual([expect.stringMatching(/already answered|keyboard/)])
})

test('without a topic for answers the button of ntfy comes to this machine, and a second one is refused', async () => {
  const file = world.configFile
  const config = parse(await readFile(file, 'utf8'))
  delete config.notifications.ntfy.reply_topic
  await writeFile(file, stringify(config))
  await prompt('four', 'five')
  const { at } = await inNtfy('HEAD:five')
  await ntfy.tap?.(at, 'Yes')
  expect(ntfy.pressed()).toBeNull()
  await until('the push to arrive', () => world.pushed(dir, 'five'))
  await ntfy.tap?.(at, 'No')
  expect(ntfy.pressed()).toMatch(/already answered: allow, by ntfy/)
  expect([ntfy.broken, telegram.broken, telegram.unanswered()]).toEqual([[], [], 0])
})
