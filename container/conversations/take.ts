/**
 * Brings a conversation home: the transcript that a session wrote becomes one of the user's own Claude. Only what was said
 * and done comes along, not what would steer a Claude that goes on with it.
 */
import { lstat, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ContainerError } from '../errors.ts'
import { transcriptFolderName } from '../places.ts'
import { openPlain } from '../workspace/files.ts'
import type { Transcript } from './transcripts.ts'

const MOST_TAKEN = 64 * 1024 ** 2

/**
 * Lines that a conversation is continued from (Claude Code 2.1.197 and 2.1.332). Left behind: queued prompts, modes,
 * file histories, requests as they were sent, and whatever a later version adds.
 */
const SPOKEN = new Set(['user', 'assistant', 'attachment', 'system', 'summary', 'custom-title', 'ai-title'])

type Taken = {
  file: string
  /** `had`: everything was here already. */
  outcome: 'new' | 'continued' | 'had'
}

/**
 * Writes it among the user's own transcripts. Throws `conversation-elsewhere`, `conversation-large`, `conversation-broken`,
 * and `conversation-differs` where the two have gone on differently.
 */
export async function takeHome(
  { id, path, size }: Transcript,
  { claudeDir, workspace }: { claudeDir: string; workspace: string },
): Promise<Taken> {
  const name = transcriptFolderName(workspace)
  if (name === null) {
    throw new ContainerError(
      'conversation-elsewhere',
      `Claude has a name of its own for the transcripts of ${workspace}, whose path is so long.`,
      'Go on with it in the session.',
    )
  }
  if (size > MOST_TAKEN) {
    throw new ContainerError(
      'conversation-large',
      `The conversation ${id} has ${Math.ceil(size / 1024 ** 2)} MB, and ${MOST_TAKEN / 1024 ** 2} MB can be taken.`,
      'Go on with it in the session.',
    )
  }
  const folder = join(claudeDir, 'projects', name)
  const file = join(folder, `${id}.jsonl`)
  const taken = spokenLines((await readWhole(path, size)) ?? '')
  if (taken.length === 0) {
    throw new ContainerError(
      'conversation-broken',
      `Nothing in the conversation ${id} can be read as a transcript.`,
      'Choose another one.',
    )
  }
  const found = await lstat(file).catch(() => null)
  const here = found === null ? '' : await readWhole(file, found.size)
  const before = spokenLines(here ?? '')
  if (here === null || !isBeginning(before, taken)) {
    if (here !== null && isBeginning(taken, before)) return { file, outcome: 'had' }
    throw new ContainerError(
      'conversation-differs',
      `${file} has gone on otherwise than the conversation in the session.`,
      'Go on with either of them. To have the one of the session, move that file away and take it again.',
    )
  }
  if (before.length === taken.length) return { file, outcome: 'had' }
  const text = [...(here === '' ? [] : [here.replace(/\n$/, '')]), ...taken.slice(before.length)]
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await replace(file, `${text.join('\n')}\n`)
  return { file, outcome: here === '' ? 'new' : 'continued' }
}

/** The whole lines that were spoken, without what would choose a permission mode. */
function spokenLines(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const parsed = toObject(line)
    if (parsed === null || !SPOKEN.has(String(parsed['type']))) return []
    const { permissionMode: _, ...spoken } = parsed
    return [JSON.stringify(spoken)]
  })
}

function toObject(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

function isBeginning(first: readonly string[], second: readonly string[]): boolean {
  return first.length <= second.length && first.every((line, at) => line === second[at])
}

/** Null for what is no ordinary file, or longer than any that can be taken. */
async function readWhole(path: string, size: number): Promise<string | null> {
  const file = await openPlain(path)
  if (file === null || size > MOST_TAKEN) {
    await file?.close()
    return null
  }
  const bytes = Buffer.alloc(size)
  try {
    const { bytesRead } = await file.read(bytes, 0, size, 0)
    return bytes.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}

/** A link that stands there is replaced, and not what it leads to: sessions could write in this folder once. */
async function replace(file: string, text: string): Promise<void> {
  const half = `${file}.half-${crypto.randomUUID()}`
  try {
    await writeFile(half, text, { flag: 'wx', mode: 0o600 })
    await rename(half, file)
  } finally {
    await rm(half, { force: true })
  }
}
