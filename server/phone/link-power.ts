/** What whoever holds a link may do with it: everything with a paired browser, and without one what the owner allows. */
import type { Context } from 'hono'
import type { Devices } from '../devices/devices.ts'
import { problem } from '../errors.ts'
import type { LinkPower } from '../options.ts'
import type { Answer } from '../protocol.ts'
import { cookieOf, type IsSecure } from './cookie.ts'

type Parts = {
  devices: Devices
  isSecure: IsSecure
  links: () => LinkPower | undefined
}

export function createLinkPower({ devices, isSecure, links }: Parts) {
  const pairedName = (c: Context) => devices.paired(cookieOf(c, isSecure))?.name ?? null

  /** Where nothing is configured, a link is enough as long as there is no device that could do without. */
  function powerOf(c: Context): LinkPower {
    if (pairedName(c) !== null) return 'all'
    return links() ?? (devices.list().length > 0 ? 'yes-no' : 'all')
  }

  return {
    pairedName,
    powerOf,
    /** Throws `not-paired` where not even a look is allowed. */
    checkLook(c: Context): void {
      if (powerOf(c) === 'off') throw problem('not-paired')
    },
    /** Throws `not-paired` where it may do less than everything. */
    checkAll(c: Context): void {
      if (powerOf(c) !== 'all') throw problem('not-paired')
    },
    /** Throws `not-paired` for an answer that is more than this browser may give. */
    checkAnswer(c: Context, given: Answer): void {
      const power = powerOf(c)
      if (power === 'all' || (power === 'yes-no' && isPlain(given))) return
      throw problem('not-paired')
    },
  }
}

/** Yes or No for this once, with nothing changed and nothing said. */
function isPlain({ digest: _, ...given }: Answer): boolean {
  if (given.answer !== 'allow' && given.answer !== 'deny') return false
  const rest = Object.entries(given).filter(([name, value]) => name !== 'answer' && value !== undefined)
  return rest.every(([name, value]) => name === 'for' && value === 'once')
}
