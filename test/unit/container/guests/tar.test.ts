import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { type TarEntry, toTar } from '../../../../container/guests/tar.ts'

const folder = mkdtempSync(join(tmpdir(), 'tar-'))
afterAll(() => rmSync(folder, { recursive: true }))

const root = { uid: 0, gid: 0 }
const file = (path: string, text: string, mode = 0o644, owner = root): TarEntry => {
  const source = join(folder, path.replaceAll('/', '-'))
  writeFileSync(source, text)
  return { path, mode, owner, source }
}

async function pack(entries: TarEntry[]): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of toTar(entries)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

test('tar finds every file with the owner, the mode and the bytes that were given', async () => {
  const high = { uid: 1_000_680_000, gid: 4242 }
  const archive = await pack([
    { path: 'a', mode: 0o755, owner: root, source: null },
    file('a/empty', ''),
    file('a/block', 'x'.repeat(512), 0o755),
    file('a/more', 'y'.repeat(100_001)),
    { path: 'a/theirs', mode: 0o700, owner: high, source: null },
  ])
  expect(archive.length % 512).toBe(0)
  const list = execFileSync('tar', ['--numeric-owner', '-tvf', '-'], { input: archive, encoding: 'utf8' })
  const shown = list
    .trim()
    .split('\n')
    .map((line) => line.split(/\s+/))
  expect(shown.map(([mode, owner, size, , , name]) => [mode, owner, size, name])).toEqual([
    ['drwxr-xr-x', '0/0', '0', 'a/'],
    ['-rw-r--r--', '0/0', '0', 'a/empty'],
    ['-rwxr-xr-x', '0/0', '512', 'a/block'],
    ['-rw-r--r--', '0/0', '100001', 'a/more'],
    ['drwx------', '1000680000/4242', '0', 'a/theirs/'],
  ])
  const more = execFileSync('tar', ['-xOf', '-', 'a/more'], { input: archive, encoding: 'utf8' })
  expect(more).toBe('y'.repeat(100_001))
})

test('a path that a tar cannot hold is refused rather than cut', async () => {
  await expect(pack([file('b'.repeat(100), '')])).rejects.toThrow(/too long/)
})

test('a file that is not there ends the archive with an error', async () => {
  await expect(pack([{ path: 'a', mode: 0o644, owner: root, source: join(folder, 'none') }])).rejects.toThrow(
    /ENOENT/,
  )
})
