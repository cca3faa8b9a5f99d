import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { readScreen } from '../../../../container/screen/screen.ts'
import { viewOf } from '../../../../container/screen/view.ts'
import { type Sight, STANDS_MS } from '../../../../container/terminal/pane-watch.ts'
import { createPresser } from '../../../../container/terminal/presser.ts'
import type { ScreenView } from '../../../../server/ports.ts'
import { EDITOR_NAMES, EDITORS, id, openWorld } from '../../../unit/container/terminal/world.ts'

const RULE = '─'.repeat(60)
const TRUST = `${RULE}\n Accessing workspace:\n\n ❯ No, exit\n   Yes, I trust this folder\n\n Enter to confirm · Esc to cancel\n`

type World = Awaited<ReturnType<typeof openWorld>>

function sightOf(text: string): Sight {
  const shown = { text, screen: readScreen(text) }
  return { ...shown, isClaude: true, isSynchronized: false, hasCursor: false, mode: '' }
}

async function readOf(world: World): Promise<ScreenView> {
  const view = await world.terminal.read(id('a'))
  if (view === null) throw new Error('nothing waits for a key')
  return view
}
const press = (world: World, digest: string, key: string) => world.terminal.press(id('a'), { digest, key })

describe('what is read', () => {
  test('is the screen with its own choices and Esc', async () => {
    await using world = await openWorld()
    await world.openClaude('a', 'menu')
    expect(await readOf(world)).toEqual({
      name: null,
      question: 'Do you trust it?',
      options: [
        { key: '#1', label: 'No, exit' },
        { key: '#2', label: 'Yes, I trust this folder' },
        { key: '#3', label: 'Perhaps' },
        { key: 'Escape', label: 'Esc' },
      ],
      isCut: false,
      screen: expect.stringContaining('❯ No, exit'),
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  })

  test.each(['idle', 'busy'])('is nothing where Claude is %s', async (mode) => {
    await using world = await openWorld()
    await world.openClaude('a', mode)
    expect(await world.terminal.read(id('a'))).toBeNull()
  })

  test.each(['idle', 'busy', 'menu'])('is told where Claude is %s, so nothing is the truth', async (mode) => {
    await using world = await openWorld()
    await world.openClaude('a', mode)
    expect(await world.terminal.whyNotRead?.(id('a'))).toBeNull()
  })

  test('is nothing without a pane, and that is said', async () => {
    await using world = await openWorld()
    expect(await world.terminal.read(id('a'))).toBeNull()
    expect(await world.terminal.whyNotRead?.(id('a'))).toBe('The session has no open pane.')
    expect(await press(world, 'x', 'Enter')).toMatchObject({ status: 'refused', code: 'no-pane' })
  })
})

describe('pressing', () => {
  test.each([
    ['#1', 'No, exit'],
    ['#2', 'Yes, I trust this folder'],
    ['#3', 'Perhaps'],
  ])('%s chooses "%s", wherever the cursor stands', async (key, label) => {
    await using world = await openWorld()
    await world.openClaude('a', 'menu')
    const { digest } = await readOf(world)
    await world.tmux.run([['send-keys', '-t', '=rc-a:', 'Down']])
    expect(await press(world, digest, key)).toEqual({ status: 'pressed', isGone: true })
    expect(world.sent()).toEqual([label])
  })

  test('leaves the scrolling view that somebody has open', async () => {
    await using world = await openWorld()
    await world.openClaude('a', 'menu')
    const { digest } = await readOf(world)
    await world.tmux.run([['copy-mode', '-t', '=rc-a:']])
    expect(await press(world, digest, '#2')).toEqual({ status: 'pressed', isGone: true })
    expect(world.sent()).toEqual(['Yes, I trust this folder'])
  })

  test('is refused when the screen is another one by now', async () => {
    await using world = await openWorld()
    await world.openClaude('a', 'menu')
    const { digest } = await readOf(world)
    await world.tmux.run([['send-keys', '-t', '=rc-a:', 'Enter']])
    await world.shows('a', 'for shortcuts')
    expect(await press(world, digest, '#2')).toMatchObject({ status: 'refused', code: 'screen-changed' })
    expect(world.sent()).toEqual(['No, exit'])
  })

  test('chooses nothing when another dialog comes up on the way', async () => {
    await using world = await openWorld()
    await world.openClaude('a', 'hurried')
    const { digest } = await readOf(world)
    expect(await press(world, digest, '#3')).toMatchObject({ status: 'refused', code: 'screen-changed' })
    expect(world.sent()).toEqual([])
  })

  test('chooses nothing when somebody moves the cursor away before Enter', async () => {
    const sights = [TRUST, TRUST, TRUST, TRUST.replace('❯ No', '  No').replace('  Yes', '❯ Yes')].map(sightOf)
    const keys: string[] = []
    const look = async () => sights.shift() ?? sightOf('')
    const presser = createPresser(
      {
        run: async ([command]) => {
          keys.push(String(command?.at(-1)))
          return { ok: true, text: '', problem: '' }
        },
      },
      { look, lookUntil: look, lookWhile: look, leaveScrolling: look, alone: (_, task) => task() },
    )
    const digest = viewOf(sightOf(TRUST))?.digest ?? ''
    expect(await presser.press('%0', { digest, key: '#1' })).toMatchObject({ code: 'screen-changed' })
    expect(keys).toEqual([])
  })

  test('chooses nothing when the cursor does not follow', async () => {
    await using world = await openWorld({ patienceMs: 200 })
    await world.openClaude('a', 'stuck')
    const { digest } = await readOf(world)
    expect(await press(world, digest, '#2')).toMatchObject({ status: 'refused', code: 'not-moved' })
  })

  test.each(['1', '2', '3'])(
    '%s of a list that waits for Enter is chosen by arrows and Enter',
    async (key) => {
      await using world = await openWorld()
      await world.openClaude('a', 'numbered')
      const { digest } = await readOf(world)
      expect(await press(world, digest, key)).toEqual({ status: 'pressed', isGone: true })
      expect(world.sent()).toEqual([['No, exit', 'Yes, I trust this folder', 'Perhaps'][Number(key) - 1]])
    },
  )

  test('answers one dialog, however alike the next one is and however long it stays', async () => {
    await using world = await openWorld({ patienceMs: 400 })
    await world.openClaude('a', 'twins')
    const { digest } = await readOf(world)
    expect(await press(world, digest, '1')).toEqual({ status: 'pressed', isGone: false })
    expect(world.sent()).toEqual(['Yes by "1"'])
    expect((await readOf(world)).digest).toBe(digest)
  })

  test('waits until the dialog takes keys', async () => {
    await using world = await openWorld({ standsMs: STANDS_MS })
    await world.openClaude('a', 'young')
    const { digest } = await readOf(world)
    expect(await press(world, digest, '1')).toEqual({ status: 'pressed', isGone: true })
    expect(world.sent()).toEqual(['Yes by "1"'])
  })

  test('says when the key was lost, and it may be pressed again', async () => {
    await using world = await openWorld({ patienceMs: 100, standsMs: 0 })
    await world.openClaude('a', 'young')
    const { digest } = await readOf(world)
    expect(await press(world, digest, '1')).toEqual({ status: 'pressed', isGone: false })
    await sleep(1_000)
    expect(await press(world, digest, '1')).toEqual({ status: 'pressed', isGone: true })
    expect(world.sent()).toEqual(['Yes by "1"'])
  })

  test('leaves a row that takes text, where a digit would be text', async () => {
    await using world = await openWorld()
    await world.openClaude('a', 'text')
    const { digest, options } = await readOf(world)
    expect(options.map(({ key }) => key)).toEqual(['1', '2', '4', 'Escape'])
    expect(await press(world, digest, '3')).toMatchObject({ status: 'refused', code: 'no-such-key' })
    expect(await press(world, digest, '1')).toEqual({ status: 'pressed', isGone: true })
    expect(world.sent()).toEqual(['Red'])
  })

  test('says when the screen stays as it is', async () => {
    await using world = await openWorld({ patienceMs: 200 })
    await world.openClaude('a', 'dialog')
    const { digest } = await readOf(world)
    expect(await press(world, digest, '2')).toEqual({ status: 'pressed', isGone: false })
  })

  test.each(['#4', '#0', 'C-c', 'kill-server', 'y', ''])('does not know the key %j', async (key) => {
    await using world = await openWorld()
    await world.openClaude('a', 'stuck')
    const { digest } = await readOf(world)
    expect(await press(world, digest, key)).toMatchObject({ status: 'refused', code: 'no-such-key' })
  })

  test('of two at once happens once', async () => {
    await using world = await openWorld()
    await world.openClaude('a', 'menu')
    const { digest } = await readOf(world)
    const results = await Promise.all([press(world, digest, '#2'), press(world, digest, '#3')])
    expect(results.filter(({ status }) => status === 'pressed')).toHaveLength(1)
    expect(world.sent()).toHaveLength(1)
  })
})

describe('no key reaches', () => {
  test('panes that take them together', async () => {
    await using world = await openWorld()
    await world.openClaude('a', 'menu')
    const { digest } = await readOf(world)
    await world.tmux.run([
      ['split-window', '-t', '=rc-a:', 'cat'],
      ['set-option', '-w', '-t', '=rc-a:', 'synchronize-panes', 'on'],
    ])
    expect(await press(world, digest, '#2')).toMatchObject({ status: 'refused', code: 'panes-synchronized' })
    expect(await world.terminal.read(id('a'))).toBeNull()
    expect(world.sent()).toEqual([])
  })

  /** What `program` shows of a file that looks like a dialog, and that it is untouched after a try to answer it. */
  async function expectUntouched(world: World, code: string): Promise<void> {
    await world.shows('a', 'Accessing workspace')
    const before = await world.terminal.capture(id('a'))
    expect(await world.terminal.read(id('a'))).toBeNull()
    expect(await world.terminal.whyNotRead?.(id('a'))).toMatch(
      code === 'other-program' ? /text cursor/ : /does not run/,
    )
    const { digest } = await forged()
    for (const key of ['#2', 'Enter', '1']) {
      expect(await press(world, digest, key)).toMatchObject({ status: 'refused', code })
    }
    expect(await world.terminal.capture(id('a'))).toBe(before)
  }

  /** The digest that Claude's own screen of these words would have. */
  async function forged(): Promise<ScreenView> {
    await using world = await openWorld({ programs: ['cat'] })
    writeFileSync(join(world.folder, 'text'), `\u001b[?25l${TRUST}`)
    await world.open('a', ['cat', join(world.folder, 'text'), '-'])
    await world.shows('a', 'Accessing workspace')
    const view = await readOf(world)
    expect(view.name).toBe('trust')
    return view
  }

  test('a shell that Claude has left behind', async () => {
    await using world = await openWorld()
    writeFileSync(join(world.folder, 'text'), TRUST)
    await world.open('a', ['sh', '-c', `cat text; PS1= exec sh`])
    await expectUntouched(world, 'claude-not-running')
  })

  test.each(EDITORS)('%s in the foreground', async (program) => {
    await using world = await openWorld()
    writeFileSync(join(world.folder, 'text'), TRUST)
    await world.open('a', [program, 'text'])
    await expectUntouched(world, 'claude-not-running')
  })

  test.each(EDITORS)('%s behind what stands for Claude', async (program) => {
    await using world = await openWorld({ programs: EDITOR_NAMES })
    writeFileSync(join(world.folder, 'text'), TRUST)
    await world.open('a', [program, 'text'])
    await expectUntouched(world, 'other-program')
  })
})
