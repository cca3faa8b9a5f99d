/**
 * What a session's terminal has shown. While Claude runs, from its pane with all that has scrolled away: Claude draws
 * with cursor movements and prints hardly a line feed. Afterwards, from what the container's engine has kept.
 */

import { setTimeout as sleep } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import type { Session } from '../../container/sessions.ts'
import type { Output } from '../cli/output.ts'
import type { Box } from '../house/box.ts'

/** How often a followed pane is looked at. */
const LOOK_MS = 300
/** Where the prompt, or a dialog, begins: text of the agent never stands in the first column. */
const RULE = /^[─▔]{20,}/
const SPINNER = /^[·✢✳✶✻✽*] \S.*…/u

type Logged = { box: Box; session: Session; output: Output }

/** Prints it once, or line by line until Claude ends. */
export async function printTerminal({ box, session, output }: Logged, follow: boolean): Promise<void> {
  const isLiving = async () => (await box.sessions.list({ all: false })).some(({ id }) => id === session.id)
  const look = async () => ((await isLiving()) ? await box.terminal.history(session.id) : null)
  const first = await look()
  if (first === null) return await printKept({ box, session, output })
  if (!follow) return print(linesOf(first), output)
  let printed = 0
  for (let before: string[] = [], seen: string | null = first; seen !== null; seen = await look()) {
    const lines = finished(linesOf(seen))
    // A line that is still being drawn is another one at the next look.
    const standing = lines.findIndex((line, at) => line !== before[at])
    const until = standing === -1 ? lines.length : standing
    print(lines.slice(printed, until), output)
    printed = Math.max(printed, until)
    before = lines
    await sleep(LOOK_MS)
  }
}

async function printKept({ box, session, output }: Logged): Promise<void> {
  let rest = ''
  for await (const chunk of await box.sessions.logs(session, { follow: false })) {
    const lines = (rest + chunk.toString()).split(/\r?\n/)
    rest = lines.pop() ?? ''
    print(lines, output)
  }
  if (rest !== '') print([rest], output)
}

/** Without the prompt and what Claude says below the text while it works. Lines keep their place from look to look. */
export function finished(lines: string[]): string[] {
  const rule = lines.findLastIndex((line) => RULE.test(line))
  const end = rule === -1 ? lines.length : lines.slice(0, rule).findLastIndex((line) => RULE.test(line))
  const above = lines.slice(0, end === -1 ? rule : end)
  while (above.length > 0 && (above.at(-1)?.trim() === '' || SPINNER.test(above.at(-1) ?? ''))) above.pop()
  return above
}

function linesOf(captured: string): string[] {
  return captured.trimEnd().split('\n').map(plain)
}

function print(lines: string[], output: Output): void {
  for (const line of lines) output.print(plain(line))
}

/** An agent's output must not drive the terminal of whoever reads its log. Claude moves the cursor where a space would do. */
export function plain(line: string): string {
  const ESC = '\u001b'
  const spaced = line.replace(new RegExp(`${ESC}\\[(\\d{1,3})C`, 'g'), (_, count) =>
    ' '.repeat(Number(count)),
  )
  return stripVTControlCharacters(spaced)
    .replace(/[\p{Cc}--\t]/gv, '')
    .trimEnd()
}
