import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { BROKEN, GROUPS, hugeText, OLDER, WHOLE, withoutOurs } from '../settings-samples.ts'
import { createSettingsFolder, giveAway, type SettingsFolder } from './settings-folder.ts'

const MIB = 1024 * 1024
const PLAIN = '{\n  "model": "opus"\n}\n'
let at: SettingsFolder

beforeEach(() => {
  at = createSettingsFolder()
})
afterEach(() => {
  vi.restoreAllMocks()
  at.destroy()
})

const modeOf = (path: string) => statSync(path).mode & 0o7777
const refusal = (act: () => Promise<unknown>) =>
  act().then(
    () => ({ code: 'none' }),
    (error) => error,
  )

describe('merged, left alone by a second install, and given back to the byte:', () => {
  const rows: [name: string, content: string | (() => string)][] = [...WHOLE, ['five megabytes', hugeText]]

  test.each(rows)('%s', { timeout: 60_000 }, async (_, content) => {
    at.put(typeof content === 'string' ? content : content())
    const before = at.bytes()
    expect(await at.install()).toEqual({ changed: true, created: false, target: at.file })
    const merged = at.bytes()
    expect(withoutOurs(merged.toString())).toEqual(withoutOurs(before.toString()))
    expect(await at.read()).toEqual(expect.arrayContaining(GROUPS))

    expect(await at.install()).toEqual({ changed: false, created: false, target: at.file })
    expect(at.bytes().equals(merged)).toBe(true)

    expect(await at.uninstall()).toBe('restored')
    expect(at.bytes().equals(before)).toBe(true)
    expect(at.names()).toEqual(['settings.json'])
    expect(at.recorded()).toEqual([])
  })
})

describe('refused, and not touched:', () => {
  const bytes: [name: string, content: Buffer, code: string, line: number][] = [
    ['UTF-16, little end first', Buffer.from(`\ufeff${PLAIN}`, 'utf16le'), 'settings-encoding', 0],
    ['UTF-16, big end first', Buffer.from(`\ufeff${PLAIN}`, 'utf16le').swap16(), 'settings-encoding', 0],
    ['UTF-16 without a mark', Buffer.from(PLAIN, 'utf16le'), 'settings-encoding', 0],
    ['bytes that are no UTF-8', Buffer.from('{"a": "\xe4"}', 'latin1'), 'settings-encoding', 0],
    ['a text cut within a character', Buffer.from('{"a": "ä').subarray(0, 8), 'settings-encoding', 0],
    ['17 MiB', Buffer.from(`{"a": "${'x'.repeat(17 * MIB)}"}`), 'settings-too-large', 0],
    ['nearly 16 MiB', Buffer.from(`{"a": "${'x'.repeat(16 * MIB - 20)}"}`), 'settings-too-large', 0],
  ]
  const texts = BROKEN.map(([name, text, code, line]) => [name, Buffer.from(text), code, line] as const)

  test.each([...texts, ...bytes])('%s', { timeout: 60_000 }, async (_, content, code, line) => {
    at.put(content)
    const before = lstatSync(at.file)
    const error = await refusal(at.install)
    expect(error).toMatchObject({ code, ...(line > 0 && { line }) })
    expect(error.message).toMatch(/settings\.json: [A-Z"].*\.$/s)
    expect(at.bytes().equals(content)).toBe(true)
    expect(lstatSync(at.file)).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs })
    expect(at.names()).toEqual(['settings.json'])
  })

  const places: [name: string, arrange: () => void, code: string][] = [
    ['one that may not be written by its owner', () => at.put(PLAIN, 0o444), 'settings-read-only'],
    ['one that may not be read by its owner', () => at.put(PLAIN, 0o200), 'settings-read-only'],
    ["another user's", () => [at.put(PLAIN), giveAway(at.file)], 'settings-owner'],
    [
      "another user's through a link of our own",
      () => {
        const target = join(at.root, 'target')
        writeFileSync(target, PLAIN)
        symlinkSync(target, at.file)
        giveAway(target)
      },
      'settings-owner',
    ],
    [
      "a link of another user's to a file of our own",
      () => {
        writeFileSync(join(at.root, 'target'), PLAIN)
        symlinkSync('../target', at.file)
        giveAway(at.file, lchownSync)
      },
      'settings-owner',
    ],
    [
      'none yet in a folder that may not be written',
      () => chmodSync(at.folder, 0o555),
      'settings-folder-read-only',
    ],
    [
      'one in a folder that may not be written',
      () => [at.put(PLAIN), chmodSync(at.folder, 0o555)],
      'settings-folder-read-only',
    ],
    ['a folder in its place', () => mkdirSync(at.file), 'settings-not-a-file'],
    ['a pipe in its place', () => execFileSync('mkfifo', [at.file]), 'settings-not-a-file'],
    ['a link that leads nowhere', () => symlinkSync('nowhere.json', at.file), 'settings-dangling'],
    ['a link that leads to itself', () => symlinkSync('settings.json', at.file), 'settings-dangling'],
    ['a link to a folder', () => symlinkSync('..', at.file), 'settings-not-a-file'],
    [
      'a folder of its that is a link that leads nowhere',
      () => [rmSync(at.folder, { recursive: true }), symlinkSync('nowhere', at.folder)],
      'settings-dangling',
    ],
    [
      'a folder of its that is a file',
      () => [rmSync(at.folder, { recursive: true }), writeFileSync(at.folder, 'x')],
      'settings-failed',
    ],
  ]

  test.each(places)('%s', async (_, arrange, code) => {
    arrange()
    const before = at.look()
    const error = await refusal(at.install)
    expect(error).toMatchObject({ name: 'SettingsError', code })
    expect(error.message).toMatch(/settings\.json: .+\.$/)
    expect(error.remedy).toMatch(/^[A-Z]/)
    expect(at.look()).toEqual(before)
  })

  test('a folder of another user, where there is no file yet', async () => {
    giveAway(at.folder)
    if (process.getuid?.() !== 0) chmodSync(at.folder, 0o555)
    expect((await refusal(at.install)).code).toMatch(/^settings-(owner|folder-read-only)$/)
    expect(at.names()).toEqual([])
  })

  test('a folder that is two steps away', async () => {
    const error = await refusal(() => at.install(GROUPS, { file: join(at.root, 'a/b/settings.json') }))
    expect(error).toMatchObject({ code: 'settings-no-folder' })
    expect(existsSync(join(at.root, 'a'))).toBe(false)
  })

  test('and uninstall refuses what was broken since, and keeps what it knows', async () => {
    at.put(PLAIN)
    await at.install()
    writeFileSync(at.file, `${at.text()}// mine\n`)
    expect(await refusal(at.uninstall)).toMatchObject({ code: 'settings-comment' })
    expect(await refusal(at.read)).toMatchObject({ code: 'settings-comment' })
    expect(at.recorded()).toHaveLength(1)
  })
})

describe('where there was no file', () => {
  test('one is made that only its owner can read, and goes again', async () => {
    expect(await at.install()).toEqual({ changed: true, created: true, target: at.file })
    expect(modeOf(at.file)).toBe(0o600)
    expect(await at.install()).toEqual({ changed: false, created: false, target: at.file })
    expect(await at.uninstall()).toBe('removed')
    expect(at.names()).toEqual([])
    expect(at.recorded()).toEqual([])
  })

  test('its folder is made too, and goes too', async () => {
    rmSync(at.folder, { recursive: true })
    await at.install(GROUPS, { mode: 0o644 })
    expect([modeOf(at.folder), modeOf(at.file)]).toEqual(
      [0o755, 0o644].map((mode) => mode & ~process.umask()),
    )
    expect(await at.uninstall()).toBe('removed')
    expect(existsSync(at.folder)).toBe(false)
  })

  test('its folder stays where it holds something else by then', async () => {
    rmSync(at.folder, { recursive: true })
    await at.install()
    writeFileSync(join(at.folder, 'other'), '')
    expect(await at.uninstall()).toBe('removed')
    expect(at.names()).toEqual(['other'])
  })

  test('an update of ours is still ours alone', async () => {
    rmSync(at.folder, { recursive: true })
    await at.install(OLDER)
    expect(await at.install()).toMatchObject({ changed: true, created: false })
    expect(await at.uninstall()).toBe('removed')
    expect(existsSync(at.folder)).toBe(false)
  })

  test('nothing is there to be found or taken out', async () => {
    const none = join(at.root, 'no/such/settings.json')
    expect(await at.read()).toEqual([])
    expect(await at.read(none)).toEqual([])
    expect(await at.uninstall()).toBe('not-there')
    expect(await at.uninstall({ file: none })).toBe('not-there')
    expect(await at.install([])).toMatchObject({ changed: false })
    expect(at.names()).toEqual([])
  })

  test('and the user has removed the one that we made, nothing is said to be removed', async () => {
    await at.install()
    rmSync(at.file)
    expect(await at.uninstall()).toBe('not-there')
    expect(at.recorded()).toEqual([])
  })
})

describe('what was there before', () => {
  test('is given back after updates of ours', async () => {
    at.put(PLAIN)
    await at.install(OLDER)
    await at.install()
    expect(await at.uninstall()).toBe('restored')
    expect(at.text()).toBe(PLAIN)
  })

  test('is what the user made of it, when he edited it before an update', async () => {
    at.put(PLAIN)
    await at.install(OLDER)
    at.put(at.text().replace('opus', 'sonnet'))
    await at.install()
    expect(await at.uninstall()).toBe('restored')
    expect(at.text()).toBe(PLAIN.replace('opus', 'sonnet'))
  })

  test('is not given back over an edit of the user', async () => {
    at.put(PLAIN)
    await at.install()
    at.put(at.text().replace('opus', 'sonnet'))
    expect(await at.uninstall()).toBe('taken-out')
    expect(at.text()).toBe(PLAIN.replace('opus', 'sonnet'))
    expect(await at.uninstall()).toBe('not-there')
  })

  test('is not given back when the user has taken ours out himself', async () => {
    at.put(PLAIN)
    await at.install()
    at.put('{"model": "haiku"}')
    expect(await at.uninstall()).toBe('not-there')
    expect(at.text()).toBe('{"model": "haiku"}')
    expect(at.recorded()).toEqual([])
  })

  test('is not needed to take ours out', async () => {
    at.put(PLAIN)
    await at.install()
    for (const name of at.recorded()) writeFileSync(join(at.records, name), '{"before": 3')
    expect(await at.uninstall()).toBe('taken-out')
    expect(at.text()).toBe(PLAIN)
  })

  test('is read by nobody else', async () => {
    at.put(PLAIN)
    await at.install()
    expect(modeOf(at.records)).toBe(0o700)
    expect(at.recorded().map((name) => modeOf(join(at.records, name)))).toEqual([0o600])
  })

  test('is kept for each file by itself', async () => {
    const local = join(at.folder, 'settings.local.json')
    at.put(PLAIN)
    writeFileSync(local, '{}')
    await at.install()
    await at.install(GROUPS, { file: local })
    expect(await at.uninstall()).toBe('restored')
    expect(await at.uninstall({ file: local })).toBe('restored')
    expect([at.text(), readFileSync(local, 'utf8')]).toEqual([PLAIN, '{}'])
  })
})

describe('the file', () => {
  test.each([0o600, 0o640, 0o644, 0o666, 0o755])('keeps its mode %o', async (mode) => {
    at.put(PLAIN, mode)
    await at.install()
    expect(modeOf(at.file)).toBe(mode)
    await at.uninstall()
    expect(modeOf(at.file)).toBe(mode)
  })

  test('stays behind a symbolic link, which stays one', async () => {
    const target = join(at.root, 'dotfiles.json')
    writeFileSync(target, PLAIN)
    symlinkSync('../dotfiles.json', at.file)
    expect(await at.install()).toEqual({ changed: true, created: false, target })
    expect(readlinkSync(at.file)).toBe('../dotfiles.json')
    expect(await at.read(target)).toHaveLength(GROUPS.length)
    expect(await at.uninstall({ file: target })).toBe('restored')
    expect(readlinkSync(at.file)).toBe('../dotfiles.json')
    expect(readFileSync(target, 'utf8')).toBe(PLAIN)
  })

  test('is found in a folder that is a symbolic link', async () => {
    rmSync(at.folder, { recursive: true })
    mkdirSync(join(at.root, 'dotfiles'))
    symlinkSync('dotfiles', at.folder)
    expect(await at.install()).toMatchObject({ target: join(at.root, 'dotfiles/settings.json') })
    expect(await at.uninstall()).toBe('removed')
    expect(existsSync(join(at.root, 'dotfiles'))).toBe(true)
  })

  test('is not written at all where nothing has to change', async () => {
    at.put(PLAIN)
    await at.install()
    const { ino, mtimeMs } = statSync(at.file)
    chmodSync(at.file, 0o444)
    expect(await at.install()).toMatchObject({ changed: false })
    expect(statSync(at.file)).toMatchObject({ ino, mtimeMs })
  })

  test('is not written with hooks that would not be found again', async () => {
    at.put(PLAIN)
    const foreign = [{ event: 'Stop', hooks: [{ type: 'command' as const, command: 'echo', timeout: 1 }] }]
    await expect(at.install(foreign)).rejects.toThrow('not found again')
    expect(at.text()).toBe(PLAIN)
  })

  test('is rid of what a run left beside it that was killed, and of nothing else', async () => {
    at.put(PLAIN)
    const gone = execFileSync('sh', ['-c', 'echo $$']).toString().trim()
    const left = `.settings.json.remote-claude-${gone}-0123456789ab`
    const others = [
      `.settings.json.remote-claude-${process.pid}-0123456789ab`,
      `.settings.json.remote-claude-notes`,
      `.settings.local.json.remote-claude-${gone}-0123456789ab`,
      'settings.json.bak',
    ]
    for (const name of [left, ...others]) writeFileSync(join(at.folder, name), '')
    await at.install()
    expect(readdirSync(at.folder).toSorted()).toEqual([...others, 'settings.json'].toSorted())
  })

  test('loses its other names, as with every program that writes a new file', async () => {
    at.put(PLAIN)
    linkSync(at.file, join(at.root, 'twin'))
    await at.install()
    expect(readFileSync(join(at.root, 'twin'), 'utf8')).toBe(PLAIN)
  })
})
