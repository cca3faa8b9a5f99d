/** What became of pushes, for whoever looks after the machine. Pure. */
import type { ResponderStatus } from '../../server/owner-views.ts'

/** Lines beside the responder's own: whom nothing reached comes first. */
export function pushLines(status: ResponderStatus): string[] {
  const { unreached = [], push_deliveries: services = [], push_troubles: troubles = {} } = status
  const asks = unreached.map(({ ask }) => ask).join(', ')
  const [first] = unreached
  return [
    ...(first === undefined
      ? []
      : [
          `Nobody was reached: no service took the push of ${unreached.length === 1 ? 'question' : 'questions'} ${asks}. ${first.error}`,
        ]),
    ...services.map(({ service, taken, failed, last_error: error }) => {
      const words =
        failed === 0 ? '' : `, ${failed} failed${error === null ? '' : `; the last one: ${error}`}`
      return `${service}: ${taken} taken${words}`
    }),
    ...Object.entries(troubles).map(
      ([service, why]) => `${service} brings no answers back at the moment: ${why}`,
    ),
  ]
}
