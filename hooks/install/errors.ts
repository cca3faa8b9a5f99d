/** An expected problem with a settings file of Claude Code: what is wrong where, and what to do now. */
export class SettingsError extends Error {
  override name = 'SettingsError'
  /** Stable word for programs, such as `settings-invalid`. */
  readonly code: string
  /** What the reader can do now, as a sentence. */
  readonly remedy: string
  /** The line of the file that it is about, counted from 1. */
  readonly line?: number

  constructor(
    code: string,
    message: string,
    remedy: string,
    { line, ...options }: ErrorOptions & { line?: number } = {},
  ) {
    super(message, options)
    this.code = code
    this.remedy = remedy
    if (line !== undefined) this.line = line
  }
}
