/** What stood in a settings file before us, kept so that it can be given back to the byte. One record for a file. */
import { createHash } from 'node:crypto'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { digestOf } from './bytes.ts'
import { removeDeadDrafts, writeWhole } from './draft.ts'

export type SettingsRecord = {
  /** Null where there was no file. */
  before: Buffer | null
  /** Whether its folder was made for it too. */
  madeFolder: boolean
  /** Digests of what we wrote: the last one, and the one that may still stand there if that did not get so far. */
  wrote: string[]
}

type Writing = {
  /** What stands there, null for no file, and whether its folder does. */
  bytes: Buffer | null
  hasFolder: boolean
  /** The same without hooks of ours. */
  plain: Buffer | null
  /** What is about to be written. */
  to: Buffer
}

/** The record to keep before something is written. What was before us is the first such thing until others write. */
export function nextRecord(
  last: SettingsRecord | null,
  { bytes, hasFolder, plain, to }: Writing,
): SettingsRecord {
  const ours = last?.wrote.filter((digest) => bytes !== null && digest === digestOf(bytes)) ?? []
  return {
    before: last !== null && ours.length > 0 ? last.before : plain,
    madeFolder: !hasFolder || last?.madeFolder === true,
    wrote: [...ours, digestOf(to)],
  }
}

/** The records in a folder of ours. */
export function recordsIn(folder: string) {
  const pathOf = (target: string) =>
    join(folder, `${createHash('sha256').update(target).digest('hex').slice(0, 32)}.json`)
  return {
    /** Null where there is none, or none that can be read. */
    async read(target: string): Promise<SettingsRecord | null> {
      const text = await readFile(pathOf(target), 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return ''
        throw error
      })
      return parse(text)
    },
    /** Is on disk afterwards. Settings may hold secrets, so nobody else can read it. */
    async save(target: string, { before, ...rest }: SettingsRecord): Promise<void> {
      const path = pathOf(target)
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      await removeDeadDrafts(path)
      const text = JSON.stringify({ file: target, ...rest, before: before?.toString('base64') ?? null })
      await writeWhole(path, Buffer.from(text))
    },
    async drop(target: string): Promise<void> {
      await rm(pathOf(target), { force: true })
    },
  }
}

/** One that is damaged counts as none: then our hooks are taken out of the text that is there. */
function parse(text: string): SettingsRecord | null {
  try {
    const { before, madeFolder, wrote } = JSON.parse(text)
    if ((before !== null && typeof before !== 'string') || !Array.isArray(wrote)) return null
    return {
      before: before === null ? null : Buffer.from(before, 'base64'),
      madeFolder: madeFolder === true,
      wrote,
    }
  } catch {
    return null
  }
}
