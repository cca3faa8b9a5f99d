/** A push that was not delivered: refused by the service, or the service was not there. */
export class PushError extends Error {
  readonly code: 'push-refused' | 'push-unreachable'
  readonly remedy: string
  /** The HTTP status of a refusal; null where there was none. */
  readonly status: number | null
  constructor(code: PushError['code'], message: string, remedy: string, status: number | null = null) {
    super(message)
    this.status = status
    this.code = code
    this.remedy = remedy
  }
}
