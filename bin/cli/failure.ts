/** What a person reads when a command fails, and the exit code: a sentence for expected problems, a stack for bugs. */

type Expected = { code: string; message: string; remedy: string | undefined }

/** Expected problems are known by their shape, whichever room they come from. */
function isExpected(error: unknown): error is Expected {
  if (typeof error !== 'object' || error === null) return false
  const { code, message, remedy } = error as Record<string, unknown>
  const hasRemedy = typeof remedy === 'string' || (remedy === undefined && 'remedy' in error)
  return typeof code === 'string' && typeof message === 'string' && hasRemedy
}

/** Exit codes: 1 for expected problems, 2 for a wrong command line, 70 (EX_SOFTWARE) for bugs. */
export function describeFailure(error: unknown, version: string): { text: string; exitCode: number } {
  if (isExpected(error)) {
    const remedy = !error.remedy ? '' : `\n${indent(error.remedy)}`
    return { text: `rc: ${error.message}${remedy}`, exitCode: error.code === 'usage' ? 2 : 1 }
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const cause =
    error instanceof Error && error.cause !== undefined ? `\ncaused by ${String(error.cause)}` : ''
  return {
    text: [
      'rc: This is a bug in Remote Claude, not something you did wrong.',
      indent(`${stack}${cause}`),
      indent(`Remote Claude ${version}, Node ${process.version}, ${process.platform}-${process.arch}`),
      indent("Please report these lines, and what you did, in the project's issue tracker."),
    ].join('\n'),
    exitCode: 70,
  }
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '    ')
}
