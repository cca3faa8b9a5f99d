/** Whether a process of this machine is the one that a terminal's keys go to. Linux only: it is read from /proc. */
import { readFile, stat } from 'node:fs/promises'

/** What the kernel says of a process and its terminal. */
type ProcessState = { state: string; group: number; tty: number; ttyGroup: number }

/** False for one that is gone, stopped, in the background, or at another terminal; never rejects. */
export async function isInFront(pid: number, tty: string): Promise<boolean> {
  try {
    const [text, file] = await Promise.all([readFile(`/proc/${pid}/stat`, 'utf8'), stat(tty)])
    const process = parseStat(text)
    return (
      process !== null &&
      /^[RSD]$/.test(process.state) &&
      file.isCharacterDevice() &&
      process.tty === file.rdev &&
      process.group === process.ttyGroup
    )
  } catch {
    // The process or the terminal has ended.
    return false
  }
}

/** The name stands in parentheses and may hold anything: `77 (a) b) S 1 77 77 34816 77 …`. See proc(5). */
export function parseStat(text: string): ProcessState | null {
  const fields = text.slice(text.lastIndexOf(') ') + 2).split(' ')
  const [state = '', , group, , tty, ttyGroup] = fields
  const numbers = [group, tty, ttyGroup].map(Number)
  if (!numbers.every(Number.isSafeInteger)) return null
  const [ownGroup = 0, device = 0, frontGroup = 0] = numbers
  return { state, group: ownGroup, tty: device, ttyGroup: frontGroup }
}
