/**
 * Transcripts of Claude Code, in folders that a session may have written: a name can be a link to anywhere, a pipe that
 * never ends, a file of any size. What is opened here is an ordinary file directly in its folder, or nothing.
 */
import { open, opendir, rename, rm, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { execa } from 'execa'
import { openPlain } from '../workspace/files.ts'

/** One conversation: `ID.jsonl` (Claude Code 2.1.197 and 2.1.332). */
export type Transcript = {
  id: string
  path: string
  /** Bytes. */
  size: number
  /** Milliseconds since 1970, never in the future: a session may write any time it likes. */
  changedAt: number
}

/** A folder with more than this is not looked through. */
const MOST_NAMES = 10_000
const NAME = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.jsonl$/

export function isConversationId(text: string): boolean {
  return NAME.test(`${text}.jsonl`)
}

/** Those of a folder, the last changed first; none where there is no such folder. */
export async function listTranscripts(folder: string): Promise<Transcript[]> {
  const found: Transcript[] = []
  const entries = await opendir(folder).catch(() => null)
  if (entries === null) return []
  let looked = 0
  for await (const { name } of entries) {
    if (++looked > MOST_NAMES) break
    const id = NAME.exec(name)?.[1]
    if (id === undefined) continue
    const path = join(folder, name)
    const file = await openPlain(path)
    if (file === null) continue
    const { size, mtimeMs } = await file.stat().finally(() => file.close())
    if (size > 0) found.push({ id, path, size, changedAt: Math.min(mtimeMs, Date.now()) })
  }
  return found.sort((left, right) => right.changedAt - left.changedAt)
}

/**
 * Copies one, up to the size that it was listed with, into a folder that no session can write to. What has the name there
 * is replaced, a link itself and not what it leads to. Gives false when it cannot be read any more.
 */
export async function copyTranscript({ path, size, changedAt }: Transcript, to: string): Promise<boolean> {
  const from = await openPlain(path)
  if (from === null) return false
  const half = join(dirname(to), `.half-${process.pid}-${crypto.randomUUID()}`)
  try {
    const into = await open(half, 'wx', 0o600)
    await pipeline(from.createReadStream({ start: 0, end: size - 1 }), into.createWriteStream())
    await utimes(half, changedAt / 1000, changedAt / 1000)
    await rename(half, to)
    return true
  } finally {
    await from.close().catch(() => {})
    await rm(half, { force: true })
  }
}

/** Removes a folder that a session could write to, whatever it made of the rights and the depth of it. */
export async function removeWritten(folder: string): Promise<void> {
  await execa('chmod', ['-R', 'u+rwx', '--', folder], { reject: false })
  await execa('rm', ['-rf', '--', folder])
}
