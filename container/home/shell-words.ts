/** Text that a POSIX shell reads back exactly. Pure. */

/** One word, whatever is in it. */
function toShellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** Lines that export these variables when sourced. Names are checked where they are configured. */
export function toExports(env: Record<string, string>): string {
  return Object.entries(env)
    .map(([name, value]) => `export ${name}=${toShellWord(value)}\n`)
    .join('')
}

/** A line that sets the positional parameters when sourced. */
export function toArguments(args: readonly string[]): string {
  return `set -- ${args.map(toShellWord).join(' ')}\n`
}
