import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { createTmux } from '../../../../container/terminal/tmux.ts'
import { id, openWorld } from '../../../unit/container/terminal/world.ts'

describe('panes', () => {
  test('a server that does not run has none, and asking does not start it', async () => {
    await using world = await openWorld()
    expect(await world.terminal.panes()).toEqual([])
    expect(await world.terminal.capture(id('a'))).toBeNull()
    await world.terminal.closePane(id('a'))
    expect((await world.tmux.run([['list-sessions']])).ok).toBe(false)
  })

  test('an open pane is listed under its session', async () => {
    await using world = await openWorld()
    await world.open('a')
    expect(await world.terminal.panes()).toEqual([
      { session: id('a'), tmuxSession: 'rc-a', paneId: '%0', dead: false, attached: false },
    ])
  })

  test('a pane has the ssh-agent and the login of who opens it, not those the server began with', async () => {
    vi.stubEnv('SSH_AUTH_SOCK', '/run/first.sock')
    vi.stubEnv('ANTHROPIC_API_KEY', 'sk-first')
    vi.stubEnv('https_proxy', undefined)
    await using world = await openWorld()
    await world.open('a')
    vi.stubEnv('SSH_AUTH_SOCK', '/run/second.sock')
    vi.stubEnv('ANTHROPIC_API_KEY', undefined)
    vi.stubEnv('https_proxy', 'http://proxy.test:3128')
    await world.open('b', ['sh', '-c', 'echo "$SSH_AUTH_SOCK,$ANTHROPIC_API_KEY,$https_proxy"; sleep 60'])
    vi.unstubAllEnvs()
    await world.shows('b', '/run/second.sock,,http://proxy.test:3128')
  })

  test('a second pane of one name is refused', async () => {
    await using world = await openWorld()
    await world.open('a')
    await expect(world.open('a')).rejects.toMatchObject({
      code: 'pane-exists',
      message: expect.stringContaining('rc-a'),
    })
  })

  test('a line of ours stands in the status line of that session alone, until it is taken away', async () => {
    await using world = await openWorld()
    await world.open('a')
    await world.open('a-b')
    const right = async (name: string) =>
      (await world.tmux.run([['show-options', '-A', '-v', '-t', `=rc-${name}:`, 'status-right']])).text.trim()
    const usual = await right('a')
    await world.terminal.tell?.(id('a'), ' no push left: rc status tells why ')
    expect(await right('a')).toBe('#[bg=red,fg=white] no push left: rc status tells why #[default]')
    expect(await right('a-b')).toBe(usual)
    await world.terminal.tell?.(id('a'), null)
    expect(await right('a')).toBe(usual)
  })

  test('a line that tmux would run is not shown', async () => {
    await using world = await openWorld()
    await world.open('a')
    const mark = join(world.folder, 'ran')
    for (const line of [`#(touch ${mark})`, '#{pane_id}', 'a\nb']) await world.terminal.tell?.(id('a'), line)
    const { text } = await world.tmux.run([['show-options', '-t', '=rc-a:', 'status-right']])
    expect([text.trim(), existsSync(mark)]).toEqual(['', false])
  })

  test('closing one leaves another whose name only begins alike', async () => {
    await using world = await openWorld()
    await world.open('a')
    await world.open('a-b')
    await world.terminal.closePane(id('a'))
    await world.terminal.closePane(id('a'))
    expect((await world.terminal.panes()).map(({ tmuxSession }) => tmuxSession)).toEqual(['rc-a-b'])
    expect(await world.terminal.capture(id('a'))).toBeNull()
  })

  test('closing the last one leaves no socket behind', async () => {
    await using world = await openWorld()
    await world.open('a')
    const socket = (await world.tmux.run([['display-message', '-p', '#{socket_path}']])).text.trim()
    expect(existsSync(socket)).toBe(true)
    await world.terminal.closePane(id('a'))
    expect(existsSync(socket)).toBe(false)
  })

  test('its history holds what has scrolled away, with its spaces and its long lines whole', async () => {
    await using world = await openWorld()
    const script = `for n in $(seq 100); do echo "line $n  of many"; done; printf '%0300d\\n' 7; printf 'a\\033[3Cb'; sleep 60`
    await world.open('a', ['sh', '-c', script])
    await world.shows('a', 'a   b')
    const lines = (await world.terminal.history(id('a')))
      ?.trimEnd()
      .split('\n')
      .map((line) => line.trimEnd())
    expect(lines?.slice(0, 2)).toEqual(['line 1  of many', 'line 2  of many'])
    expect(lines?.at(-2)).toMatch(/^0{299}7$/)
    expect(lines?.at(-1)).toBe('a   b')
  })

  test('the name of a folder is never run', async () => {
    await using world = await openWorld()
    const marker = join(world.folder, 'marker')
    const cwd = join(world.folder, `#(touch marker) #{pid};`)
    mkdirSync(cwd)
    await world.open('a', ['sh', '-c', 'pwd; sleep 60'], cwd)
    await world.shows('a', '#(touch marker) #{pid};')
    expect(existsSync(marker)).toBe(false)
  })

  test('what the program of a pane prints reaches neither clipboard nor names', async () => {
    await using world = await openWorld()
    const script = String.raw`printf '\033]52;c;ZXZpbA==\007\033kevil\033\\\033]2;evil\007done'; sleep 60`
    await world.open('a', ['sh', '-c', script])
    await world.shows('a', 'done')
    const { text } = await world.tmux.run([
      ['list-buffers'],
      ['list-windows', '-a', '-F', '#{session_name} #{window_name}'],
    ])
    expect(text).not.toContain('evil')
    expect((await world.terminal.panes()).map(({ session }) => session)).toEqual([id('a')])
  })

  test('attaching shows the pane even from inside another tmux, and Ctrl-Z does not reach it', async () => {
    await using world = await openWorld()
    await using outer = await openWorld()
    await world.openClaude('a')
    await outer.open('outer', world.terminal.attachArgv('a'))
    await outer.shows('outer', 'for shortcuts')
    await expect.poll(() => world.terminal.panes()).toMatchObject([{ attached: true }])
    await outer.tmux.run([['send-keys', '-t', '=rc-outer:', 'C-z']])
    await outer.shows('outer', 'Ctrl-Z would stop Claude')
  })
})

describe('typing', () => {
  test.each([
    ['hello', 'hello'],
    ['two\nlines\n\nand more', 'two\nlines\n\nand more'],
    ['-l -- ; $HOME `x` "q" \'q\' \\ #{pid} #(id);', '-l -- ; $HOME `x` "q" \'q\' \\ #{pid} #(id); '],
    ['!rm -rf .', ' !rm -rf .'],
    ['  /exit', 'Reply: /exit '],
    ['?', ' ?'],
    ['ends in \\', 'ends in \\ '],
    ['see @file', 'see @file '],
    ['so :hea', 'so :hea '],
    ['fine :+1', 'fine :+1 '],
    ['tab\there\r\nand\u001b[31m red\u001b[0m\u0007\u0003\u0000', 'tab    here\nand red'],
    ['Grüße ✅👨‍👩‍👧', 'Grüße ✅👨‍👩‍👧'],
  ])('%j arrives as one prompt', async (text, prompt) => {
    await using world = await openWorld()
    await world.openClaude('a')
    expect(await world.type('a', text)).toEqual({ status: 'typed' })
    expect(world.sent()).toEqual([prompt])
  })

  test('a text much taller than the screen arrives whole', async () => {
    await using world = await openWorld()
    await world.openClaude('a')
    const text = Array.from({ length: 80 }, (_, index) => `word ${index};`).join('\n')
    expect(await world.type('a', text)).toEqual({ status: 'typed' })
    expect(world.sent()).toEqual([text])
  })

  test('a command is sent as such when it is meant', async () => {
    await using world = await openWorld()
    await world.openClaude('a')
    expect(await world.terminal.typeInto(id('a'), '/cost', { asCommand: true })).toEqual({ status: 'typed' })
    expect(world.sent()).toEqual(['/cost'])
  })

  test('a hint in the prompt is no draft', async () => {
    await using world = await openWorld()
    await world.openClaude('a', 'hint')
    expect(await world.type('a', 'hello')).toEqual({ status: 'typed' })
    expect(world.sent()).toEqual(['hello'])
  })

  test('it leaves the scrolling view that somebody has open', async () => {
    await using world = await openWorld()
    await world.openClaude('a')
    await world.tmux.run([['copy-mode', '-t', '=rc-a:']])
    expect(await world.type('a', 'qqq')).toEqual({ status: 'typed' })
    expect(world.sent()).toEqual(['qqq'])
  })

  test('it leaves several scrolling views, one over the other', async () => {
    await using world = await openWorld()
    await world.openClaude('a')
    const pane = ['-t', '=rc-a:']
    await world.tmux.run([
      ['copy-mode', ...pane],
      ['run-shell', ...pane, 'echo shown'],
      ['copy-mode', ...pane],
    ])
    expect(await world.type('a', 'qqq')).toEqual({ status: 'typed' })
    expect(world.sent()).toEqual(['qqq'])
  })

  test.each([
    ['choose-tree', 'tree-mode'],
    ['choose-buffer', 'buffer-mode'],
    ['choose-client', 'client-mode'],
    ['clock-mode', 'clock-mode'],
    ['customize-mode', 'options-mode'],
  ])('%s of tmux gets no key, neither of a reply nor of an answer', async (command, mode) => {
    await using world = await openWorld()
    await using outer = await openWorld()
    await world.openClaude('a')
    await outer.open('outer', world.terminal.attachArgv('a'))
    await outer.shows('outer', 'for shortcuts')
    await world.tmux.run([
      ['set-buffer', 'of the user'],
      [command, '-t', '=rc-a:'],
    ])
    const { text } = await world.tmux.run([['display-message', '-p', '-t', '=rc-a:', '#{pane_mode}']])
    expect(text.trim()).toBe(mode)
    // The keys of these lists: tag, expand, delete, detach, kill, and their prompts.
    const inMode = { status: 'refused', code: 'pane-in-mode', remedy: expect.stringContaining('Close it') }
    expect(await world.type('a', 'tTxXdD:q')).toMatchObject(inMode)
    expect(await world.terminal.escape(id('a'))).toMatchObject(inMode)
    expect((await world.tmux.run([['show-buffer'], ['list-clients']])).ok).toBe(true)
    expect(world.sent()).toEqual([])
    expect((await world.terminal.panes())[0]).toMatchObject({ session: id('a'), attached: true })
  })

  test('a tmux that does not answer is told so', async () => {
    await using world = await openWorld()
    await world.open('a')
    const tmux = createTmux(world.socketName, { answerMs: 300 })
    await expect(tmux.run([['wait-for', 'nobody']])).rejects.toMatchObject({ code: 'tmux-silent' })
  })

  test('vim mode left in NORMAL takes the reply all the same, and no letter acts', async () => {
    await using world = await openWorld()
    await world.openClaude('a', 'vim')
    expect(await world.type('a', 'dd x :q')).toEqual({ status: 'typed' })
    expect(world.sent()).toEqual(['dd x :q '])
  })

  test('what is hidden under a drawn prompt is refused and gets no other key', async () => {
    await using world = await openWorld({ patienceMs: 200 })
    await world.openClaude('a', 'drawn')
    expect(await world.type('a', '1')).toEqual({ status: 'typed' })
    expect(world.sent()).toEqual(['No by Escape', '1'])
  })

  test('a menu that takes Enter for itself leaves no draft and is told as not sent', async () => {
    await using world = await openWorld({ patienceMs: 300 })
    await world.openClaude('a', 'completes')
    expect(await world.type('a', 'smile')).toMatchObject({ status: 'refused', code: 'not-arrived' })
    await expect.poll(() => world.terminal.capture(id('a'))).toMatch(/^❯\s*$/m)
    expect(world.sent()).toEqual([])
  })

  test('two replies at once do not mix', async () => {
    await using world = await openWorld()
    await world.openClaude('a')
    const results = await Promise.all([world.type('a', 'x'.repeat(120)), world.type('a', 'y'.repeat(120))])
    expect(results.map(({ status }) => status).sort()).toEqual(['refused', 'typed'])
    expect(results).toContainEqual(expect.objectContaining({ code: 'typing' }))
    expect(world.sent()).toEqual([expect.stringMatching(/^(?:x{120}|y{120})$/)])
  })

  test.each([
    ['busy', 'claude-not-idle', /works/],
    ['dialog', 'claude-not-idle', /asks something/],
    ['deaf', 'not-arrived', /was not sent/],
  ])('a %s Claude gets nothing', async (mode, code, message) => {
    await using world = await openWorld({ patienceMs: 200 })
    await world.openClaude('a', mode)
    const result = await world.type('a', '1')
    expect(result).toEqual({
      status: 'refused',
      code,
      message: expect.stringMatching(message),
      remedy: expect.stringMatching(/\.$/),
    })
    expect(world.sent()).toEqual([])
    await expect.poll(() => world.terminal.capture(id('a'))).not.toMatch(/❯\s+[1x]$/m)
  })

  test('what somebody has begun to type stays as it is', async () => {
    await using world = await openWorld()
    await world.openClaude('a')
    await world.tmux.run([['send-keys', '-t', '=rc-a:', '-l', '--', 'half a sent']])
    await world.shows('a', 'half a sent')
    expect(await world.type('a', 'hello')).toMatchObject({ status: 'refused', code: 'draft' })
    await world.shows('a', 'half a sent')
    expect(world.sent()).toEqual([])
  })

  test('a shell gets nothing, even when its screen looks like an idle Claude', async () => {
    await using world = await openWorld()
    const rule = '─'.repeat(60)
    await world.open('a', [
      'sh',
      '-c',
      `printf '${rule}\\n❯\u00a0\\n${rule}\\n  ? for shortcuts\\n'; exec sh`,
    ])
    await world.shows('a', 'for shortcuts')
    expect(await world.type('a', 'touch marker')).toMatchObject({
      status: 'refused',
      code: 'claude-not-running',
    })
    expect(await world.terminal.capture(id('a'))).not.toContain('touch')
  })

  test('a shell gets nothing that takes the keys of the pane too', async () => {
    await using world = await openWorld()
    await world.openClaude('a')
    await world.tmux.run([
      ['split-window', '-t', '=rc-a:', 'cat'],
      ['set-option', '-w', '-t', '=rc-a:', 'synchronize-panes', 'on'],
    ])
    expect(await world.type('a', 'touch marker')).toMatchObject({
      status: 'refused',
      code: 'panes-synchronized',
    })
    expect((await world.tmux.run([['capture-pane', '-p', '-t', '=rc-a:']])).text).not.toContain('touch')
    expect(world.sent()).toEqual([])
  })

  test('an editor gets nothing, even when Claude has started it on what looks like an empty prompt', async () => {
    await using world = await openWorld({ programs: ['cat'], patienceMs: 200 })
    const rule = '─'.repeat(60)
    const text = join(world.folder, 'text')
    writeFileSync(text, `${rule}\n❯\u00a0\n${rule}\n  ? for shortcuts\n`)
    // Like one it takes keys where Claude did, and shows its cursor.
    await world.open('a', ['cat', text, '-'])
    await world.shows('a', 'for shortcuts')
    const before = await world.terminal.capture(id('a'))
    expect(await world.type('a', 'dd')).toMatchObject({ status: 'refused', code: 'other-program' })
    expect(await world.terminal.capture(id('a'))).toBe(before)
  })

  test('a pane that the user has split off gets nothing', async () => {
    await using world = await openWorld()
    await world.openClaude('a')
    await world.tmux.run([['split-window', '-b', '-t', '=rc-a:', 'cat']])
    expect(await world.terminal.panes()).toHaveLength(1)
    expect(await world.type('a', 'hello')).toEqual({ status: 'typed' })
    expect(world.sent()).toEqual(['hello'])
  })

  test('without a pane, or without words, nothing is typed', async () => {
    await using world = await openWorld()
    expect(await world.type('a', 'hello')).toMatchObject({ status: 'refused', code: 'no-pane' })
    await world.openClaude('a')
    expect(await world.type('a', ' \u001b[A\n')).toMatchObject({ status: 'refused', code: 'empty' })
  })
})
