/**
 * The one open pairing: a link or a code that is good once, for a few minutes, and only when somebody at the desk says
 * yes to the browser that came with it.
 *
 *   begin ─► open ── claim ─► claimed ── confirm ─► paired
 *              └ its time, ten wrong ones, another begin, cancel ─► over
 */
import { problem } from '../errors.ts'
import type { Device } from '../owner-views.ts'
import type { Clock } from '../ports.ts'
import type { Devices } from './devices.ts'
import { hashSecret, newPairingCode, newPairingToken } from './secrets.ts'

export type PairingKind = 'link' | 'code'

const MINUTE = 60_000
const LIVES_MS: Record<PairingKind, number> = { link: 5 * MINUTE, code: 2 * MINUTE }
/** How long somebody may take to say yes at the desk. */
const CONFIRM_MS = 5 * MINUTE
const MOST_WRONG = 10
const WRONG_MS = 10 * MINUTE

/** How it stands with it, for the desk. `guessed`: it is over because somebody tried wrong ones. */
export type PairingView =
  | { state: 'none' | 'over' | 'guessed' }
  | { state: 'open'; until: number }
  | { state: 'claimed' | 'paired'; device: string }

type Open = { hash: string; until: number; device: Device | null; isPaired: boolean }

export type Pairing = ReturnType<typeof createPairing>

export function createPairing({ clock, devices }: { clock: Clock; devices: Devices }) {
  let open: Open | null = null
  let end: 'none' | 'over' | 'guessed' = 'none'
  let wrong: number[] = []
  devices.forgetWaiting()

  function finish(how: 'over' | 'guessed'): void {
    if (open?.device && !open.isPaired) devices.refuse(open.device)
    open = null
    end = how
  }

  /** The one that is open now, whatever has become of it. */
  function current(): Open | null {
    if (open !== null && !open.isPaired && open.until <= clock.now()) finish('over')
    return open
  }

  /** Whether it is the secret of the open pairing. A wrong one is counted, and ten of them end it. */
  function fits(secret: string): boolean {
    const hash = hashSecret(secret)
    const one = current()
    if (one !== null && one.hash === hash) return one.device === null
    const now = clock.now()
    wrong = [...wrong.filter((at) => at > now - WRONG_MS), now]
    if (wrong.length >= MOST_WRONG && one !== null && !one.isPaired) finish('guessed')
    return false
  }

  return {
    /** Opens one, instead of any other; `secret` stands in its link, or is typed. */
    begin(kind: PairingKind): { secret: string; until: number } {
      finish('over')
      // Whoever guessed before must not end this one at once, and gets no more than ten for it.
      wrong = []
      const secret = kind === 'link' ? newPairingToken() : newPairingCode()
      const until = clock.now() + LIVES_MS[kind]
      open = { hash: hashSecret(secret), until, device: null, isPaired: false }
      return { secret, until }
    },
    fits,
    /** A browser takes it. Throws `pairing-over` unless it is the first that comes with it. */
    claim(secret: string, browser: string): { device: Device; cookie: string } {
      if (!fits(secret) || open === null) throw problem('pairing-over')
      const admitted = devices.admit(browser)
      open = { ...open, device: admitted.device, until: clock.now() + CONFIRM_MS }
      return admitted
    },
    /** What somebody at the desk says to the browser of that name. Throws `pairing-over` where that is not the one. */
    decide(name: string, isYes: boolean): void {
      const one = current()
      if (one?.device?.name !== name || one.isPaired) throw problem('pairing-over')
      if (!isYes) {
        finish('over')
        return
      }
      devices.confirm(one.device)
      open = { ...one, isPaired: true }
    },
    /** Nobody waits for it at the desk any more. */
    cancel: (): void => finish('over'),
    view(): PairingView {
      const one = current()
      if (one === null) return { state: end }
      if (one.device === null) return { state: 'open', until: one.until }
      return { state: one.isPaired ? 'paired' : 'claimed', device: one.device.name }
    },
  }
}
