/** A push that was not delivered: refused by the service, or the service was not there. */
export class PushError extends Error {
  readonly code: 'push-refused' | 'push-unreachable'
  readonly remedy: string
  /** The HTTP status of a refusal; null where there was none. */
  readonly status: number | null
  /** How long the service wants to be left alone; null where it does not say. */
  readonly waitMs: number | null
  constructor(
    code: PushError['code'],
    message: string,
    remedy: string,
    status: number | null = null,
    waitMs: number | null = null,
  ) {
    super(message)
    this.code = code
    this.remedy = remedy
    this.status = status
    this.waitMs = waitMs
  }
}
