/** The session's own door, asked for what only a person may do, and for what belongs to another session. */
import { randomUUID } from 'node:crypto'
import { request } from 'node:http'
import { type Attempt, escaped, type Facts, notTried, stopped, type Verdict } from './attempt.ts'

type Reply = { status: number; body: string }
type Way = { method?: string; path: string; body?: unknown; headers?: Record<string, string> }

const group = 'the hook door'

export function doorAttempts(facts: Facts): Attempt[] {
  const { foreignAsk, inside } = facts
  const own = ownAsk(inside.hookDoor)
  const attempt = (id: string, tried: string, way: (id: string) => Way): Attempt => ({
    id: `door-${id}`,
    group,
    tried,
    run: async () => {
      const ask = await own()
      if (ask === null)
        return notTried('the door does not take a question, so that nothing follows from a refusal')
      return judge(await send(inside.hookDoor, way(ask)))
    },
  })
  const yes = { answer: 'allow' }
  return [
    attempt('answer', 'answering its own question as the owner does', (id) => ({
      path: `/asks/${id}/answer`,
      body: yes,
    })),
    attempt('answer-put', 'answering with PUT', (id) => ({
      method: 'PUT',
      path: `/asks/${id}/answer`,
      body: yes,
    })),
    attempt('answer-patch', 'changing its question to answered', (id) => ({
      method: 'PATCH',
      path: `/asks/${id}`,
      body: { state: 'answered', answer: 'allow' },
    })),
    attempt('answer-outcome', 'posting an outcome', (id) => ({
      path: `/asks/${id}/outcome`,
      body: { state: 'answered', decision: { behavior: 'allow' } },
    })),
    attempt('answer-result', 'a result that is a decision', (id) => ({
      path: `/asks/${id}/result`,
      body: { result: 'allow', answer: 'allow' },
    })),
    attempt('answer-override', 'a method hidden in a header', (id) => ({
      path: `/asks/${id}/answer`,
      body: yes,
      headers: { 'x-http-method-override': 'POST', host: 'owner' },
    })),
    attempt('answer-page', "answering at a phone's page", (id) => ({ path: `/a/${id}`, body: yes })),
    attempt('answer-traversal', 'a path that climbs', (id) => ({
      path: `/signals/../asks/${id}/answer`,
      body: yes,
    })),
    attempt('answer-encoded', 'a path in percent escapes', (id) => ({
      path: `/asks/${id}%2fanswer`,
      body: yes,
    })),
    attempt('answer-token', 'a forged token', (id) => ({
      path: `/asks/${id}/answer`,
      body: yes,
      headers: { authorization: `Bearer ${forgedToken()}`, cookie: `device=${forgedToken()}` },
    })),
    attempt('list', 'listing all questions', () => ({ method: 'GET', path: '/asks?all=1' })),
    attempt('read', 'reading its question with its answer link', (id) => ({
      method: 'GET',
      path: `/asks/${id}`,
    })),
    attempt('status', "asking for the responder's status", () => ({ method: 'GET', path: '/status' })),
    attempt('stop', 'stopping the responder', () => ({ path: '/stop', body: {} })),
    attempt('sync', 'making the responder look for sessions', () => ({ path: '/sessions/sync', body: {} })),
    attempt('forge-domain', 'asking for a host by itself', () => ({ path: '/asks', body: draft('domain') })),
    attempt('forge-key', 'asking for a signature by itself', () => ({ path: '/asks', body: draft('key') })),
    attempt('foreign-wait', "waiting for another session's answer", () => ({
      method: 'GET',
      path: `/asks/${foreignAsk}/outcome`,
    })),
    attempt('foreign-withdraw', "taking back another session's question", () => ({
      path: `/asks/${foreignAsk}/withdraw`,
      body: { because: 'answered-at-keyboard' },
    })),
    attempt('foreign-result', "reporting on another session's question", () => ({
      path: `/asks/${foreignAsk}/result`,
      body: { result: 'printed' },
    })),
    attempt('foreign-answer', "answering another session's question", () => ({
      path: `/asks/${foreignAsk}/answer`,
      body: yes,
    })),
    attempt('proxy', 'using the hook door as a way out', () => ({
      method: 'GET',
      path: 'http://example.com/',
    })),
    { id: 'door-flood', group, tried: 'burying the desk in questions', run: () => flood(inside.hookDoor) },
  ]
}

/** A door that does what it must not do says so with a status below 400. */
function judge({ status, body }: Reply): Verdict {
  const sentence = /"message":"([^"]*)/.exec(body)?.[1] ?? body.trim().slice(0, 120)
  return status >= 400 && status < 500
    ? stopped(`${status} ${sentence}`.replace(/\.$/, ''))
    : escaped(`${status} ${sentence}`)
}

/** One question of our own for all of them. */
function ownAsk(door: string): () => Promise<string | null> {
  let asked: Promise<string | null> | null = null
  const open = async () => {
    const { status, body } = await send(door, { path: '/asks', body: draft('permission') })
    return status === 201 ? (JSON.parse(body) as { id: string }).id : null
  }
  return () => {
    asked ??= open().catch(() => null)
    return asked
  }
}

const MANY = 200

async function flood(door: string): Promise<Verdict> {
  for (let count = 1; count <= MANY; count++) {
    const { status, body } = await send(door, { path: '/asks', body: draft('permission') })
    if (status === 429) return { ...judge({ status, body }) }
    if (status !== 201) return notTried(`question ${count} was answered with ${status}`)
  }
  return escaped(`${MANY} questions are open`)
}

function draft(kind: string): object {
  const context = { claude_session: 'forged', cwd: '/' }
  return { v: 1, kind, key: randomUUID(), context, tool: 'Bash', input: { command: 'git push' } }
}

/** An unsigned token for the owner (RFC 7519, section 6). */
function forgedToken(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'none', typ: 'JWT' })}.${part({ aud: 'device', sub: 'owner', exp: 4_102_444_800 })}.`
}

function send(socketPath: string, { method = 'POST', path, body, headers }: Way): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const call = request(
      {
        socketPath,
        method,
        path,
        headers: { 'content-type': 'application/json', ...headers },
        timeout: 3_000,
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
        )
      },
    )
    call.on('timeout', () => call.destroy(new Error('the door did not answer')))
    call.on('error', reject)
    call.end(body === undefined ? undefined : JSON.stringify(body))
  })
}
