/** What attempts at files have in common. */
import { open } from 'node:fs/promises'
import type { Attempt } from './attempt.ts'
import { mustFail } from './must-fail.ts'

/** Makes attempts of one group from deeds that must fail. */
export function inGroup(group: string) {
  return (id: string, tried: string, deed: () => unknown | Promise<unknown>): Attempt => ({
    id,
    group,
    tried,
    run: () => mustFail(deed),
  })
}

/** Opens for writing and writes nothing. */
export async function writable(path: string): Promise<string> {
  const file = await open(path, 'r+').catch(async (error: NodeJS.ErrnoException) => {
    // Some switches can only be written.
    if (error.code === 'EACCES') return await open(path, 'a')
    throw error
  })
  await file.close()
  return `${path} can be written`
}

/** Reads the first bytes. What is empty counts as absent: Docker puts nothing in the place of what it hides. */
export async function readSome(path: string): Promise<string> {
  const file = await open(path, 'r')
  try {
    const { bytesRead } = await file.read(Buffer.alloc(64), 0, 64, null)
    if (bytesRead === 0) throw absent(`${path} is empty: something empty stands in its place`)
    return `${bytesRead} bytes were read`
  } finally {
    await file.close()
  }
}

/** The error of something that is not here. */
export function absent(message: string): Error {
  return Object.assign(new Error(message), { code: 'ENOENT' })
}
