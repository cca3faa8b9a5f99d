/** A phone is paired, sees what a real Claude asks, answers it from the inbox, and is turned away once it is revoked. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorld, until, type World } from '../world.ts'

const scripts = {
  'push-it': [
    { tools: [{ name: 'Bash', input: { command: 'git push -q origin HEAD:topic' } }] },
    { text: 'Pushed it.' },
  ],
}
let world: World
let dir: string
let home: string
let cookie: string

beforeAll(async () => {
  world = await createWorld({ scripts })
  dir = await world.project('app')
  await world.must('start', dir, '--no-attach', '-p', 'push-it')
})
afterAll(() => world?.destroy())

const get = (path: string) => fetch(`${home}${path}`, { headers: { cookie }, redirect: 'manual' })
const post = (url: string, fields: Record<string, string>) =>
  fetch(url, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { cookie, origin: home },
    redirect: 'manual',
  })
const inbox = async () => await (await get('/')).text()

test('rc pair shows a link that pairs the browser which opens it, and no other', async () => {
  const pairing = world.rc('pair', '--yes')
  let printed = ''
  pairing.stdout?.on('data', (chunk) => {
    printed += chunk
  })
  const [link = ''] = await until('the link', async () => /http:\S+\/pair\/\S+/.exec(printed))
  home = new URL(link).origin
  expect((await fetch(link)).status).toBe(200)
  const paired = await fetch(link, { method: 'POST', redirect: 'manual' })
  cookie = (paired.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  await pairing
  expect((await get('/')).status).toBe(200)
  expect((await fetch(link, { method: 'POST', redirect: 'manual' })).status).toBe(410)
  expect((await fetch(`${home}/`, { redirect: 'manual' })).status).toBe(303)
})

test('what Claude asks is on its page, one tap lets the tool run, and the page hears that it is over', async () => {
  await until('the card', async () => (await inbox()).includes('git push -q origin HEAD:topic'))
  const events = (await get('/events')).body?.pipeThrough(new TextDecoderStream()).getReader()
  const page = await inbox()
  const [, action = ''] = /<form method="post" action="(\/a\/[^"]+)" class="thumb">/.exec(page) ?? []
  const [, digest = ''] = /name="digest" value="([^"]+)"/.exec(page) ?? []
  expect((await post(`${home}${action}`, { answer: 'allow', digest })).status).toBe(303)
  await until('the push to arrive', () => world.pushed(dir, 'topic'))
  let heard = ''
  while (!heard.includes('"html":null')) {
    const { value, done } = (await events?.read()) ?? { done: true }
    if (done) break
    heard += value
  }
  expect(heard).toContain('"html":null')
  await events?.cancel()
  await until('the second tick', async () => (await inbox()).includes('Yes, taken and applied'))
  const [device] = JSON.parse(await world.must('devices', '--json'))
  await world.ask({ state: 'answered', answered_by: 'page', device: device.name, result: 'applied' })
})

test('an idle Claude is a card with a line to reply with', async () => {
  await until('the reply', async () => /Pushed it\.[\s\S]*placeholder="Your reply"/.test(await inbox()))
})

test('a device that is revoked is turned away at once', async () => {
  await world.must('devices', 'revoke', '--all')
  expect((await get('/below')).status).toBe(401)
  expect((await get('/')).headers.get('location')).toBe('/pair')
})
