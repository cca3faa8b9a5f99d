/** The Stop script and the witness that it leaves, beside a Claude that is a file and a responder that is a list. */
import { spawn, spawnSync } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { buildHookScripts } from '../../../../setup/build/hook-scripts.ts'

const scripts = mkdtempSync(join(tmpdir(), 'rc-stop-'))
let gate: string
let server: Server | null
let calls: { path: string; body: unknown }[]

beforeAll(async () => {
  await buildHookScripts({ outdir: scripts })
})
afterAll(() => rmSync(scripts, { recursive: true }))
beforeEach(() => {
  gate = mkdtempSync(join(tmpdir(), 'rc-gate-'))
  mkdirSync(join(gate, 'sessions'))
  server = null
  calls = []
  vi.stubEnv('CLAUDE_CONFIG_DIR', gate)
  // It lives as long as this test does.
  vi.stubEnv('CLAUDE_PID', String(process.pid))
})
afterEach(async () => {
  rmSync(join(gate, 'sessions'), { recursive: true, force: true })
  for (const pid of witnesses()) process.kill(pid)
  await vi.waitFor(() => expect(witnesses()).toEqual([]), 5_000)
  vi.unstubAllEnvs()
  server?.closeAllConnections()
  server?.close()
  rmSync(gate, { recursive: true })
})

const claudeIs = (status: string) =>
  writeFileSync(join(gate, `sessions/${process.pid}.json`), JSON.stringify({ status }))

const witnesses = (): number[] =>
  spawnSync('pgrep', ['-f', `witness.cjs --gate ${gate}`], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter(Boolean)
    .map(Number)

async function respond(statusOfTurn = 204): Promise<void> {
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => {
      calls.push({ path: request.url ?? '', body: JSON.parse(body) })
      if (request.url !== '/asks') return void response.writeHead(statusOfTurn).end()
      response.writeHead(201).end('{"v":1,"id":"abc234","deadline":0,"slice_ms":1000}')
    })
  })
  await new Promise<void>((resolve) => server?.listen(join(gate, 'hooks.sock'), resolve))
}

async function stop(): Promise<{ code: unknown; stdout: string; log: string }> {
  const log = join(gate, 'log')
  const args = [join(scripts, 'stop.cjs'), '--gate', gate, '--log', log]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  let stdout = ''
  child.stdout.on('data', (chunk) => (stdout += chunk))
  child.stdin.end(
    JSON.stringify({
      session_id: 's',
      cwd: '/',
      last_assistant_message: 'Done.',
      transcript_path: join(gate, 't.jsonl'),
    }),
  )
  const code = await new Promise((resolve) => child.once('close', resolve))
  return { code, stdout, log: existsSync(log) ? readFileSync(log, 'utf8') : '' }
}

const turn = (word: string) => ({ path: '/asks/abc234/turn', body: { turn: word } })
const says = async (word: string) => {
  await vi.waitFor(() => expect(calls.slice(1)).toEqual([turn(word)]), 10_000)
  await vi.waitFor(() => expect(witnesses()).toEqual([]), 5_000)
}
const SILENT = { code: 0, stdout: '', log: '' }

test('a stop of a Claude that is busy until it is idle is watched, and the script does not wait for that', async () => {
  await respond()
  claudeIs('busy')
  expect(await stop()).toEqual(SILENT)
  expect(calls).toMatchObject([{ path: '/asks', body: { text: 'Done.', input: { watched: true } } }])
  claudeIs('idle')
  await says('over')
})

test('a Claude that speaks again after its stop went on', async () => {
  await respond()
  claudeIs('busy')
  await stop()
  const line = { type: 'assistant', isSidechain: false, timestamp: new Date().toISOString() }
  appendFileSync(join(gate, 't.jsonl'), `${JSON.stringify(line)}\n`)
  await says('went-on')
})

test.each([
  ['has no registry', () => {}],
  ['is idle already', () => claudeIs('idle')],
  [
    'writes another registry than we know',
    () => writeFileSync(join(gate, `sessions/${process.pid}.json`), '[]'),
  ],
])('a stop of a Claude that %s is not watched', async (_, happens) => {
  await respond()
  happens()
  expect(await stop()).toEqual(SILENT)
  expect(calls).toMatchObject([{ path: '/asks', body: { input: {} } }])
  expect(witnesses()).toEqual([])
})

test('nobody is left watching where nobody listens', async () => {
  claudeIs('busy')
  const { code, stdout, log } = await stop()
  expect([code, stdout]).toEqual([0, ''])
  expect(log.trim().split('\n')).toHaveLength(1)
  await vi.waitFor(() => expect(witnesses()).toEqual([]), 5_000)
})

test('a responder that is away when the turn is over is told when it is back', async () => {
  await respond()
  claudeIs('busy')
  await stop()
  server?.closeAllConnections()
  await new Promise((resolve) => server?.close(resolve))
  claudeIs('idle')
  await respond()
  await says('over')
})

test('a responder that does not know that word is told once', async () => {
  await respond(404)
  claudeIs('busy')
  await stop()
  claudeIs('idle')
  await says('over')
})
