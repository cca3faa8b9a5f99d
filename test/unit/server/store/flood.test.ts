/** A real responder beside a session that opens long questions and takes them back, as fast as it can. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createDoor } from '../../../../hooks/client/door.ts'
import { type RunningResponder, startResponderProgram } from '../../../program/start.ts'
import { aDraft } from '../asks.ts'
import { databaseBytes, openAndWithdraw, peakMemory, startPhone } from './flood.ts'

const MB = 1024 * 1024
let root: string
let gates: string[]
let phone: Awaited<ReturnType<typeof startPhone>>
let responder: RunningResponder

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'rc-flood-'))
  gates = ['hostile', 'other'].map((name) => join(root, name))
  phone = await startPhone()
  responder = await startResponderProgram({ stateDir: join(root, 's'), gates, webhook: phone.url })
}, 30_000)
afterEach(async () => {
  await responder.kill()
  phone.close()
  rmSync(root, { recursive: true })
})

test('58 questions of 3.5 MB leave the phone, the disk and the memory alone, and another session is heard', async () => {
  const idle = peakMemory(responder.pid)
  const flood = openAndWithdraw(gates[0] as string, 58, 3_500_000)
  const { status } = await createDoor({ gate: gates[1] as string })('POST', '/asks', aDraft(), 10_000)
  const statuses = await flood
  expect(status).toBe(201)
  await expect.poll(() => phone.pushes().filter(({ title }) => title?.startsWith('session-1')).length).toBe(1)
  expect(statuses.filter((one) => one === 201).length).toBeLessThanOrEqual(5)
  expect(phone.pushes().length).toBeLessThanOrEqual(6)
  expect(databaseBytes(join(root, 's'))).toBeLessThan(32 * MB)
  // 360 MB without the limits, 150 MB with them; what a garbage collector takes is nobody's promise.
  expect(peakMemory(responder.pid) - idle).toBeLessThan(250 * MB)
}, 60_000)

test('short ones by the hundred are pushed twenty times, and what another session asks meanwhile is pushed', async () => {
  const flood = openAndWithdraw(gates[0] as string, 150, 10)
  const other = createDoor({ gate: gates[1] as string })
  for (let number = 0; number < 5; number++) await other('POST', '/asks', aDraft(), 10_000)
  const statuses = await flood
  const of = (session: string) => phone.pushes().filter(({ title }) => title?.startsWith(session)).length
  await expect.poll(() => of('session-1')).toBe(5)
  expect(of('session-0')).toBeLessThanOrEqual(21)
  expect(statuses.filter((one) => one === 429).length).toBeGreaterThan(80)
}, 60_000)
