/** The public half of a key of the user's, by whichever of its files the configuration names. */

import { basename } from 'node:path'
import { readSmall } from '../workspace/files.ts'

/** `text` is one line without its comment; `file` is the name of its file in a session's ~/.ssh. */
export type PublicHalf = { text: string; file: string }

/** One public key, as OpenSSH writes them into `.pub` files, also those of security keys and certificates' keys. */
const PUBLIC_KEY = /^((?:ssh|ecdsa|sk)-[a-z0-9@.-]+ [A-Za-z0-9+/]+=*)(?: .*)?$/

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

/** The key of a line such as `ssh-ed25519 AAAA… comment`, without the comment; null for anything else. */
export function toPublicKey(text: string): string | null {
  return PUBLIC_KEY.exec(text.trim())?.[1] ?? null
}
