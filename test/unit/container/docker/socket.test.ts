import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findDockerSocket } from '../../../../container/docker/socket.ts'

const USUAL = '/var/run/docker.sock'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'rc-docker-host-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

function write(path: string, content: unknown): void {
  const file = join(home, path)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
}

const fileOf = (name: string) =>
  `.docker/contexts/meta/${createHash('sha256').update(name).digest('hex')}/meta.json`
const context = (name: string, host: string) =>
  write(fileOf(name), {
    Name: name,
    Metadata: {},
    Endpoints: { docker: { Host: host, SkipTLSVerify: false } },
  })
const current = (name: string) => write('.docker/config.json', { auths: {}, currentContext: name })
const find = (env: Record<string, string> = {}, there: string[] = [USUAL]) =>
  findDockerSocket({ HOME: home, ...env }, (path) => there.includes(path))
const refusal = (find: () => string) => {
  try {
    return find()
  } catch (error) {
    const { code, message, remedy } = error as { code: string; message: string; remedy: string }
    return `${code} ${message} ${remedy}`
  }
}

test('the folder of a context is the SHA-256 of its name, as the docker command makes it', () => {
  expect(fileOf('colima')).toContain('f24fd3749c1368328e2b149bec149cb6795619f244c5b584e844961215dadd16')
})

test('the current context is used, and DOCKER_CONTEXT before it, and DOCKER_HOST before both', () => {
  context('colima', 'unix:///home/ada/.colima/default/docker.sock')
  context('rootless', 'unix:///run/user/1000/docker.sock')
  current('colima')
  expect(find()).toBe('/home/ada/.colima/default/docker.sock')
  expect(find({ DOCKER_CONTEXT: 'rootless' })).toBe('/run/user/1000/docker.sock')
  expect(find({ DOCKER_CONTEXT: 'rootless', DOCKER_HOST: 'unix:///x.sock' })).toBe('/x.sock')
  expect(find({ DOCKER_CONTEXT: 'default' })).toBe(USUAL)
})

test('contexts are looked for in DOCKER_CONFIG when it is set', () => {
  context('colima', 'unix:///c.sock')
  expect(find({ DOCKER_CONFIG: join(home, 'elsewhere') })).toBe(USUAL)
  expect(find({ HOME: '/nobody', DOCKER_CONFIG: join(home, '.docker'), DOCKER_CONTEXT: 'colima' })).toBe(
    '/c.sock',
  )
})

test('without any word the usual socket is taken, and a lonely other one only where that is missing', () => {
  const colima = join(home, '.colima/default/docker.sock')
  const rootless = '/run/user/7/docker.sock'
  const env = { XDG_RUNTIME_DIR: '/run/user/7' }
  expect(find(env, [USUAL, colima])).toBe(USUAL)
  expect(find(env, [colima])).toBe(colima)
  expect(find(env, [rootless])).toBe(rootless)
  expect(find(env, [rootless, colima])).toBe(USUAL)
  expect(find(env, [])).toBe(USUAL)
})

test('a context that was chosen is never replaced by another engine that happens to be there', () => {
  context('colima', 'unix:///c.sock')
  expect(find({ DOCKER_CONTEXT: 'colima' }, [USUAL])).toBe('/c.sock')
  expect(refusal(() => find({ DOCKER_CONTEXT: 'gone' }))).toMatch(
    /^docker-context-broken There is no Docker context gone, which is in DOCKER_CONTEXT\. .*docker context ls/,
  )
  current('gone')
  expect(refusal(find)).toContain(
    `no Docker context gone, which is the current context in ${home}/.docker/config`,
  )
})

test.each([
  'tcp://10.0.0.1:2375',
  'ssh://ada@host',
  'npipe:////./pipe/docker_engine',
  'fd://3',
  'ada.example:1',
])('an engine at %s is refused by a sentence that names who chose it', (host) => {
  expect(refusal(() => find({ DOCKER_HOST: host }))).toMatch(
    /^docker-host-unsupported DOCKER_HOST is .*local/,
  )
  context('far', host)
  const refused = refusal(() => find({ DOCKER_CONTEXT: 'far' }))
  expect(refused).toMatch(
    /^docker-host-unsupported The Docker context far \(DOCKER_CONTEXT\) is .*another machine/,
  )
  expect(refused).toContain(host)
})

test.each([
  ['not JSON', '{', 'it is not JSON'],
  ['without an endpoint', { Name: 'odd', Endpoints: {} }, 'not what Docker writes'],
  ['with an empty host', { Name: 'odd', Endpoints: { docker: { Host: '' } } }, 'not what Docker writes'],
  ['of another context', { Name: 'x', Endpoints: { docker: { Host: 'unix:///x' } } }, 'of the context x'],
])('a context file %s is a sentence, not the usual engine', (_, content, reason) => {
  write(fileOf('odd'), content)
  expect(refusal(() => find({ DOCKER_CONTEXT: 'odd' }))).toMatch(/^docker-context-broken /)
  expect(refusal(() => find({ DOCKER_CONTEXT: 'odd' }))).toContain(reason)
})

test('a client configuration that is not JSON is a sentence, and a missing one is none', () => {
  expect(find()).toBe(USUAL)
  write('.docker/config.json', '{"currentContext": ')
  expect(refusal(find)).toMatch(/^docker-context-broken .*config\.json.* not JSON/)
})
