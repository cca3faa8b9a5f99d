/**
 * The command of a hook in settings that we do not own. It is read by whatever Claude Code there is, so it is one line
 * for a POSIX shell: versions that do not know `args` would hand the hook's input to a bare shell as a program.
 *
 *   : remote-claude 1; n='NODE' s='SCRIPT'; [ -x "$n" ] && … || exit 0; unset NODE_OPTIONS; exec "$n" "$s" '--gate' …
 *
 * Where Node or the script is gone it ends at once, without a word and with 0: Claude works as if it were not there.
 */

/** Begins every command of ours, of whatever age. The number changes when older ones could be misread. */
const MARK = ': remote-claude '
const FORMAT = '1'

/** What a command of ours starts. */
export type HookCommand = {
  node: string
  script: string
  args: string[]
  /** Shell words for files that, where one holds a command of ours, make this one end: Claude would run both. */
  unlessIn?: readonly string[]
}

/** The line for a settings file. Paths may hold anything but line feeds. */
export function toCommand({ node, script, args, unlessIn = [] }: HookCommand): string {
  const files = unlessIn.join(' ')
  return [
    `${MARK}${FORMAT}`,
    `n=${quote(node)} s=${quote(script)}`,
    '[ -f "$n" ] && [ -x "$n" ] && [ -r "$s" ] || exit 0',
    ...(files === '' ? [] : [`grep -qs ${quote(MARK)} ${files} && exit 0`]),
    // A project's settings may set it, and a Node that does not know what it says does not start.
    'unset NODE_OPTIONS',
    `exec "$n" "$s" ${args.map(quote).join(' ')}`,
  ].join('; ')
}

/** Whether a handler, as it stands in a settings file, is one of ours. */
export function isOurs(handler: unknown): boolean {
  const { command } = (handler ?? {}) as { command?: unknown }
  return typeof command === 'string' && command.startsWith(MARK)
}

/**
 * The same for those of one place. A settings file may be read in several, such as on this machine and in a container
 * that it is mounted into: each has lines of its own, which end at once where their files are not.
 */
export function isOursOf(isHere: (script: string) => boolean): (handler: unknown) => boolean {
  return (handler) => {
    if (!isOurs(handler)) return false
    const read = readCommand((handler as { command: string }).command)
    return read === null || isHere(read.script)
  }
}

/** What a command of ours starts; null for one that has another form than ours have now. */
export function readCommand(command: string): HookCommand | null {
  if (!command.startsWith(`${MARK}${FORMAT}; `)) return null
  const [node, script, ...args] = words(command).filter((word) => word !== MARK)
  return node === undefined || script === undefined ? null : { node, script, args }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** Words as `quote` writes them. */
function words(text: string): string[] {
  return [...text.matchAll(/'((?:[^']|'\\'')*)'/g)].map(([, word = '']) => word.replaceAll("'\\''", "'"))
}
