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
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { HOOK_EVENTS, scriptOf } from '../../../../hooks/events/index.ts'
import { buildHookScripts } from '../../../../setup/build/hook-scripts.ts'

const scripts = mkdtempSync(join(tmpdir(), 'rc-hooks-'))
const question = JSON.stringify({
  tool_name: 'Bash',
  tool_input: { command: 'git push' },
  session_id: 's',
  cwd: '/',
})
let gate: string
let server: Server | null

beforeAll(async () => {
  await buildHookScripts({ outdir: scripts })
})
afterAll(() => rmSync(scripts, { recursive: true }))
beforeEach(() => {
  gate = mkdtempSync(join(tmpdir(), 'rc-gate-'))
  server = null
})
afterEach(() => {
  vi.unstubAllEnvs()
  server?.closeAllConnections()
  server?.close()
  rmSync(gate, { recursive: true })
})

/** Runs a script as Claude does; gives what it printed, how it ended, and its log. */
async function run(
  script: string,
  input: string | Buffer,
  { giveUpMs = 3000, onStart = (_: number) => {} } = {},
) {
  const log = join(gate, 'log')
  const args = [
    join(scripts, `${script}.cjs`),
    '--gate',
    gate,
    '--log',
    log,
    '--give-up-ms',
    String(giveUpMs),
  ]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => (stdout += chunk))
  child.stderr.on('data', (chunk) => (stderr += chunk))
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  onStart(child.pid ?? 0)
  const code = await new Promise((resolve) => child.once('close', resolve))
  return { code, stdout, stderr, log: existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [] }
}

/** The command lines of the processes that are there to see what came of a decision. */
function witnesses(): string {
  return spawnSync('pgrep', ['-fa', `witness.cjs --gate ${gate}`], { encoding: 'utf8' }).stdout
}

type Call = { path: string; body: string }

/** A responder that says what it is told to; gives the list of what it was asked. */
type Said = { status?: number; text: string } | null
async function respond(answer: (call: Call) => Said | Promise<Said>): Promise<Call[]> {
  const calls: Call[] = []
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += chunk))
    request.on('end', async () => {
      const call = { path: request.url ?? '', body }
      calls.push(call)
      const said = await answer(call)
      if (said !== null) response.writeHead(said.status ?? 200).end(said.text)
    })
  })
  await new Promise<void>((resolve) => server?.listen(join(gate, 'hooks.sock'), resolve))
  return calls
}
const accepted = { status: 201, text: JSON.stringify({ v: 1, id: 'abc234', deadline: 0, slice_ms: 1000 }) }
const silent = { code: 0, stdout: '', stderr: '' }

describe.each(HOOK_EVENTS.map(scriptOf))('%s', (script) => {
  test.each([
    ['nothing', ''],
    ['half an object', '{"tool_name":"Bash"'],
    ['a list', '[1]'],
    ['binary rubbish', Buffer.from([0xff, 0, 0xc3, 0x28, 0x1b])],
    ['ten megabytes', `{"tool_name":"Bash","tool_input":{"command":"${'x'.repeat(10 * 1024 * 1024)}"}}`],
  ])('%s on stdin: prints nothing, logs one line, ends well', async (_, input) => {
    const done = await run(script, input)
    expect(done).toMatchObject(silent)
    expect(done.log).toHaveLength(1)
  })

  test('nobody listens: prints nothing, logs one line, ends well', async () => {
    const done = await run(script, question)
    expect(done).toMatchObject(silent)
    expect(done.log).toHaveLength(1)
  })

  test('a responder that talks nonsense: prints nothing, ends well', async () => {
    await respond(() => ({ text: '<html>' }))
    expect(await run(script, question)).toMatchObject(silent)
  })
})

describe('permission-request', () => {
  test('prints the decision', async () => {
    await respond(({ path }) => {
      if (path === '/asks') return accepted
      if (path.endsWith('/outcome'))
        return { text: '{"state":"answered","decision":{"behavior":"deny","message":"no"}}' }
      return { status: 204, text: '' }
    })
    const { stdout, code } = await run('permission-request', question)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      hookSpecificOutput: {
        hookEventName: 'PermissionRequest',
        decision: { behavior: 'deny', message: 'no' },
      },
    })
  })

  test('leaves a witness that reports what the transcript says of the call', async () => {
    const transcript = join(gate, 'transcript.jsonl')
    const input = { command: 'git push' }
    const use = { message: { content: [{ type: 'tool_use', id: 't1', name: 'Bash', input }] } }
    writeFileSync(transcript, `${JSON.stringify(use)}\n`)
    const calls = await respond(({ path }) => {
      if (path === '/asks') return accepted
      if (path.endsWith('/outcome')) return { text: '{"state":"answered","decision":{"behavior":"allow"}}' }
      return { status: 204, text: '' }
    })
    const { code } = await run(
      'permission-request',
      question.replace('{', `{"transcript_path":"${transcript}",`),
    )
    expect(code).toBe(0)
    expect(calls.map(({ path }) => path)).not.toContain('/asks/abc234/result')
    const word = { type: 'hook_permission_decision', decision: 'allow', toolUseID: 't1' }
    const end = { message: { content: [{ type: 'tool_result', tool_use_id: 't1', content: 'done' }] } }
    appendFileSync(transcript, `${JSON.stringify({ attachment: word })}\n${JSON.stringify(end)}\n`)
    await vi.waitFor(
      () => expect(calls.at(-1)).toEqual({ path: '/asks/abc234/result', body: '{"result":"applied"}' }),
      10_000,
    )
  })

  test.each(['permission-request', 'stop'])(
    '%s of a Claude that nobody sits before says so, and ends at once where nobody is asked',
    async (script) => {
      vi.stubEnv('CLAUDE_CODE_ENTRYPOINT', 'sdk-cli')
      const calls = await respond(() => ({ status: 204, text: '' }))
      expect(await run(script, question)).toMatchObject({ ...silent, log: [] })
      expect(calls.map(({ path }) => path)).toEqual(['/asks'])
      expect(JSON.parse(calls[0]?.body ?? '')).toMatchObject({ context: { headless: true } })
    },
  )

  test('a witness that can see nothing at all does not stay', async () => {
    await respond(({ path }) =>
      path === '/asks' ? accepted : { text: '{"state":"answered","decision":{"behavior":"allow"}}' },
    )
    await run(
      'permission-request',
      question.replace('{', `{"transcript_path":"${join(gate, 'none.jsonl')}",`),
    )
    expect(witnesses()).not.toBe('')
    await vi.waitFor(() => expect(witnesses()).toBe(''), 8_000)
  })

  test('a call that has its result already is not answered any more', async () => {
    const transcript = join(gate, 'transcript.jsonl')
    const input = { command: 'git push' }
    const use = { message: { content: [{ type: 'tool_use', id: 't1', name: 'Bash', input }] } }
    writeFileSync(transcript, `${JSON.stringify(use)}\n`)
    const end = { message: { content: [{ type: 'tool_result', tool_use_id: 't1', content: 'done' }] } }
    const calls = await respond(({ path }) => {
      if (path === '/asks') return accepted
      if (path.endsWith('/withdraw')) return { status: 204, text: '' }
      appendFileSync(transcript, `${JSON.stringify(end)}\n`)
      return null
    })
    const asked = question.replace('{', `{"transcript_path":"${transcript}",`)
    expect(await run('permission-request', asked)).toMatchObject(silent)
    expect(calls.at(-1)).toEqual({
      path: '/asks/abc234/withdraw',
      body: '{"because":"answered-at-keyboard"}',
    })
  })

  const agent = question.replace('{', '{"agent_id":"a1","agent_type":"general-purpose",')
  const form = JSON.stringify({
    hook_event_name: 'Elicitation',
    session_id: 's',
    cwd: '/',
    mcp_server_name: 'lab',
    message: 'Which colour?',
    mode: 'form',
    requested_schema: { type: 'object', properties: { colour: { type: 'string' } } },
  })
  test.each([
    ['a question of a subagent', 'permission-request', agent, '"behavior":"allow"'],
    ['a form', 'elicitation', form, '"action":"accept"'],
    ['but no question whose dialog that may have been', 'permission-request', question, ''],
  ])('while a dialog of Claude comes and goes, answers %s', async (_, script, input, printed) => {
    vi.stubEnv('CLAUDE_CONFIG_DIR', gate)
    vi.stubEnv('CLAUDE_PID', '4242')
    mkdirSync(join(gate, 'sessions'))
    const says = async (status: string) => {
      const text = JSON.stringify({ status, statusUpdatedAt: Date.now() })
      writeFileSync(join(gate, 'sessions/4242.json'), text)
      await new Promise((resolve) => setTimeout(resolve, 700))
    }
    await respond(async ({ path }) => {
      if (path === '/asks') return accepted
      if (!path.endsWith('/outcome')) return { status: 204, text: '' }
      await says('waiting')
      await says('busy')
      return { text: '{"state":"answered","decision":{"behavior":"allow"}}' }
    })
    const { stdout } = await run(script, input)
    expect(stdout).toEqual(printed === '' ? '' : expect.stringContaining(printed))
  })

  test.each(['expired', 'superseded'])('an ask that is %s prints nothing', async (state) => {
    await respond(({ path }) => (path === '/asks' ? accepted : { text: JSON.stringify({ state }) }))
    expect(await run('permission-request', question)).toMatchObject(silent)
  })

  test('a refused ask prints nothing and the log has the sentence', async () => {
    await respond(() => ({
      status: 429,
      text: '{"error":{"code":"x","message":"Too many open questions."}}',
    }))
    const done = await run('permission-request', question)
    expect(done).toMatchObject(silent)
    expect(done.log[0]).toContain('Too many open questions.')
  })

  test('when its time is over it takes the ask back and prints nothing', async () => {
    const calls = await respond(({ path }) => (path === '/asks' ? accepted : { text: '{"state":"pending"}' }))
    expect(await run('permission-request', question, { giveUpMs: 400 })).toMatchObject(silent)
    expect(calls.at(-1)).toEqual({ path: '/asks/abc234/withdraw', body: '{"because":"hook-gone"}' })
  })

  test('ended by Claude, as No and Esc do, it takes the ask back at once', async () => {
    let pid = 0
    const calls = await respond(({ path }) => {
      if (path === '/asks') return accepted
      if (path.endsWith('/withdraw')) return { status: 204, text: '' }
      setTimeout(() => process.kill(pid, 'SIGTERM'), 100)
      return null
    })
    const onStart = (started: number) => {
      pid = started
    }
    expect(await run('permission-request', question, { onStart })).toMatchObject(silent)
    expect(calls.at(-1)).toEqual({ path: '/asks/abc234/withdraw', body: '{"because":"stopped"}' })
  })

  test.each([
    ['let go by Claude itself', { content: 'No response', afkTimeoutMs: 60_000 }, 'let-go'],
    ['answered by whomever', { content: 'Blue' }, 'answered-at-keyboard'],
  ])('a question that was %s is taken back as that', async (_, { content, ...result }, because) => {
    const transcript = join(gate, 'transcript.jsonl')
    const input = { questions: [{ question: 'Which?' }] }
    const use = { message: { content: [{ type: 'tool_use', id: 't1', name: 'AskUserQuestion', input }] } }
    writeFileSync(transcript, `${JSON.stringify(use)}\n`)
    const end = {
      message: { content: [{ type: 'tool_result', tool_use_id: 't1', content }] },
      toolUseResult: result,
      permissionDecision: { decision: 'accept', source: 'user_temporary' },
    }
    const calls = await respond(({ path }) => {
      if (path === '/asks') return accepted
      if (path.endsWith('/withdraw')) return { status: 204, text: '' }
      appendFileSync(transcript, `${JSON.stringify(end)}\n`)
      return null
    })
    const asked = { ...JSON.parse(question), transcript_path: transcript, tool_name: 'AskUserQuestion' }
    await run('permission-request', JSON.stringify({ ...asked, tool_input: input }))
    expect(calls.at(-1)?.body).toBe(JSON.stringify({ because }))
  })

  test.each([
    ['Claude takes it back', 'SIGTERM'],
    ['it is killed', 'SIGKILL'],
  ] as const)('while it waits only a shell stands by, and that ends when %s', async (_, signal) => {
    const { promise: waits, resolve } = Promise.withResolvers<void>()
    await respond(({ path }) => {
      if (path === '/asks') return accepted
      if (path.endsWith('/withdraw')) return { status: 204, text: '' }
      resolve()
      return null
    })
    let pid = 0
    const done = run('permission-request', question, { onStart: (started) => (pid = started) })
    await waits
    await vi.waitFor(() => expect(witnesses()).toMatch(/^\d+ \/bin\/sh -c .*\n$/))
    process.kill(pid, signal)
    await done
    await vi.waitFor(() => expect(witnesses()).toBe(''), 5_000)
  })
})
