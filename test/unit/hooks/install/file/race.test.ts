/** Somebody else writes the same settings file at a bad moment. The moments are calls of the file system. */
import {
  closeSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { GROUPS, withoutOurs } from '../settings-samples.ts'
import { createSettingsFolder, type SettingsFolder } from './settings-folder.ts'

type Moment = (name: string, path: string) => void | Promise<void>
const moment = vi.hoisted((): { before: Moment; fails: string | null } => ({ before: () => {}, fails: null }))

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>()
  const watched = (name: 'rename' | 'link' | 'unlink' | 'lstat') => {
    return async (...args: [string, string]) => {
      await moment.before(name, args.at(-1) as string)
      if (moment.fails === name)
        throw Object.assign(new Error(`${name} failed`), { code: 'ENOTSUP', syscall: name })
      return await (real[name] as (...args: unknown[]) => unknown)(...args)
    }
  }
  return {
    ...real,
    ...Object.fromEntries(
      ['rename', 'link', 'unlink', 'lstat'].map((name) => [name, watched(name as 'rename')]),
    ),
  }
})

const BEFORE = '{\n  "model": "opus"\n}\n'
const THEIRS = '{\n    "model": "sonnet",\n    "env": {"NEW": "1"}\n}\n'
let at: SettingsFolder

beforeEach(() => {
  at = createSettingsFolder()
})
afterEach(() => {
  moment.before = () => {}
  moment.fails = null
  at.destroy()
})

const inPlace = (text = THEIRS) => writeFileSync(at.file, text)
const byName = (text = THEIRS) => {
  writeFileSync(`${at.file}.new`, text)
  renameSync(`${at.file}.new`, at.file)
}

/** Does it before the call of that name on the settings file, so many times. */
function meanwhile(call: string, act: () => void | Promise<void>, { times = 1, skip = 0 } = {}): void {
  let seen = 0
  moment.before = async (name, path) => {
    if (name !== call || path !== at.file) return
    seen += 1
    if (seen > skip && seen <= skip + times) await act()
  }
}

async function expectTheirsWithOurs(): Promise<void> {
  expect(withoutOurs(at.text())).toEqual(withoutOurs(THEIRS))
  expect(await at.read()).toHaveLength(GROUPS.length)
  expect(at.names()).toEqual(['settings.json'])
  expect(await at.uninstall()).toBe('restored')
  expect(at.text()).toBe(THEIRS)
}

// lstat is called on the file for the look, for who owns it, for the last check before the swap, and for the next look.
describe.each([
  ['in place', inPlace],
  ['by a new file', byName],
])('what is written %s', (_, write) => {
  test.each([0, 1, 2])('after %s of these has our hooks added too', async (skip) => {
    at.put(BEFORE)
    meanwhile('lstat', () => write(), { skip })
    expect(await at.install()).toMatchObject({ changed: true, created: false })
    await expectTheirsWithOurs()
  })

  test('while ours are taken out stays', async () => {
    at.put(BEFORE)
    await at.install()
    const edited = at.text().replace('opus', 'sonnet')
    meanwhile('lstat', () => write(edited), { skip: 2 })
    expect(await at.uninstall()).toBe('taken-out')
    expect(at.text()).toBe(BEFORE.replace('opus', 'sonnet'))
  })

  test('right after ours is what stands there in the end, with ours', async () => {
    at.put(BEFORE)
    meanwhile('lstat', () => write(), { skip: 3 })
    expect(await at.install()).toMatchObject({ changed: true })
    await expectTheirsWithOurs()
  })

  test('again and again makes us give up, and is left alone', async () => {
    at.put(BEFORE)
    let count = 0
    meanwhile('lstat', () => write(`{"count": ${count++}}`), { times: Number.POSITIVE_INFINITY })
    await expect(at.install()).rejects.toMatchObject({ code: 'settings-changing' })
    expect(JSON.parse(at.text()).count).toBeGreaterThan(3)
    expect(at.names()).toEqual(['settings.json'])
  })
})

describe('after the last check', () => {
  test('what is written in place is given back and has our hooks added', async () => {
    at.put(BEFORE)
    meanwhile('rename', () => inPlace())
    expect(await at.install()).toMatchObject({ changed: true })
    await expectTheirsWithOurs()
  })

  test('what is written in place slowly is waited for', async () => {
    at.put(BEFORE)
    meanwhile('rename', () => {
      const old = openSync(at.file, 'w')
      setTimeout(() => {
        writeSync(old, THEIRS)
        closeSync(old)
      }, 120)
    })
    expect(await at.install()).toMatchObject({ changed: true })
    await expectTheirsWithOurs()
  })

  test('what is written in place and is broken is given back and refused', async () => {
    at.put(BEFORE)
    meanwhile('rename', () => inPlace('{"model": "son'))
    await expect(at.install()).rejects.toMatchObject({ code: 'settings-invalid' })
    expect(at.text()).toBe('{"model": "son')
  })

  test('what is written in place while we remove our own file stays', async () => {
    await at.install()
    meanwhile('unlink', () => inPlace())
    expect(await at.uninstall()).toBe('not-there')
    expect(at.text()).toBe(THEIRS)
  })

  test('a mode that was changed is not changed back', async () => {
    at.put(BEFORE, 0o644)
    meanwhile('lstat', () => at.put(BEFORE, 0o600), { skip: 2 })
    await at.install()
    expect(statSync(at.file).mode & 0o777).toBe(0o600)
  })
})

describe('where there was no file', () => {
  test('one that somebody else makes meanwhile is merged, not replaced', async () => {
    meanwhile('link', () => inPlace())
    expect(await at.install()).toMatchObject({ changed: true, created: false })
    await expectTheirsWithOurs()
  })

  test('ours is made as well where files cannot have second names', async () => {
    moment.fails = 'link'
    expect(await at.install()).toMatchObject({ changed: true, created: true })
    expect(at.names()).toEqual(['settings.json'])
  })

  test('and a link leads nowhere by then, it is refused', async () => {
    meanwhile('link', () => symlinkSync('nowhere', at.file))
    await expect(at.install()).rejects.toMatchObject({ code: 'settings-dangling' })
  })
})

test('a file that vanishes meanwhile is made anew, with ours alone', async () => {
  at.put(BEFORE)
  meanwhile('lstat', () => rmSync(at.file), { skip: 2 })
  expect(await at.install()).toMatchObject({ changed: true, created: true })
  expect(await at.uninstall()).toBe('removed')
})

test.each([
  ['a disk that is full', 'ENOSPC', /disk is full/],
  ['a file that is mounted by itself', 'EBUSY', /mounted/],
])('%s leaves the old file and nothing else', async (_, code, remedy) => {
  at.put(BEFORE)
  meanwhile('rename', () => {
    throw Object.assign(new Error(`${code}: no`), { code, syscall: 'rename' })
  })
  await expect(at.install()).rejects.toMatchObject({
    code: 'settings-failed',
    remedy: expect.stringMatching(remedy),
  })
  expect(at.text()).toBe(BEFORE)
  expect(at.names()).toEqual(['settings.json'])
})

test('two installs at once end with our hooks once', async () => {
  at.put(BEFORE)
  await Promise.all([at.install(), at.install(), at.install()])
  expect(await at.read()).toHaveLength(GROUPS.length)
  expect(await at.uninstall()).toBe('restored')
  expect(at.text()).toBe(BEFORE)
})
