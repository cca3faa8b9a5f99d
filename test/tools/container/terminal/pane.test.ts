import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { createTmux } from '../../../../container/terminal/tmux.ts'

const SCRIPT = fileURLToPath(new URL('../../../../container/terminal/pane.sh', import.meta.url))
const FAKES = fileURLToPath(new URL('../../../fixtures/pane', import.meta.url))

/** pane.sh in a real tmux, with a docker client and an rc that are scripts. */
async function openPane() {
  const folder = mkdtempSync(join(tmpdir(), 'pane-'))
  cpSync(FAKES, folder, { recursive: true })
  mkdirSync(join(folder, 'first'))
  // `docker start …` runs the script `start` in a process that is called docker.
  symlinkSync('/bin/sh', join(folder, 'docker'))
  for (const command of ['attach', 'inspect', 'start'])
    cpSync(join(folder, 'docker-command'), join(folder, command))
  const tmux = createTmux(`rc-pane-${folder.slice(-6)}`)
  const argv = ['sh', SCRIPT, join(folder, 'docker'), 'first', join(folder, 'rc'), 'my-session']
  const commands = [
    ['new-session', '-d', '-x', '160', '-y', '30', '--', ...argv],
    ['set-option', '-g', 'remain-on-exit', 'on'],
  ]
  const { problem } = await tmux.run(commands, { cwd: folder })
  if (problem !== '') throw new Error(problem)
  const tell = async (format: string) => (await tmux.run([['display-message', '-p', format]])).text.trim()
  const screen = async () => (await tmux.run([['capture-pane', '-p']])).text
  return {
    folder,
    tell,
    screen,
    shows: (text: string) => expect.poll(screen, { timeout: 8_000, interval: 30 }).toContain(text),
    type: (text: string) =>
      tmux.run([
        ['send-keys', '-l', '--', text],
        ['send-keys', 'Enter'],
      ]),
    set: (name: string, value: string) => tmux.run([['set-environment', name, value]]),
    press: (key: string) => tmux.run([['send-keys', key]]),
    calls: () => readFileSync(join(folder, 'calls'), 'utf8').split('\n'),
    async [Symbol.asyncDispose]() {
      const { text } = await tmux.run([['display-message', '-p', '#{socket_path}'], ['kill-server']])
      if (text !== '') rmSync(text.trim(), { force: true })
      rmSync(folder, { recursive: true })
    },
  }
}

test('the docker client is the foreground program while Claude runs, and no longer when it has ended', async () => {
  await using pane = await openPane()
  await pane.shows('showing first by start')
  expect(await pane.tell('#{pane_current_command}')).toBe('docker')
  await pane.type('end 0')
  await pane.shows('Claude Code ended in my-session (exit code 0).')
  expect(await pane.tell('#{pane_current_command}')).not.toBe('docker')
})

test('an end puts the terminal back, and what was typed too late is no answer', async () => {
  await using pane = await openPane()
  await pane.shows('showing first')
  await pane.type('end 3\rq\rq')
  await pane.shows('(exit code 3).')
  await pane.shows('key and Enter >')
  expect(await pane.tell('#{alternate_on} #{mouse_any_flag} #{cursor_flag} #{pane_dead}')).toBe('0 0 1 0')
})

test('r restarts in the same pane with the container that rc names', async () => {
  await using pane = await openPane()
  await pane.shows('showing first')
  await pane.type('end 1')
  await pane.shows('key and Enter >')
  await pane.type('r')
  await pane.shows('showing second by start')
  expect(pane.calls()).toContain('rc restart my-session --in-pane')
})

test('r takes the ssh-agent and login of whoever came to the pane last, and not what tmux lets go', async () => {
  await using pane = await openPane()
  const [agent, key] = ['/run/my agents/"new" $HOME `x`', 'sk-\\n']
  const printed = '"$SSH_AUTH_SOCK" "$ANTHROPIC_API_KEY" "[$RC_TWO_LINES]"'
  writeFileSync(
    join(pane.folder, 'rc'),
    `#!/bin/sh\n[ "$1" = restart ] && printf '%s\\n' ${printed} >>"\${0%/*}/calls"\nexit 1\n`,
  )
  await pane.shows('showing first')
  await pane.type('end 1')
  await pane.shows('close this pane: key and Enter >')
  // What attaching does for the variables that container/terminal/terminal.ts names.
  await pane.set('SSH_AUTH_SOCK', agent)
  await pane.set('ANTHROPIC_API_KEY', key)
  await pane.set('RC_TWO_LINES', 'two\nlines')
  await pane.type('r')
  await expect.poll(pane.calls, { timeout: 8_000 }).toEqual(expect.arrayContaining([agent, key, '[]']))
})

test('c continues the conversation', async () => {
  await using pane = await openPane()
  await pane.shows('showing first')
  await pane.type('end 1')
  await pane.shows('key and Enter >')
  await pane.type('c')
  await pane.shows('showing second by start')
  expect(pane.calls()).toContain('rc restart my-session --in-pane --continue')
})

test('a restart that fails asks again', async () => {
  await using pane = await openPane()
  await pane.shows('showing first')
  await pane.type('end 1')
  await pane.shows('key and Enter >')
  writeFileSync(join(pane.folder, 'broken'), '')
  await pane.type('r')
  await pane.shows('rc: The engine is not running.')
  await expect
    .poll(async () => (await pane.screen()).match(/key and Enter >/g)?.length, { timeout: 8_000 })
    .toBe(2)
})

test('q closes the pane and says how to remove what stays', async () => {
  await using pane = await openPane()
  await pane.shows('showing first')
  await pane.type('end 0')
  await pane.shows('key and Enter >')
  await pane.type('q')
  await expect.poll(() => pane.tell('#{pane_dead}'), { timeout: 8_000 }).toBe('1')
  expect(await pane.screen()).toContain('rc rm my-session removes it')
  expect(pane.calls().filter((call) => call.startsWith('rc '))).toEqual(['rc status my-session --planted'])
})

test('Ctrl-C, Ctrl-\\, Ctrl-Z and an empty line at the question ask again', async () => {
  await using pane = await openPane()
  await pane.shows('showing first')
  await pane.type('end 0')
  await pane.shows('key and Enter >')
  for (const key of ['C-c', 'C-\\', 'C-z', 'Enter']) await pane.press(key)
  await pane.type('r')
  await pane.shows('showing second')
})

test('a lost connection to a container that runs on is taken up again', async () => {
  await using pane = await openPane()
  await pane.shows('showing first by start')
  await pane.type('lose')
  await pane.shows('showing first by attach')
})

test('a kill is told from a lack of memory', async () => {
  await using pane = await openPane()
  await pane.shows('showing first')
  await pane.type('end 137')
  await pane.shows('killed from outside, or ran out of memory (sandbox.memory)')
  await pane.type('r')
  await pane.shows('showing second')
  writeFileSync(join(pane.folder, 'second/OOMKilled'), 'true\n')
  await pane.type('end 137')
  await pane.shows('It ran out of memory: raise sandbox.memory')
})

test('a container that is gone is called gone', async () => {
  await using pane = await openPane()
  await pane.shows('showing first')
  rmSync(join(pane.folder, 'first'), { recursive: true })
  await pane.type('lose')
  await pane.shows('The container of my-session is gone.')
})
