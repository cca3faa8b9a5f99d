/** A secret from a file or standard input: never from an argument, which every user of the machine can see. */
import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { CommandError } from '../cli/errors.ts'
import type { Check } from './prompts.ts'

const MOST_BYTES = 16 * 1024

/** The one line of a file, or of standard input for `-`. Throws a sentence that never shows it. */
export async function readSecret(
  file: string,
  check: Check,
  stdin: Readable = process.stdin,
): Promise<string> {
  // A person in a hurry gives the secret itself.
  if (/^sk-/.test(file)) {
    throw new CommandError(
      'secret-in-arguments',
      'A secret was given where the name of a file belongs; it is in the history of your shell now.',
      'Revoke it and make another one. Put that into a file, or pipe it in with - for the name.',
    )
  }
  const where = file === '-' ? 'standard input' : file
  const secret = (await readAll(file === '-' ? stdin : createReadStream(file), where)).trim()
  const problem = secret.length > MOST_BYTES ? 'It is far too long.' : check(secret)
  if (problem === null) return secret
  throw new CommandError(
    'secret-refused',
    `What ${where} holds was not stored. ${problem}`,
    'Nothing was changed. rc setup without options walks through it.',
  )
}

async function readAll(stream: Readable, where: string): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of stream) {
      chunks.push(Buffer.from(chunk))
      bytes += chunk.length
      if (bytes > MOST_BYTES) break
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'There is no file' : `Nothing can be read (${code}) from`
    throw new CommandError('file-unreadable', `${why} ${where}.`, 'Nothing was changed.')
  }
  return Buffer.concat(chunks).toString('utf8')
}
