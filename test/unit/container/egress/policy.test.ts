/** What a session's egress door says: the user's list, what a project takes away from it, and who is asked. */
import { expect, test } from 'vitest'
import { parseAllowlist } from '../../../../container/egress/allowlist.ts'
import { type AskHost, createPolicy, refuseAll } from '../../../../container/egress/policy.ts'
import type { Target } from '../../../../container/egress/target.ts'
import { openWorld } from './world.ts'

type Lists = { user?: string[]; project?: string[] | null; askHost?: AskHost | null }

const never = new AbortController().signal

function policy({ user = [], project = null, askHost = null }: Lists) {
  return createPolicy({
    allowlist: () => parseAllowlist(user),
    projectList: project === null ? null : parseAllowlist(project),
    unremovable: parseAllowlist(['api.anthropic.com']),
    askHost,
  })
}

const to = (host: string, port = 443): Target => ({ host, port })

test('a project takes hosts away, and the refusal says where', async () => {
  const decide = policy({ user: ['*.example.org'], project: ['a.example.org'] })
  expect((await decide(to('a.example.org'), never)).allowed).toBe(true)
  expect(await decide(to('b.example.org'), never)).toMatchObject({
    allowed: false,
    reason: expect.stringContaining('.remote-claude.yaml'),
  })
})

test('a project opens nothing that the user has not listed', async () => {
  const decide = policy({ user: [], project: ['evil.example.org', '10.0.0.7:22'] })
  expect((await decide(to('evil.example.org'), never)).allowed).toBe(false)
  expect((await decide(to('10.0.0.7', 22), never)).allowed).toBe(false)
})

test('a project cannot take away the host that Claude itself needs', async () => {
  const decide = policy({ user: ['api.anthropic.com'], project: [] })
  expect((await decide(to('api.anthropic.com'), never)).allowed).toBe(true)
})

test('an unlisted host is asked about, and a yes opens its public addresses only', async () => {
  const asked: string[] = []
  const decide = policy({
    askHost: async ({ host, port }) => {
      asked.push(`${host}:${port}`)
      return { allowed: true, reason: 'you approved it' }
    },
  })
  expect(await decide(to('new.example.org', 8443), never)).toMatchObject({
    allowed: true,
    mayBePrivate: false,
  })
  expect(asked).toEqual(['new.example.org:8443'])
})

test('an approved name that leads to a private address is refused all the same', async () => {
  await using world = await openWorld({
    decide: policy({ askHost: async () => ({ allowed: true, reason: 'you approved it' }) }),
    lookup: async () => ['192.168.1.1'],
  })
  const { status, body } = await world.get('http://rebind.example.org/')
  expect(status).toBe(403)
  expect(body).toContain('192.168.1.1')
})

test('nobody is asked about private addresses and what is no host', async () => {
  const decide = policy({
    askHost: async () => {
      throw new Error('asked')
    },
  })
  for (const host of ['127.0.0.1', '169.254.169.254', '10.1.2.3', '::1', 'bad host']) {
    expect((await decide(to(host), never)).allowed).toBe(false)
  }
})

test('a no tells what was said, and what is refused in mode none tells why', async () => {
  const decide = policy({ askHost: async () => ({ allowed: false, reason: 'you said no' }) })
  await using world = await openWorld({ decide })
  const { body } = await world.get('http://other.test/')
  expect(body).toContain('other.test is not on the allowlist, and you said no.')
  await using none = await openWorld({ decide: refuseAll })
  const refused = await none.get('http://other.test/')
  expect(refused.body).toContain('without a network (mode none). The user can start it again with --network')
  expect(refused.body).not.toContain('allowed_domains')
})

test.each([
  'CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n',
  'GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n',
])('a held connection is let go of when its program goes: %j', async (request) => {
  const held = Promise.withResolvers<AbortSignal>()
  const decide = policy({
    askHost: (_, gone) =>
      new Promise((resolve) => {
        held.resolve(gone)
        gone.addEventListener('abort', () => resolve({ allowed: false, reason: 'gone' }))
      }),
  })
  await using world = await openWorld({ decide })
  const socket = world.open()
  socket.write(request)
  const gone = await held.promise
  const aborted = new Promise((resolve) => gone.addEventListener('abort', resolve))
  socket.destroy()
  if (!gone.aborted) await aborted
  expect(gone.aborted).toBe(true)
})
