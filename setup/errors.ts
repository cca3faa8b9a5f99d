/** An expected problem of this room: what is wrong with what, and what to do now. */
export class SetupError extends Error {
  override name = 'SetupError'
  /** Stable word for programs, such as `config-invalid`. */
  readonly code: string
  /** What the reader can do now, as a sentence. */
  readonly remedy: string

  constructor(code: string, message: string, remedy: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.remedy = remedy
  }
}
