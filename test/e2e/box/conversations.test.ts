/** What a session says stays its own, goes on across its ends, and comes home when the person says so. */
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { claudeVariables, firstRunState } from '../../../bin/doctor/claude/claude-home.ts'
import { claudeBinary, NEWEST, OLDEST } from '../claude-binary.ts'
import { createWorld, until, type World } from '../world.ts'

let world: World
let app: string

beforeEach(async () => {
  world = await createWorld({
    scripts: {
      'remember the heron': [{ text: 'The heron is remembered.' }],
      'and the otter': [{ text: 'The otter too.' }],
      'what do you know': [{ text: 'I know things.' }],
    },
  })
  app = await world.project('app')
})
afterEach(() => world.destroy())

const ofHost = () => join(world.home, '.claude/projects', app.replace(/[^a-zA-Z0-9]/g, '-'))
const namesOf = (folder: string) => readdir(folder, { recursive: true }).catch(() => [])
const inside = (script: string) => world.must('shell', 'app', '--', 'sh', '-c', script)
const lastRequest = () => JSON.stringify(world.model.requests.at(-1)?.messages)

/** What the Claude of the host tells its model when it is started in the folder. */
async function askHost(version: string, ...args: string[]): Promise<string> {
  await writeFile(join(world.home, '.claude.json'), JSON.stringify(firstRunState([app])))
  const env = { ...world.env, ...claudeVariables(world.model.url), IS_SANDBOX: '1' }
  const options = { cwd: app, env, extendEnv: false, stdin: 'ignore' } as const
  await execa(await claudeBinary(version), ['-p', ...args, 'what do you know'], options)
  return JSON.stringify(world.model.requests.at(-1))
}

async function say(prompt: string, answer: RegExp): Promise<void> {
  await world.tmux('send-keys', '-t', '=rc-app:', '-l', prompt)
  await world.tmux('send-keys', '-t', '=rc-app:', 'Enter')
  await world.screenShows('app', answer)
}

test.each([OLDEST, NEWEST])(
  'a session speaks to the Claude of the host (%s) only when its conversation is taken home, and by nothing else',
  async (version) => {
    await world.must('start', app, '--no-attach', '--prompt', 'remember the heron')
    await world.screenShows('app', /The heron is remembered/)
    await inside(
      'mkdir -p ~/.claude/projects/*/memory && cd ~/.claude/projects/* && echo "- PLANTED line" > memory/MEMORY.md && echo "- PLANTED line" > MEMORY.md',
    )
    expect(await namesOf(ofHost())).toEqual([])
    expect(await askHost(version)).not.toMatch(/PLANTED|heron/)

    await world.must('take', 'app', '--yes')
    const taken = await world.must('take', 'app', '--list')
    const id = /^[0-9a-f-]{36}/m.exec(taken)?.[0] ?? ''
    expect((await namesOf(ofHost())).filter((name) => name.startsWith(id))).toEqual([`${id}.jsonl`])
    expect(await readFile(join(ofHost(), `${id}.jsonl`), 'utf8')).not.toMatch(
      /permissionMode|queue-operation/,
    )
    const told = await askHost(version, '--resume', id)
    expect(told).toContain('The heron is remembered.')
    expect(told).not.toContain('PLANTED')
  },
)

test('a conversation goes on across a restart, an end and a new start, without what else was written beside it', async () => {
  await world.must('start', app, '--no-attach', '--prompt', 'remember the heron')
  await world.screenShows('app', /The heron is remembered/)
  await inside(
    'mkdir -p ~/.claude/projects/*/memory && cd ~/.claude/projects/* && echo "- PLANTED line" > memory/MEMORY.md',
  )

  await world.must('restart', 'app', '--continue', '-f')
  await world.screenShows('app', /The heron is remembered/)
  expect(await inside('cd ~/.claude/projects/* && ls')).not.toContain('memory')
  await say('and the otter', /The otter too/)
  expect(lastRequest()).toContain('The heron is remembered.')

  await world.must('kill', 'app', '-f')
  await world.must('start', app, '--no-attach', '--continue')
  await world.screenShows('app', /The otter too/)
  await say('what do you know', /I know things/)
  expect(lastRequest()).toMatch(/heron is remembered.*otter too/)
  expect(JSON.stringify(world.model.requests)).not.toContain('PLANTED')
  expect(await namesOf(join(world.home, '.claude'))).toEqual([])
})

test("a session goes on with the last conversation of the host's Claude, of which the host keeps its own", async () => {
  await mkdir(join(world.home, '.claude'))
  await askHost(NEWEST, '--append-system-prompt', 'x')
  const before = await namesOf(ofHost())
  const [name = ''] = before
  // What was started with -p is not continued.
  const text = (await readFile(join(ofHost(), name), 'utf8')).replaceAll('"sdk-cli"', '"cli"')
  await writeFile(join(ofHost(), name), text)
  // What a session of an earlier version may have left there.
  await symlink('/etc/hostname', join(ofHost(), '00000000-0000-4000-8000-000000000000.jsonl'))

  await world.must('start', app, '--no-attach', '--continue')
  await world.screenShows('app', /I know things/)
  expect(await inside('ls ~/.claude/projects/*')).toBe(name)
  await say('and the otter', /The otter too/)
  expect(lastRequest()).toContain('I know things.')
  expect(await readFile(join(ofHost(), name), 'utf8')).toBe(text)

  await world.must('take', 'app', '--yes')
  const taken = await readFile(join(ofHost(), name), 'utf8')
  expect(taken.startsWith(text)).toBe(true)
  expect(taken).toContain('The otter too.')
})

test('a session that fills the folder of its conversations is ended, and says why', async () => {
  await world.must('start', app, '--no-attach', '--prompt', 'remember the heron')
  await world.screenShows('app', /The heron is remembered/)
  await world.rc('shell', 'app', '--', 'sh', '-c', 'cd ~/.claude/projects/* && head -c 8G /dev/zero > fill')
  await until(
    'the end of app',
    async () => !/"(running|waiting)/.test(await world.must('list', '--all', '--json')),
    () => world.must('list', '--all', '--json'),
  )
  expect((await world.rc('status', 'app', '--planted')).stderr).toContain('grown beyond 256 MB')
  const left = await until('an empty folder', async () => {
    const names = await readdir(join(world.home, '.local/state/remote-claude/sessions'))
    const folder = join(world.home, '.local/state/remote-claude/sessions', names[0] ?? '', 'conversations')
    return (await namesOf(folder)).length === 0
  })
  expect(left).toBe(true)
  await world.must('restart', 'app', '--continue')
  await world.screenShows('app', /The heron is remembered/)
})
