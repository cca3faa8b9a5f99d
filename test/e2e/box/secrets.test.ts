/**
 * Where a session's secrets are: searched for everywhere that keeps, shows or sends anything. They are in the session's
 * seed, in the files they came from, and in the environment of Claude and what it starts: that is what they are lent for,
 * so everything that runs in a session can read them there.
 */
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createWorld, until, type World } from '../world.ts'

const LOGINS = {
  token: { setting: 'oauth_token', secret: `sk-ant-oat01-${'Recognise4ble'.repeat(7)}` },
  key: { setting: 'api_key', secret: `sk-ant-api03-${'Recognise4ble'.repeat(7)}` },
}
const GITHUB = 'gho_Recognise4bleGithubToken0123456789'
const ARGUED = 'ghp_Recognise4bleArgument0123456789abc'

const push = (rest: string) => ({ name: 'Bash', input: { command: `git push -q origin ${rest}` } })
const scripts = {
  'push-it': [
    { tools: [push('HEAD:main')] },
    { tools: [push(`-o token=${ARGUED} HEAD:two`)] },
    { text: 'Pushed.' },
  ],
}

describe.each(Object.entries(LOGINS))(
  'with a %s, a GitHub login and an ssh key',
  (_, { setting, secret }) => {
    let world: World
    let session: { id: string; containerId: string; root: string }
    /** What is searched for. */
    const secrets: Record<string, string> = { login: secret, github: GITHUB }

    beforeAll(async () => {
      const credentials = { anthropic: { [setting]: secret }, github: true, ssh: 'mount' }
      world = await createWorld({ scripts, config: { credentials } })
      await mkdir(join(world.home, 'bin'))
      await writeFile(join(world.home, 'bin/gh'), `#!/bin/sh\necho ${GITHUB}\n`)
      await chmod(join(world.home, 'bin/gh'), 0o755)
      world.env.PATH = `${join(world.home, 'bin')}:${world.env.PATH}`
      await mkdir(join(world.home, '.ssh'), { mode: 0o700 })
      await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(world.home, '.ssh/id_ed25519')])
      const lines = (await readFile(join(world.home, '.ssh/id_ed25519'), 'utf8')).split('\n')
      // The lines before hold the public key, those after little.
      for (const at of [3, 4]) secrets[`line ${at} of the ssh key`] = lines[at] ?? ''

      const dir = await world.project('secrets')
      await world.must('start', dir, '--no-attach', '-p', 'push-it')
      const ask = await world.ask({ session: 'secrets', state: 'pending' })
      await world.tap(ask.url ?? '', { answer: 'allow' })
      await until('the push to arrive', () => world.pushed(dir))
      await until('the second ask', async () =>
        (await world.asks()).some((one) => one.session === 'secrets' && one.state === 'pending'),
      )
      const [container] = JSON.parse(await world.must('list', '--json'))
      const id = String(container.id)
      session = {
        id,
        containerId: await run(
          'docker',
          'ps',
          '-q',
          '--no-trunc',
          '--filter',
          `label=remote-claude.session=${id}`,
        ),
        root: join(world.home, '.local/state/remote-claude/sessions', id),
      }
      expect(session.containerId).toMatch(/^[0-9a-f]{64}$/)
    })
    afterAll(() => world.destroy())

    const run = async (program: string, ...args: string[]) => (await execa(program, args)).stdout
    const inside = async (script: string) =>
      (await execa('docker', ['exec', '-i', session.containerId, 'sh', '-c', script])).stdout

    /** The names of secrets in it, however they are written. */
    const seenIn = (content: string) =>
      Object.entries(secrets).flatMap(([name, text]) =>
        [text, Buffer.from(text).toString('base64').slice(0, -4), encodeURIComponent(text)].some((one) =>
          content.includes(one),
        )
          ? [name]
          : [],
      )

    /** Files below folders that hold one of the secrets, without naming these in anybody's arguments. */
    const filesWith = async (argv: string[], ...folders: string[]) => {
      const search = ['grep', '-rlaFs', '-f', '-', ...folders]
      const [program = '', ...args] = [...argv, ...search]
      const input = Object.values(secrets).join('\n')
      return (await execa(program, args, { input, reject: false })).stdout.split('\n').filter(Boolean).sort()
    }

    test('the session can use what it was lent', async () => {
      const claude = await inside(
        'for p in /proc/[0-9]*; do tr "\\0" "\\n" < $p/environ; done 2>/dev/null | sort -u',
      )
      expect(claude).toContain(secret)
      expect(claude).toContain(`GH_TOKEN=${GITHUB}`)
      const open = await inside('ssh-keygen -y -f ~/.ssh/id_ed25519')
      expect(await readFile(join(world.home, '.ssh/id_ed25519.pub'), 'utf8')).toContain(open)
    })

    test('Docker knows none of it: inspect, labels, history, logs, its own files', async () => {
      const root = await run('docker', 'info', '-f', '{{.DockerRootDir}}')
      const [upper, image] = (
        await run('docker', 'inspect', '-f', '{{.GraphDriver.Data.UpperDir}} {{.Image}}', session.containerId)
      ).split(' ')
      expect(seenIn(await run('docker', 'inspect', session.containerId, image ?? ''))).toEqual([])
      expect(seenIn(await run('docker', 'history', '--no-trunc', image ?? ''))).toEqual([])
      expect(seenIn(await run('docker', 'logs', session.containerId))).toEqual([])
      // Only root sees into these, and then they are there.
      const own = join(root, 'containers', session.containerId)
      if (process.getuid?.() === 0) expect(await readdir(own)).toContain('config.v2.json')
      expect(await filesWith([], own, upper ?? own)).toEqual([])
    })

    test('no process shows it among its arguments, and none outside the session has it in its environment', async () => {
      expect(seenIn(await run('ps', '-eo', 'args'))).toEqual([])
      expect(seenIn(await inside('ps -eo args; cat /proc/[0-9]*/cmdline 2>/dev/null'))).toEqual([])
      const mine = (await run('docker', 'top', session.containerId, '-eo', 'pid')).split(/\s+/)
      for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
        const read = async (name: string) => await readFile(`/proc/${pid}/${name}`, 'latin1').catch(() => '')
        expect(seenIn(await read('cmdline'))).toEqual([])
        if (!mine.includes(pid))
          expect({ pid, seen: seenIn(await read('environ')) }).toEqual({ pid, seen: [] })
      }
    })

    test('the terminal has it neither on its screen nor in its history nor in its environment', async () => {
      const places = [
        ['capture-pane', '-p', '-S', '-', '-t', '=rc-secrets:'],
        ['show-environment', '-g'],
        ['show-environment', '-t', '=rc-secrets'],
        ['list-panes', '-a', '-F', '#{pane_start_command} #{pane_title} #{session_name}'],
      ]
      for (const place of places) {
        const shown = await world.tmux(...place)
        expect(seenIn(shown)).toEqual([])
        if (place[0] === 'capture-pane') expect(shown).toContain('git push')
      }
    })

    test('no push holds it, and one that a command names is masked', async () => {
      const pushes = JSON.stringify(world.pushover.pushes)
      expect(pushes).toContain('HEAD:main')
      expect(seenIn(pushes)).toEqual([])
      await until('the second push', async () => JSON.stringify(world.pushover.pushes).includes('HEAD:two'))
      expect(JSON.stringify(world.pushover.pushes)).not.toContain(ARGUED)
    })

    test('on the host it is in its own files and the seed of the session, for their owner alone', async () => {
      const seed = join(session.root, 'seed')
      const expected = [
        join(world.home, '.config/remote-claude/config.yaml'),
        join(world.home, '.ssh/id_ed25519'),
        join(world.home, 'bin/gh'),
        join(seed, 'env.sh'),
        join(seed, 'home/.ssh/id_ed25519'),
        // Its variables outrank those of every other settings file, so that none can bring another login.
        join(session.root, 'etc/managed-settings.json'),
      ]
      // Log and database, with what SQLite has not moved into it yet, are among the files that are searched.
      const state = await readdir(join(world.home, '.local/state/remote-claude'))
      expect(state).toEqual(expect.arrayContaining(['responder.log', 'responder.db', 'responder.db-wal']))
      expect(await filesWith([], world.home)).toEqual(expected.sort())
      // What Claude has to read belongs to root in there; the folder above keeps everybody else on the host away.
      for (const file of expected.filter((one) => !/\/gh$|\/etc\//.test(one)))
        expect((await stat(file)).mode & 0o077).toBe(0)
      expect((await stat(session.root)).mode & 0o077).toBe(0)
    })

    test('inside it is in the seed, and nowhere that Claude or a hook writes', async () => {
      const exec = ['docker', 'exec', '-i', session.containerId]
      const folders = ['/etc', '/home', '/opt', '/run', '/tmp', '/usr/local', '/var', world.home]
      expect(await filesWith(exec, ...folders)).toEqual([
        '/etc/claude-code/managed-settings.json',
        '/home/claude/.ssh/id_ed25519',
        '/run/remote-claude/seed/env.sh',
        '/run/remote-claude/seed/home/.ssh/id_ed25519',
      ])
    })

    test('after rc kill it is in its own files only', async () => {
      await world.must('kill', 'secrets', '-f')
      expect(await filesWith([], join(world.home, '.local'))).toEqual([])
      expect(await filesWith([], world.home)).toEqual([
        join(world.home, '.config/remote-claude/config.yaml'),
        join(world.home, '.ssh/id_ed25519'),
        join(world.home, 'bin/gh'),
      ])
    })
  },
)
