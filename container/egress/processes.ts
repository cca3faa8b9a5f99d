/** Which programs of a session are connected to its relay: a hint for whoever is asked about a host. Linux only. */
import { readdir, readFile, readlink } from 'node:fs/promises'

/** 127.0.0.1:3128, the relay, as the kernel writes it in /proc/net/tcp on a little-endian machine. */
const RELAY = '0100007F:0C38'
const MOST_SHOWN = 4
const LONGEST = 300

/**
 * Command lines of the processes in `pids` (host numbers) that hold a connection to the relay, at most four. What a
 * process calls itself is its own choice. Empty where it cannot be found out. Never rejects.
 */
export async function findProcesses(pids: readonly number[], proc = '/proc'): Promise<string[]> {
  const [first] = pids
  if (first === undefined) return []
  const table = await readFile(`${proc}/${first}/net/tcp`, 'utf8').catch(() => '')
  const wanted = new Set(connectionsToRelay(table).map((inode) => `socket:[${inode}]`))
  if (wanted.size === 0) return []
  const found = await Promise.all(
    pids.map(async (pid) => ((await holdsOne(`${proc}/${pid}/fd`, wanted)) ? commandOf(proc, pid) : '')),
  )
  return [...new Set(found.filter((command) => command !== ''))].slice(0, MOST_SHOWN)
}

function connectionsToRelay(table: string): string[] {
  return table.split('\n').flatMap((line) => {
    const [, , remote, state, , , , , , inode] = line.trim().split(/\s+/)
    return remote === RELAY && state === '01' && inode !== undefined && inode !== '0' ? [inode] : []
  })
}

async function holdsOne(folder: string, wanted: ReadonlySet<string>): Promise<boolean> {
  const names = await readdir(folder).catch(() => [])
  for (const name of names) {
    if (wanted.has(await readlink(`${folder}/${name}`).catch(() => ''))) return true
  }
  return false
}

async function commandOf(proc: string, pid: number): Promise<string> {
  const text = await readFile(`${proc}/${pid}/cmdline`, 'utf8').catch(() => '')
  return text.replace(/\0+$/, '').replaceAll('\0', ' ').slice(0, LONGEST)
}
