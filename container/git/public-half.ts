/** The public half of a key of the user's, by whichever of its files the configuration names. */

import { basename } from 'node:path'
import { toPublicKey } from '../keys/public-key.ts'
import { readSmall } from '../workspace/files.ts'

/** `text` is one line without its comment; `file` is the name of its file in a session's ~/.ssh. */
export type PublicHalf = { text: string; file: string }

/** Null where there is none: many private keys do not tell theirs without a passphrase. */
export async function readPublicHalf(path: string): Promise<PublicHalf | null> {
  for (const file of path.endsWith('.pub') ? [path] : [`${path}.pub`, path]) {
    const text = toPublicKey((await readSmall(file)) ?? '')
    if (text === null) continue
    // The name goes into configuration files.
    const name = basename(path.replace(/\.pub$/, '')).replace(/[^A-Za-z0-9_.-]/g, '_')
    return { text, file: `${name}.pub` }
  }
  return null
}
