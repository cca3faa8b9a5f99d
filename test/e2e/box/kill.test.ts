/** The responder is killed in the middle of an answer: it counts once or not at all, and never twice. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createOwnerClient } from '../../../server/client.ts'
import type { AskView } from '../../../server/protocol.ts'
import { type RunningResponder, startResponderProgram } from '../../program/start.ts'
import { until } from '../until.ts'

const ROUNDS = 25
let folder: string
let gate: string
let responder: RunningResponder

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rck-'))
  gate = join(folder, 'g')
})
afterEach(async () => {
  await responder.kill()
  rmSync(folder, { recursive: true })
})

const start = async (port?: number) => {
  responder = await startResponderProgram({
    stateDir: join(folder, 's'),
    gates: [gate],
    ...(port !== undefined && { port }),
  })
}

/** Null when the connection broke. */
function door<T>(method: string, path: string, body?: object): Promise<T | null> {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json' }
    const call = request({ socketPath: join(gate, 'hooks.sock'), method, path, headers }, (response) => {
      let text = ''
      response.on('error', () => resolve(null))
      response.on('data', (chunk) => (text += chunk))
      response.on('end', () => resolve(response.complete ? JSON.parse(text || 'null') : null))
    })
    call.on('error', () => resolve(null))
    call.end(body && JSON.stringify(body))
  })
}

/** Waits as a hook does: again and again, until there is an end. */
async function outcome(id: string): Promise<unknown> {
  return await until(`the outcome of ${id}`, async () => {
    const seen = await door<{ state: string }>('GET', `/asks/${id}/outcome`)
    return seen !== null && seen.state !== 'pending' && seen
  })
}

const tap = (url: string, answer: string, digest: string) =>
  fetch(url, { method: 'POST', body: new URLSearchParams({ answer, digest }), redirect: 'manual' }).then(
    ({ status }) => status,
    () => null,
  )

test('an answer that is cut off by kill -9 counts once or not at all', async () => {
  await start()
  const port = Number(new URL(responder.phoneUrl).port)
  const owner = createOwnerClient(join(folder, 's/owner.sock'))
  for (let round = 0; round < ROUNDS; round++) {
    const opened = await door<{ id: string }>('POST', '/asks', {
      v: 1,
      kind: 'permission',
      key: randomUUID(),
      context: { claude_session: 'c', cwd: '/' },
      tool: 'Bash',
      input: { command: `git push ${round}` },
      client_wait_ms: 600_000,
    })
    const id = opened?.id ?? ''
    const view = async () => (await owner.asks(true)).find((ask) => ask.id === id) as AskView
    const { url, digest } = await view()
    const released = outcome(id)
    const tapped = tap(url ?? '', 'allow', digest)
    await new Promise((resolve) => setTimeout(resolve, (round % 5) * 2))
    await responder.kill()
    const first = await tapped
    await start(port)

    const { state } = await view()
    if (first === 303) expect(state).toBe('answered')
    const second = await tap(url ?? '', 'deny', digest)
    expect(second).toBe(state === 'answered' ? 409 : 303)
    expect(await released).toEqual({
      state: 'answered',
      decision: { behavior: state === 'answered' ? 'allow' : 'deny' },
    })
    expect(await view()).toMatchObject({ state: 'answered', answer: state === 'answered' ? 'allow' : 'deny' })
  }
})
