/**
 * What those files were when a session began, kept on the host where it cannot write: change times alone do not tell of a
 * folder that was moved into its place, and texts are compared.
 */
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import * as z from 'zod'
import { isIn } from '../places.ts'
import { openPlain } from '../workspace/files.ts'
import { createGathering } from './read-files.ts'
import { importsOf, type Reader } from './readers.ts'
import { walk } from './walk.ts'

/** Longer files are judged by their change time. */
const MOST_READ = 1024 ** 2
const MOST_COPIED = 64 * 1024
const MOST_COPIES = 8 * 1024 ** 2
const MOST_IMPORTS = 200

const baseline = z.object({
  /** Everything there was to see was seen. */
  isWhole: z.boolean(),
  files: z.record(z.string(), z.object({ digest: z.string().nullable(), text: z.string().nullable() })),
  links: z.record(z.string(), z.string()),
  /** Files that only other files name, and which. */
  imported: z.record(z.string(), z.string()),
})

export type Baseline = z.infer<typeof baseline>

/** A file as it is: what it says where it is short, a digest where it is not very long. Null where there is no file. */
export async function readNow(path: string): Promise<{ digest: string | null; text: string | null } | null> {
  const file = await openPlain(path)
  if (file === null) return null
  try {
    const { size } = await file.stat()
    if (size > MOST_READ) return { digest: null, text: null }
    const bytes = Buffer.alloc(size)
    const { bytesRead } = await file.read(bytes, 0, size, 0)
    const whole = bytes.subarray(0, bytesRead)
    return {
      digest: createHash('sha256').update(whole).digest('hex'),
      text: bytesRead <= MOST_COPIED ? whole.toString('utf8') : null,
    }
  } finally {
    await file.close()
  }
}

/** Looks through the workspace and remembers. No git runs, and no link is followed but by its text. */
export async function takeBaseline(workspace: string, file: string): Promise<void> {
  const gathering = createGathering(workspace)
  const isWhole = await walk(workspace, async (folder, entries) => {
    if (basename(folder) === '.git') return false
    await gathering.gather(folder, entries)
    return true
  })
  const taken: Baseline = {
    isWhole: (await gathering.followed()) && isWhole,
    files: {},
    links: {},
    imported: {},
  }
  let room = MOST_COPIES
  async function take(path: string, { isObeyed }: Reader): Promise<string | null> {
    const now = await readNow(join(workspace, path))
    if (now === null) return null
    const text = isObeyed && now.text !== null && now.text.length <= room ? now.text : null
    room -= text?.length ?? 0
    taken.files[path] = { digest: now.digest, text }
    return text
  }
  const texts: [path: string, text: string][] = []
  const { files, links } = gathering.found
  for (const [path, reader] of files) {
    const text = await take(path, reader)
    if (text !== null && path.endsWith('.md')) texts.push([path, text])
  }
  for (const [path, { target }] of links) taken.links[path] = target
  for (const [path, text] of texts) {
    for (const name of importsOf(text)) {
      if (Object.keys(taken.imported).length >= MOST_IMPORTS) break
      const to = resolve(workspace, dirname(path), name)
      const inside = relative(workspace, to)
      if (to === workspace || !isIn(to, workspace) || taken.files[inside] !== undefined) continue
      taken.imported[inside] = path
      const found = await take(inside, { why: '', isObeyed: true })
      if (found !== null && inside.endsWith('.md')) texts.push([inside, found])
    }
  }
  await writeFile(file, JSON.stringify(taken), { mode: 0o600 })
}

/** Null of a session from before there was one, and of one whose start was cut off. */
export async function readBaseline(file: string): Promise<Baseline | null> {
  const text = await readFile(file, 'utf8').catch(() => '')
  try {
    return baseline.parse(JSON.parse(text))
  } catch {
    return null
  }
}
