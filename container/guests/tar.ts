/**
 * A tar archive of a few files, each with an owner and a mode of its own, made as it is read. POSIX ustar. By hand, for
 * tar-stream (3.2.2) writes 262143 for every higher user, such as a cluster's, and brings twelve packages.
 */
import { open } from 'node:fs/promises'

export type TarEntry = {
  /** Relative, at most 99 bytes. */
  path: string
  mode: number
  owner: { uid: number; gid: number }
  /** The file of this machine that is packed; null for a folder. */
  source: string | null
}

const BLOCK = 512

/** Folders have to come before what is in them. Throws when a file cannot be read. */
export async function* toTar(entries: readonly TarEntry[]): AsyncGenerator<Buffer> {
  for (const entry of entries) {
    if (entry.source === null) {
      yield toHeader(entry, { size: 0, seconds: 0 })
      continue
    }
    await using file = await open(entry.source)
    const { size, mtimeMs } = await file.stat()
    yield toHeader(entry, { size, seconds: Math.floor(mtimeMs / 1000) })
    if (size > 0) yield* file.createReadStream({ autoClose: false, end: size - 1 })
    yield Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK)
  }
  yield Buffer.alloc(2 * BLOCK)
}

function toHeader({ path, mode, owner, source }: TarEntry, file: { size: number; seconds: number }): Buffer {
  const header = Buffer.alloc(BLOCK)
  const name = source === null ? `${path}/` : path
  if (Buffer.byteLength(name) > 99) throw new Error(`the path ${path} is too long for a tar`)
  header.write(name, 0)
  writeNumber(header, 100, 8, mode)
  writeNumber(header, 108, 8, owner.uid)
  writeNumber(header, 116, 8, owner.gid)
  writeNumber(header, 124, 12, file.size)
  writeNumber(header, 136, 12, file.seconds)
  header.write(source === null ? '5' : '0', 156)
  header.write('ustar\u000000', 257)
  // The sum is taken with spaces in its own place.
  header.fill(' ', 148, 156)
  writeNumber(
    header,
    148,
    7,
    header.reduce((sum, byte) => sum + byte, 0),
  )
  return header
}

/** Octal digits, or where there are too many the binary form that GNU and Go read: users of some clusters are that high. */
function writeNumber(header: Buffer, at: number, length: number, value: number): void {
  const digits = value.toString(8).padStart(length - 1, '0')
  if (digits.length < length) {
    header.write(`${digits}\0`, at)
    return
  }
  header.writeUInt8(0x80, at)
  header.writeUIntBE(value, at + length - 6, 6)
}
