/** Real tools in a real session, through relay and allowlist; and each of them at a host that is not listed. */
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type KeyServer, startKeyServer } from '../key-server.ts'
import { startToolServers, type ToolServers } from '../tool-servers.ts'
import { createWorld, until, type World } from '../world.ts'

const NAME = 'host.docker.internal'
const BLOCKED = 'http://unlisted.invalid'

let world: World
let servers: ToolServers
let ssh: KeyServer

beforeAll(async () => {
  world = await createWorld({ scripts: {} })
  servers = await startToolServers(join(world.home, 'servers'), NAME)
  ssh = await startKeyServer(world.home, NAME)
  Object.assign(world.env, { SSH_AUTH_SOCK: ssh.agent })
  const config = await readFile(world.configFile, 'utf8')
  await writeFile(world.configFile, config.replace('credentials:', 'credentials:\n  ssh: agent'))
  const dir = await world.project('tools')
  await copyFile(servers.certificate, join(dir, 'ca.pem'))
  await world.must('start', dir, '--no-attach', '--allow', [...servers.entries, `${NAME}:${ssh.port}`].join())
  await until('the session to be up', async () => (await inside('pgrep claude')).exitCode === 0)
})
afterAll(async () => {
  await world.destroy()
  await servers.close()
  await ssh.close()
})

const inside = (command: string) => world.rc('shell', 'tools', '--', 'bash', '-c', command)

async function works(command: string): Promise<string> {
  const { exitCode, stdout, stderr } = await inside(command)
  expect(exitCode, `${stdout}\n${stderr}`).toBe(0)
  return stdout
}

describe('a listed host is reached by', () => {
  test('npm install', async () => {
    const install = `npm install --no-audit --no-fund --registry ${servers.url} tiny-tool`
    expect(
      await works(`mkdir /tmp/n && cd /tmp/n && npm init -y && ${install} && node -p 'require("tiny-tool")'`),
    ).toContain('from npm')
  })

  test('git clone over https', async () => {
    const clone = `git -c http.sslCAInfo=ca.pem clone -q ${servers.secureUrl}/served.git /tmp/https`
    expect(await works(`${clone} && git -C /tmp/https log --format=%s`)).toBe('from the server')
  })

  test('git clone over ssh', async () => {
    const push = `git push -q ${ssh.url} HEAD:main`
    expect(
      await works(`${push} && git clone -q ${ssh.url} /tmp/ssh && git -C /tmp/ssh log --format=%s`),
    ).toBe('first')
  })

  test('apt', async () => {
    const sources = '-o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::sourcelist=/tmp/apt.list'
    await works(`echo 'deb [trusted=yes] ${servers.url}/debian ./' > /tmp/apt.list`)
    expect(
      await works(`apt-get ${sources} update -q && cd /tmp && apt-get ${sources} download tiny-deb && ls`),
    ).toContain('tiny-deb_1.0_all.deb')
  })

  test('curl, over http and https', async () => {
    expect(await works(`curl -fsS ${servers.url}/tiny-tool`)).toContain('1.2.3')
    expect(await works(`curl -fsS --cacert ca.pem ${servers.secureUrl}/tiny-tool`)).toContain('1.2.3')
  })

  test("Node's fetch", async () => {
    const fetching = (url: string) =>
      `node -e 'fetch("${url}/tiny-tool").then((r) => r.json()).then((p) => console.log(p.name))'`
    expect(await works(fetching(servers.url))).toBe('tiny-tool')
    expect(await works(`NODE_EXTRA_CA_CERTS=ca.pem ${fetching(servers.secureUrl)}`)).toBe('tiny-tool')
  })
})

describe('a host that is not listed is refused to', () => {
  test.each([
    ['npm', `npm view --fetch-retries=0 --registry ${BLOCKED} x`, /403/],
    ['git over http', `git clone -q ${BLOCKED}/x.git /tmp/x`, /403/],
    ['git over https', 'git clone -q https://unlisted.invalid/x.git /tmp/x', /403/],
    ['git over ssh', 'git clone -q git@unlisted.invalid:x.git /tmp/x', /Forbidden|Connection closed/],
    [
      'apt',
      `echo 'deb [trusted=yes] ${BLOCKED} ./' > /tmp/b.list; apt-get -o Dir::Etc::sourcelist=/tmp/b.list -o Dir::Etc::sourceparts=/dev/null update -q -o APT::Update::Error-Mode=any`,
      /403/,
    ],
    ['curl over https', 'curl -sS https://unlisted.invalid/', /403/],
    [
      "Node's fetch over https",
      'node -e \'fetch("https://unlisted.invalid/").catch((e) => { console.error(e.cause); process.exit(1) })\'',
      /Proxy response \(403\)|Request was cancelled|403/,
    ],
  ])('%s', async (_, command, said) => {
    const { exitCode, stdout, stderr } = await inside(command)
    expect(exitCode).not.toBe(0)
    expect(`${stdout}\n${stderr}`).toMatch(said)
  })

  test.each([
    ['curl', `curl -s ${BLOCKED}/`],
    [
      'curl, for a tunnel',
      'curl -s -o /dev/null -D - https://unlisted.invalid/ ; exec 3<>/dev/tcp/127.0.0.1/3128; printf "CONNECT unlisted.invalid:443 HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n" >&3; cat <&3',
    ],
  ])('%s with a sentence that says which host, and what to add', async (_, command) => {
    const { stdout } = await inside(command)
    expect(stdout).toMatch(
      /Remote Claude blocked unlisted\.invalid:(80|443): unlisted\.invalid is not on the allowlist/,
    )
    expect(stdout).toContain('add unlisted.invalid to network.allowed_domains')
    expect(stdout).toContain('--allow unlisted.invalid')
  })
})
