/** An expected problem of this room: what happened to what, and what to do now. */
export class ContainerError extends Error {
  override name = 'ContainerError'
  /** Stable word for programs, such as `docker-not-running`. */
  readonly code: string
  /** What the reader can do now, as a sentence. */
  readonly remedy: string

  constructor(code: string, message: string, remedy: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.remedy = remedy
  }
}
