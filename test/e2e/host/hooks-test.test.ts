/** `rc hooks test` says that hooks run only where a real Claude has run one of ours. */
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { claudeBinary, NEWEST, OLDEST } from '../claude-binary.ts'
import { scripts } from '../site-scripts.ts'
import { createSiteWorld, type SiteWorld } from '../site-world.ts'

const MIDDLE = '2.1.330'

let world: SiteWorld
afterEach(() => world.destroy())

const create = async (version: string, settings = '{}\n') => {
  world = await createSiteWorld({ version, scripts, settings })
  await world.must('hooks', 'install')
}

/** The exit code, and everything that was printed. */
async function tried(...args: string[]): Promise<[number | undefined, string]> {
  const { exitCode, stdout, stderr } = await world.rc('hooks', 'test', ...args)
  return [exitCode, `${stdout}\n${stderr}`]
}

describe.each([OLDEST, MIDDLE, NEWEST])('with Claude Code %s, rc hooks test', (version) => {
  test('is content once a real one has run a hook, which leaves nothing behind and starts no session', async () => {
    await create(version)
    // What any first start changes is changed by then.
    expect((await tried())[0]).toBe(0)
    const before = await everything(world.home)
    expect(await tried()).toEqual([0, expect.stringMatching(/ran our hook, and the responder heard it/)])
    expect(await everything(world.home)).toEqual(before)
    expect(world.model.toolResults()).toEqual([])
    const status = JSON.parse((await world.rc('hooks', 'status', '--json')).stdout)
    expect(status.sessions.filter(({ version: told }: { version: string | null }) => told !== null)).toEqual(
      [],
    )
  })

  test('names the settings of the folder that switch all hooks off', async () => {
    await create(version)
    for (const name of ['settings.json', 'settings.local.json']) {
      const file = join(world.folder('app'), '.claude', name)
      await mkdir(join(world.folder('app'), '.claude'), { recursive: true })
      await writeFile(file, '{"disableAllHooks":true}\n')
      expect(await tried()).toEqual([1, expect.stringContaining(`disableAllHooks is true in ${file}`)])
      await rm(file)
    }
    const own = (await world.settings()).toString()
    await writeFile(world.settingsFile, own.replace('{', '{"disableAllHooks":true,'))
    expect(await tried()).toEqual([
      1,
      expect.stringContaining(`disableAllHooks is true in ${world.settingsFile}`),
    ])
  })

  test('sees that its Claude has its settings elsewhere', async () => {
    await create(version)
    const elsewhere = join(world.home, 'elsewhere')
    await mkdir(elsewhere)
    await wrap(`export CLAUDE_CONFIG_DIR='${elsewhere}'; exec '${await claudeBinary(version)}' "$@"`)
    expect(await tried()).toEqual([1, expect.stringContaining(`has its settings in ${elsewhere}`)])
  })
})

test.each([OLDEST, MIDDLE, NEWEST])(
  'a settings file that Claude Code %s leaves out is seen, though the file, the script and the door are in order',
  async (version) => {
    await create(version)
    const own = (await world.settings()).toString()
    await writeFile(world.settingsFile, own.replace('{', '{"model":7,'))
    const [code, said] = await tried()
    expect([code, said]).toEqual([1, expect.stringContaining('ok       The answer came back')])
    expect(said).toContain(`none of those in ${world.settingsFile}`)
  },
)

test('where there is no claude, it says what was tried and what was not, with an exit code of its own', async () => {
  await create(NEWEST)
  await rm(join(world.home, '.local/bin/claude'))
  const [code, said] = await tried()
  expect(code).toBe(3)
  expect(said).toMatch(/ok {7}The answer came back[\s\S]*untried {2}There is no claude/)
})

test('a claude that hangs or breaks before its hooks is ended, and named', async () => {
  await create(NEWEST)
  await wrap('[ "$1" = --version ] && echo 2.1.332 && exit; echo "no such licence" >&2; exit 7')
  expect(await tried()).toEqual([
    1,
    expect.stringMatching(/exit code 7 before it ran a hook. no such licence/),
  ])
  const pid = join(world.home, 'pid')
  await wrap(`[ "$1" = --version ] && echo 2.1.332 && exit; trap '' TERM; echo $$ > '${pid}'; sleep 600`)
  expect(await tried()).toEqual([1, expect.stringContaining('had to be ended before it ran a hook')])
  const hung = Number(await readFile(pid, 'utf8'))
  expect(() => process.kill(hung, 0)).toThrow('ESRCH')
})

test("a repository that nobody trusts has none of its hooks run, and the user's own are tried all the same", async () => {
  await create(NEWEST)
  const state = join(world.home, '.claude.json')
  await writeFile(
    state,
    (await readFile(state, 'utf8')).replaceAll(
      '"hasTrustDialogAccepted":true',
      '"hasTrustDialogAccepted":false',
    ),
  )
  const folder = world.folder('app')
  const planted = join(world.home, 'planted')
  await mkdir(join(folder, '.claude'))
  const hooks = [{ hooks: [{ type: 'command', command: `touch '${planted}'` }] }]
  await writeFile(
    join(folder, '.claude/settings.json'),
    JSON.stringify({ hooks: { SessionStart: hooks, Setup: hooks } }),
  )
  await writeFile(
    join(folder, '.mcp.json'),
    JSON.stringify({ mcpServers: { x: { command: 'touch', args: [planted] } } }),
  )
  expect(await tried()).toEqual([0, expect.stringContaining('not trusted')])
  await world.must('hooks', 'install', '--local')
  expect(await tried('--local')).toEqual([3, expect.stringContaining('does not trust')])
  expect(await readdir(world.home)).not.toContain('planted')
})

test.each([OLDEST, MIDDLE, NEWEST])(
  'a login, and a gateway and a key of the settings, hear nothing of Claude Code %s',
  async (version) => {
    let calls = 0
    const gateway = createServer((socket) => {
      calls++
      socket.destroy()
    }).listen(0, '127.0.0.1')
    await once(gateway, 'listening')
    const url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`
    const own = {
      ANTHROPIC_BASE_URL: url,
      // A cloud that Claude speaks to as soon as it starts.
      CLAUDE_CODE_USE_BEDROCK: '1',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'none',
      AWS_SECRET_ACCESS_KEY: 'none',
      AWS_EC2_METADATA_DISABLED: 'true',
      HTTPS_PROXY: url,
      https_proxy: url,
      HTTP_PROXY: url,
      http_proxy: url,
    }
    await create(version, JSON.stringify({ env: own }))
    // A login that has run out, which Claude renews at its start where it uses it: that would end it for everybody else.
    const login = { accessToken: 'sk-ant-oat01-none', refreshToken: 'sk-ant-ort01-none', expiresAt: 1_000 }
    const scopes = ['user:inference', 'user:profile']
    await writeFile(
      join(world.home, '.claude/.credentials.json'),
      JSON.stringify({ claudeAiOauth: { ...login, scopes, subscriptionType: 'max' } }),
    )
    expect((await tried())[0]).toBe(0)
    expect(calls).toBe(0)
    const settings = (await world.settings()).toString()
    await writeFile(
      world.settingsFile,
      settings.replace('{', '{"apiKeyHelper":"touch helped; echo sk-ant-theirs",'),
    )
    expect((await tried())[0]).toBe(0)
    expect(calls).toBe(0)
    expect(existsSync(join(world.folder('app'), 'helped'))).toBe(false)
    gateway.close()
  },
)

/** The `claude` of this home, as somebody's own script. */
async function wrap(script: string): Promise<void> {
  const program = join(world.home, '.local/bin/claude')
  await rm(program)
  await writeFile(program, `#!/bin/sh\n${script}\n`)
  await chmod(program, 0o755)
}

/** Every path below Claude's places, and the bytes of every file; our own state folder is ours. */
async function everything(home: string): Promise<Record<string, string>> {
  const entries = await readdir(home, { recursive: true, withFileTypes: true })
  const found: [string, string][] = []
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    if (/\/\.(?:local|config|cache|npm)(?:\/|$)/.test(path)) continue
    found.push([path, entry.isFile() ? await readFile(path, 'utf8') : ''])
  }
  return Object.fromEntries(found.sort())
}
