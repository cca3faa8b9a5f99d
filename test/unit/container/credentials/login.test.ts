import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readGithubToken } from '../../../../container/credentials/github-token.ts'
import { findLogin, surplusLogins } from '../../../../container/credentials/login.ts'
import { findLoginFile } from '../../../../container/credentials/login-file.ts'
import { resolveSsh } from '../../../../container/credentials/ssh.ts'
import { writeSsh } from '../../../../container/home/ssh-files.ts'
import { credentialsOptions } from '../../../../container/options.ts'

type From = { given?: object } & Partial<Record<'configured' | 'shell' | 'settings', Record<string, string>>>
const login = ({ given = {}, configured = {}, shell = {}, settings = {} }: From) =>
  findLogin(credentialsOptions.parse(given), { configured, shell, settings })

const shell = { ANTHROPIC_API_KEY: 'k', ANTHROPIC_AUTH_TOKEN: 't' }
const gateway = { base_url: 'https://gateway.example.com', token: 'g' }

describe("Claude's login", () => {
  test('exactly one is used: the configuration before the shell, the token before key, gateway and file', () => {
    const all = { anthropic: { oauth_token: 'o', api_key: 'c', gateway }, claude: 'file' }
    expect(login({ given: all, shell })).toMatchObject({
      env: { CLAUDE_CODE_OAUTH_TOKEN: 'o' },
      usesFile: false,
    })
    expect(login({ given: { anthropic: { api_key: 'c', gateway } }, shell }).env).toEqual({
      ANTHROPIC_API_KEY: 'c',
    })
    expect(login({ given: { anthropic: { gateway }, claude: 'file' }, shell })).toMatchObject({
      env: { ANTHROPIC_AUTH_TOKEN: 'g', ANTHROPIC_BASE_URL: 'https://gateway.example.com' },
      usesFile: false,
    })
    expect(login({ given: { claude: 'file' }, shell })).toMatchObject({ env: {}, usesFile: true })
    expect(login({ shell }).env).toEqual({ ANTHROPIC_API_KEY: 'k' })
  })

  test('one in claude.env is enough, and no other one is put beside it', () => {
    const given = { anthropic: { gateway }, claude: 'file' }
    const found = login({ given, configured: { ANTHROPIC_AUTH_TOKEN: 'gateway' }, shell })
    expect(found).toEqual({
      env: {},
      usesFile: false,
      usesSettings: false,
      notice: 'Claude uses ANTHROPIC_AUTH_TOKEN of claude.env.',
    })
  })

  test('of several in claude.env one is used, and the notice says which', () => {
    const configured = {
      ANTHROPIC_API_KEY: 'k',
      CLAUDE_CODE_OAUTH_TOKEN: 'o',
      ANTHROPIC_BASE_URL: 'https://g',
    }
    expect(surplusLogins(configured)).toEqual(['ANTHROPIC_API_KEY'])
    expect(login({ configured }).notice).toMatch(
      /uses CLAUDE_CODE_OAUTH_TOKEN of claude.env, and not ANTHROPIC_API_KEY beside it, at the ANTHROPIC_BASE_URL/,
    )
    expect(login({ configured: { CLAUDE_CODE_USE_BEDROCK: '1' }, shell })).toMatchObject({
      env: {},
      notice: 'Claude uses CLAUDE_CODE_USE_BEDROCK of claude.env.',
    })
    expect(login({ configured: { ANTHROPIC_BASE_URL: 'https://g' } }).notice).toContain('no login')
  })

  test("that of the user's Claude settings comes last, with its own address", () => {
    const settings = {
      ANTHROPIC_AUTH_TOKEN: 't',
      ANTHROPIC_API_KEY: 'k',
      ANTHROPIC_BASE_URL: 'https://g',
      FOO: '1',
    }
    expect(login({ settings })).toMatchObject({
      env: { ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: 'https://g' },
      usesSettings: true,
      notice: expect.stringContaining(
        'ANTHROPIC_API_KEY of your Claude settings, at their ANTHROPIC_BASE_URL',
      ),
    })
    expect(login({ settings, shell })).toMatchObject({ env: { ANTHROPIC_API_KEY: 'k' }, usesSettings: false })
    expect(login({ settings, shell }).env).not.toHaveProperty('ANTHROPIC_BASE_URL')
  })

  test("the shell's goes to the shell's gateway, never to somebody else", () => {
    const own = { ANTHROPIC_AUTH_TOKEN: 't', ANTHROPIC_BASE_URL: 'https://gateway.example.com' }
    expect(login({ shell: own }).env).toEqual(own)
    expect(login({ given: { anthropic: { api_key: 'c' } }, shell: own }).env).toEqual({
      ANTHROPIC_API_KEY: 'c',
    })
  })

  test('without one a person is told so, and no notice shows a secret', () => {
    expect(login({})).toMatchObject({ env: {}, notice: expect.stringContaining('no login') })
    for (const from of [
      { shell: { ANTHROPIC_API_KEY: 'sk-secret', ANTHROPIC_BASE_URL: 'https://u:sk-secret@h' } },
      { configured: { ANTHROPIC_API_KEY: 'sk-secret' } },
      { given: { anthropic: { oauth_token: 'sk-secret' } } },
      { given: { anthropic: { gateway: { ...gateway, token: 'sk-secret' } } } },
    ])
      expect(login(from).notice).not.toContain('sk-secret')
  })

  test.each([
    'gateway.example.com',
    'ftp://gateway.example.com',
    'https://u:p@gateway.example.com',
    'https://gateway.example.com/?key=1',
  ])('a gateway is an address without secrets: %s is refused', (base_url) => {
    const given = { anthropic: { gateway: { base_url, token: 'g' } } }
    expect(credentialsOptions.safeParse(given).success).toBe(false)
  })
})

describe('on a machine', () => {
  let home: string
  const own = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'rc-lent-'))
  })
  afterEach(() => rm(home, { recursive: true, force: true }))

  const put = async (name: string, text: string, mode = 0o600) => {
    await mkdir(join(home, name, '..'), { recursive: true })
    await writeFile(join(home, name), text, { mode })
  }

  test('a login file that is missing, is no file or belongs to somebody else starts no session', async () => {
    await expect(findLoginFile(join(home, '.claude'), own)).rejects.toMatchObject({ code: 'login-missing' })
    await mkdir(join(home, '.claude/.credentials.json'), { recursive: true })
    await expect(findLoginFile(join(home, '.claude'), own)).rejects.toMatchObject({ code: 'login-missing' })
    await rm(join(home, '.claude/.credentials.json'), { recursive: true })
    await put('elsewhere/login.json', '{}')
    await symlink('../elsewhere/login.json', join(home, '.claude/.credentials.json'))
    expect(await findLoginFile(join(home, '.claude'), own)).toBe(join(home, 'elsewhere/login.json'))
    await expect(findLoginFile(join(home, '.claude'), { uid: own.uid + 1, gid: 1 })).rejects.toMatchObject({
      code: 'login-foreign',
    })
  })

  test('ssh asks where an agent answers; where a named one does not, there are no keys, and that is said', async () => {
    const SSH_AUTH_SOCK = join(home, 'agent.sock')
    expect(await resolveSsh({}, {})).toEqual({ mode: 'none', notices: [] })
    expect((await resolveSsh({ ssh: 'ask' }, {})).notices[0]).toContain('no ssh-agent runs')
    const isDead = async () => {
      const { mode, notices } = await resolveSsh({}, { SSH_AUTH_SOCK })
      expect({ mode, notices }).toEqual({ mode: 'none', notices: [expect.stringContaining(SSH_AUTH_SOCK)] })
      expect((await resolveSsh({ ssh: 'agent' }, { SSH_AUTH_SOCK })).mode).toBe('none')
    }
    await isDead()
    await put('agent.sock', 'a file is no agent')
    await isDead()
    await rm(SSH_AUTH_SOCK)
    // What an agent leaves behind that was killed: the socket's file, with nobody behind it.
    const killed = createServer().listen(join(home, 'killed.sock'))
    await new Promise((resolve) => killed.once('listening', resolve))
    await rename(join(home, 'killed.sock'), SSH_AUTH_SOCK)
    await new Promise((resolve) => killed.close(resolve))
    expect((await stat(SSH_AUTH_SOCK)).isSocket()).toBe(true)
    await isDead()
    await rm(SSH_AUTH_SOCK)

    // Message 12 of the protocol: it holds no key.
    const agent = createServer((client) =>
      client.once('data', () => client.write(Buffer.from([0, 0, 0, 5, 12, 0, 0, 0, 0]))),
    ).listen(SSH_AUTH_SOCK)
    await new Promise((resolve) => agent.once('listening', resolve))
    try {
      expect(await resolveSsh({}, { SSH_AUTH_SOCK })).toEqual({ mode: 'ask', notices: [] })
      expect(await resolveSsh({ ssh: 'none' }, { SSH_AUTH_SOCK })).toEqual({ mode: 'none', notices: [] })
      const unasked = await resolveSsh({ ssh: 'agent' }, { SSH_AUTH_SOCK })
      expect(unasked).toMatchObject({ mode: 'agent', notices: [expect.stringContaining('unasked')] })
    } finally {
      agent.close()
    }
  })

  const KEY = '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n'

  test('only mount copies keys, whatever they are called, and nothing that lets others in here', async () => {
    await put('.ssh/work', KEY)
    await put('.ssh/id_ed25519', KEY)
    await put('.ssh/id_ed25519.pub', 'ssh-ed25519 AAAA', 0o644)
    await put('.ssh/known_hosts', 'github.com ssh-ed25519 AAAA', 0o644)
    await put('.ssh/authorized_keys', 'ssh-ed25519 BBBB')
    await put('.ssh/config', 'Host *')
    await put('.ssh/notes', 'private')
    await mkdir(join(home, '.ssh/sockets'))
    await symlink('/nowhere', join(home, '.ssh/id_gone'))

    const lists = { none: [], ask: ['known_hosts'], agent: ['known_hosts'] } as const
    for (const [mode, files] of Object.entries(lists)) {
      expect(await writeSsh(join(home, mode), { home, mode: mode as keyof typeof lists })).toEqual([])
      expect(await readdir(join(home, mode)).catch(() => [])).toEqual(files)
    }
    expect(await writeSsh(join(home, 'mount'), { home, mode: 'mount' })).toEqual([])
    const copied = ['config', 'id_ed25519', 'id_ed25519.pub', 'known_hosts', 'work']
    expect((await readdir(join(home, 'mount'))).sort()).toEqual(copied)
    expect(await readFile(join(home, 'mount/work'), 'utf8')).toBe(KEY)
    expect((await stat(join(home, 'mount'))).mode & 0o777).toBe(0o700)
    for (const name of copied) expect((await stat(join(home, 'mount', name))).mode & 0o777).toBe(0o600)
  })

  test('mount says so where there is no key', async () => {
    expect(await writeSsh(join(home, 'to'), { home, mode: 'mount' })).toEqual([
      expect.stringContaining('holds no private key'),
    ])
  })

  const gh = async (script: string) => {
    await put('bin/gh', `#!/bin/sh\n${script}\n`)
    await chmod(join(home, 'bin/gh'), 0o755)
    return await readGithubToken({ PATH: `${join(home, 'bin')}:/usr/bin:/bin` }, home)
  }

  test("gh's token is lent, and no notice shows it", async () => {
    const { token, notice } = await gh(
      '[ "$*" = "auth token --hostname github.com" ] && echo gho_0123456789abcdef',
    )
    expect(token).toBe('gho_0123456789abcdef')
    expect(notice).not.toContain('gho_')
  })

  test.each([
    ['is not logged in', 'echo "no oauth token found" >&2; exit 1', 'gh has no login'],
    ['prints something else', 'echo Welcome to gh; echo export X', 'gh has no login'],
    ['prints nothing', 'true', 'gh has no login'],
  ])('a session can do without it where gh %s', async (_, script, why) => {
    expect(await gh(script)).toEqual({ token: null, notice: expect.stringContaining(why) })
  })

  test('a gh in a folder that the PATH names relatively is not run', async () => {
    await put('gh', '#!/bin/sh\necho gho_0123456789abcdef\n', 0o755)
    const found = await readGithubToken({ PATH: '.:' }, home)
    expect(found).toEqual({ token: null, notice: expect.stringContaining('gh is not installed') })
  })
})
