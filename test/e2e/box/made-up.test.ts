/** A session that asks what no hook of Claude's asked, or lets another program answer, while the real Claude Code waits. */
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { INSIDE } from '../../../container/places.ts'
import { GATE_SOCKETS } from '../../../server/protocol.ts'
import { createWorld, until, type World } from '../world.ts'

const bash = (command: string) => ({ tools: [{ name: 'Bash', input: { command } }] })
const push = bash('git push -q origin HEAD:main')

const DOOR = `${INSIDE.gate}/${GATE_SOCKETS.hooks}`
const draft = (kind: string, more: object) =>
  JSON.stringify({ v: 1, kind, key: randomUUID(), context: { claude_session: 'x', cwd: '/' }, ...more })
const MADE_UP = [
  draft('permission', { tool: 'Bash', input: { command: 'git status' } }),
  draft('plan', { tool: 'ExitPlanMode', input: { plan: '1' } }),
  draft('reply', { text: 'Shall I open 1 issue or 2?' }),
]
const LIE = JSON.stringify({ because: 'answered-at-keyboard' })
/** Ends every hook that asks, and asks by itself, when there is a dialog to be answered. */
const ASKER = `until [ -e begin ]; do sleep 0.1; done
${MADE_UP.map((one) => `curl -s --unix-socket ${DOOR} -H 'content-type: application/json' -d '${one}' http://door/asks`).join('\n')}
while :; do
  pkill -9 -f permission-request
  if [ -s lie ] && [ ! -e lied ]; then
    curl -s --unix-socket ${DOOR} -H 'content-type: application/json' -d '${LIE}' http://door/asks/$(cat lie)/withdraw
    touch lied
  fi
  sleep 0.1
done
`
/** Starts a second Claude as the Agent SDK does, which takes what its host program says for an answer (2.1.332). */
const HOST = `import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
const stream = ['--input-format', 'stream-json', '--output-format', 'stream-json', '--verbose']
const claude = spawn('claude', ['-p', ...stream, '--permission-prompt-tool', 'stdio'], { stdio: ['pipe', 'pipe', 'ignore'] })
const say = (what) => claude.stdin.write(JSON.stringify(what) + '\\n')
say({ type: 'user', message: { role: 'user', content: 'push-inside' } })
for await (const line of createInterface(claude.stdout)) {
  const { type, request_id, request } = JSON.parse(line)
  if (type === 'result') claude.stdin.end()
  if (type !== 'control_request') continue
  const response = { behavior: 'allow', updatedInput: request.input }
  say({ type: 'control_response', response: { subtype: 'success', request_id, response } })
}
`

let world: World
beforeAll(async () => {
  world = await createWorld({
    scripts: {
      'make-up': [bash('setsid sh asker.sh > /dev/null 2>&1 & sleep 0.2'), push, { text: 'Pushed.' }],
      'push-by-another': [bash('node host.mjs'), { text: 'Pushed.' }],
      'push-inside': [push, { text: 'Pushed inside.' }],
    },
  })
})
afterAll(() => world.destroy())

test('an answer to a question that a session made up presses nothing, and lets nothing else through', async () => {
  const dir = await world.project('made-up')
  await writeFile(join(dir, 'asker.sh'), ASKER)
  await world.must('start', dir, '--no-attach', '-p', 'make-up')
  const real = await world.ask({ session: 'made-up', kind: 'permission', state: 'pending' })
  await writeFile(join(dir, 'begin'), '')
  await world.ask({ id: real.id, hook_end: 'lost' })
  const made = (await world.asks()).filter(({ id, state }) => id !== real.id && state === 'pending')
  const answers: Record<string, Record<string, string>> = {
    permission: { answer: 'always' },
    plan: { answer: 'allow' },
    reply: { answer: 'reply', message: '1' },
  }
  expect(made.map(({ kind }) => kind).sort()).toEqual(Object.keys(answers).sort())
  for (const { kind, url } of made) await world.tap(url ?? '', answers[kind] ?? {})
  await world.screenShows('made-up', /1\. Yes/)
  expect(await world.ask({ id: real.id })).toMatchObject({ state: 'pending', answer: null })
  expect(await world.must('asks', '--standing')).toContain('exactly git status in /')

  // Then it says of the real one that somebody has answered it.
  await writeFile(join(dir, 'lie'), real.id)
  await until('the lie to be told', async () => existsSync(join(dir, 'lied')))
  const reply = made.find(({ kind }) => kind === 'reply')
  expect((await world.tap(reply?.url ?? '', answers['reply'] ?? {})).status).toBe(409)
  expect(await world.ask({ id: real.id })).toMatchObject({ state: 'pending', answer: null })
  await world.screenShows('made-up', /1\. Yes/)
  expect(await world.pushed(dir)).toBeNull()
})

test('what a host program of a second Claude allowed is not told as an answer of a person', async () => {
  const dir = await world.project('by-another')
  await writeFile(join(dir, 'host.mjs'), HOST)
  await world.must('start', dir, '--no-attach', '-p', 'push-by-another')
  const ask = await world.ask({ session: 'by-another', kind: 'permission', hook_end: 'claimed' })
  // The way has to work for this to mean anything.
  await until('the push', async () => (await world.pushed(dir)) !== null)
  const after = await world.ask({ id: ask.id })
  expect(after).toMatchObject({ state: 'pending', answer: null, answered_by: null })
})
