/** A push that was not delivered: refused by the service, or the service was not there. */
export class PushError extends Error {
  readonly code: 'push-refused' | 'push-unreachable'
  readonly remedy: string
  constructor(code: PushError['code'], message: string, remedy: string) {
    super(message)
    this.code = code
    this.remedy = remedy
  }
}
