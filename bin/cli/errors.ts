/** An expected problem of the command line: what happened to what, and what to do now. */
export class CommandError extends Error {
  override name = 'CommandError'
  /** Stable word for programs; `usage` ends with exit code 2. */
  readonly code: string
  /** What the reader can do now, as a sentence. */
  readonly remedy: string

  constructor(code: string, message: string, remedy: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.remedy = remedy
  }
}
