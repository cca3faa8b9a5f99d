/** The responder is killed while a push waits for its tap, while it reads, and while it escalates: nothing lost, nothing twice. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createOwnerClient } from '../../../server/client.ts'
import { type RunningResponder, startResponderProgram } from '../../program/start.ts'
import { type NtfyPhone, startStandIn as startNtfy } from '../../unit/server/push/services/ntfy.ts'
import {
  startStandIn as startTelegram,
  type TelegramPhone,
} from '../../unit/server/push/services/telegram.ts'
import { until } from '../until.ts'

let folder: string
let ntfy: NtfyPhone
let telegram: TelegramPhone
let responder: RunningResponder | null
let attention: object

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rcp-'))
  attention = {}
  responder = null
  ntfy = await startNtfy()
  telegram = await startTelegram()
})
afterEach(async () => {
  await responder?.kill()
  await ntfy.recorder.close()
  await telegram.recorder.close()
  rmSync(folder, { recursive: true })
})

const gate = () => join(folder, 'g')
const clockFile = () => join(folder, 'clock')
const owner = () => createOwnerClient(join(folder, 's', 'owner.sock'))
/** Also where one runs already: that one is killed, whatever it does. */
async function restart(
  services: object = { ...ntfy.notifications, ...telegram.notifications },
): Promise<void> {
  await responder?.kill()
  responder = await startResponderProgram({
    ...{ stateDir: join(folder, 's'), gates: [gate()], clockFile: clockFile(), hurry: 10 },
    notifications: { ...services, attention: { grace: 0, ...attention } },
  })
}

/** Opens an ask as a hook does, and gives its id. */
function open(command: string): Promise<string> {
  const draft = {
    ...{ v: 1, kind: 'permission', key: randomUUID(), tool: 'Bash', input: { command } },
    ...{ context: { claude_session: 'c', cwd: '/' }, client_wait_ms: 3_600_000 },
  }
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' }
    const call = request(
      { socketPath: join(gate(), 'hooks.sock'), method: 'POST', path: '/asks', headers },
      (response) => {
        let text = ''
        response.on('data', (chunk) => (text += chunk)).on('end', () => resolve(JSON.parse(text).id))
      },
    )
    call.on('error', reject).end(JSON.stringify(draft))
  })
}
const answered = (id: string) =>
  until(`the answer of ${id}`, async () => {
    const ask = await owner().ask(id)
    return ask?.state === 'answered' && ask
  })
const count = (shown: { message: string }[], command: string) =>
  shown.filter(({ message }) => message.includes(command)).length
const isPushed = (command: string) =>
  until(
    `the pushes of ${command}`,
    async () => count(ntfy.shown(), command) > 0 && count(telegram.shown(), command) > 0,
  )

test('a tap in Telegram that came while nobody read counts once, and is told', async () => {
  await restart()
  const id = await open('make one')
  await isPushed('make one')
  await responder?.kill()
  await telegram.tap(0, 'Yes')
  await restart()
  expect(await answered(id)).toMatchObject({ answer: 'allow', answered_by: 'telegram' })
  await until('the tap to be told', async () => telegram.told.length > 0)
  expect([telegram.told, telegram.unanswered()]).toEqual([['Yes.'], 0])
  expect(count(telegram.shown(), 'make one')).toBe(1)
})

test('a tap that counted, but was neither told nor shown before the kill, is told and shown after it', async () => {
  await restart()
  const id = await open('make one')
  await isPushed('make one')
  telegram.recorder.next.push('no answer', 'no answer')
  await telegram.tap(0, 'Yes')
  await answered(id)
  await until('the responder to tell and to show it', async () => telegram.recorder.next.length === 0)
  await restart()
  await until('the tap to be told', async () => telegram.told.length > 0)
  await until('the message to change', async () => telegram.messages[0]?.isEdited)
  expect(telegram.told).toEqual([expect.stringContaining('already answered: allow, by telegram')])
  expect(telegram.messages[0]).toMatchObject({ reply_markup: { inline_keyboard: [] } })
  expect(await owner().ask(id)).toMatchObject({ answer: 'allow', answered_by: 'telegram' })
  expect([telegram.unanswered(), telegram.broken]).toEqual([0, []])
})

test('a tap that was read before the kill, and is handed over once more, changes nothing', async () => {
  await restart()
  const id = await open('make one')
  await isPushed('make one')
  await telegram.tap(0, 'No')
  await answered(id)
  await restart()
  const next = await open('make two')
  await isPushed('make two')
  await telegram.tap(1, 'Yes')
  expect(await answered(next)).toMatchObject({ answer: 'allow' })
  expect(await owner().ask(id)).toMatchObject({ answer: 'deny', answered_by: 'telegram' })
  const audit = await owner().audit(0)
  expect(audit.filter((entry) => entry.event === 'answered' && entry.ask === id)).toHaveLength(1)
})

test('a button of ntfy that was pressed while the stream was down counts when it is up again', async () => {
  await restart()
  const id = await open('make one')
  await isPushed('make one')
  await responder?.kill()
  await ntfy.tap?.(0, 'No')
  await restart()
  expect(await answered(id)).toMatchObject({ answer: 'deny', answered_by: 'ntfy' })
  expect(count(ntfy.shown(), 'make one')).toBe(1)
})

test('a step of the escalation rings once, whenever the responder is killed', async () => {
  attention = { escalate: [{ after: '2m', to: 'telegram' }] }
  await restart()
  const id = await open('make one')
  await until('the first push', async () => count(ntfy.shown(), 'make one') > 0)
  await restart()
  expect(count(telegram.shown(), 'make one')).toBe(0)
  // Two minutes later, by the clock that it looks at.
  await responder?.kill()
  writeFileSync(clockFile(), String(130_000))
  await restart()
  await until('the step', async () => count(telegram.shown(), 'make one') > 0)
  await until('the push to be written down', async () => ((await owner().ask(id))?.pushes ?? []).length === 2)
  await restart()
  // What comes later rings, so what was due before has had its turn.
  await open('make two')
  await until('the next push', async () => count(ntfy.shown(), 'make two') > 0)
  expect([count(ntfy.shown(), 'make one'), count(telegram.shown(), 'make one')]).toEqual([1, 1])
})
