/** The phone door over a test's desk, for tests. */
import type { Desk } from '../../../../server/desk/desk.ts'
import { createPhoneDoor } from '../../../../server/phone/door.ts'
import type { Clock } from '../../../../server/ports.ts'

/** At `http://phone.test`, the only host and origin that it knows. */
export function phoneDoor({ desk, clock }: { desk: Desk; clock: Clock }) {
  return createPhoneDoor({
    desk,
    clock,
    log: () => {},
    hosts: () => new Set(['phone.test']),
    origins: () => new Set(['http://phone.test']),
  })
}
