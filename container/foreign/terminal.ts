/** The terminal of sessions that we did not start: whatever pane a Claude says that it is in, and only while it is. */
import { stripVTControlCharacters } from 'node:util'
import type { Terminal } from '../../server/ports.ts'
import type { SessionId } from '../../server/protocol.ts'
import { ContainerError } from '../errors.ts'
import { createHands, createPaneWatch, PATIENCE_MS, type PaneWatch } from '../terminal/pane-watch.ts'
import { createPresser } from '../terminal/presser.ts'
import { type Refused, refused } from '../terminal/refusals.ts'
import { createTypist } from '../terminal/typist.ts'
import { type ForeignPlace, whyNotTyped } from './place.ts'
import { type RunIn, reach } from './reach.ts'
import { NO_PANE, NOT_IN_FRONT } from './refusals.ts'

export type { ForeignPlace } from './place.ts'
export { whyNotTyped } from './place.ts'

/** A look through the engine takes about so many times what is waited between two of them (100 to 200 ms, 50 ms). */
const LOOKS_IN_CONTAINER = 3

type Parts = {
  placeOf(id: SessionId): ForeignPlace | null
  runIn: RunIn
  /** How long a wish may take to come true, in milliseconds. */
  patienceMs?: number
}

/** Keystrokes for panes of foreign tmux servers, here and in containers. Holds nothing between two calls. */
export function createForeignTerminal({ placeOf, runIn, patienceMs = PATIENCE_MS }: Parts): Terminal {
  const hands = createHands()

  /** Does `work` at the session's pane, or tells why there is none. */
  async function at<T>(id: SessionId, work: (hand: Hand) => Promise<T>): Promise<T | Refused> {
    try {
      const reached = await reach(placeOf(id), runIn)
      if (reached.status === 'refused') return reached
      const { tmux, pane, key, isHere, isClaude } = reached
      const watch = createPaneWatch(tmux, {
        isClaude,
        hands: (_, task) => hands(key, task),
        patienceMs: isHere ? patienceMs : patienceMs / LOOKS_IN_CONTAINER,
      })
      return await work({
        pane,
        watch,
        typist: createTypist(tmux, watch, ABSENCE),
        presser: createPresser(tmux, watch, ABSENCE),
      })
    } catch (error) {
      // The container has stopped, or tmux is not installed.
      if (error instanceof ContainerError) return refused(error.code, error.message, error.remedy)
      throw error
    }
  }

  return {
    whyNotTyped: (id) => whyNotTyped(placeOf(id)),

    typeInto: (id, text, options) => at(id, ({ typist, pane }) => typist.type(pane, text, options)),

    async capture(id) {
      const seen = await at(id, ({ watch, pane }) => watch.look(pane))
      // Anything else in that pane is no session's, and nobody has asked to see it.
      if ('status' in seen || !seen.isClaude) return null
      return stripVTControlCharacters(seen.text).replace(/[\p{Cc}--\n]/gv, '')
    },

    async read(id) {
      const view = await at(id, ({ presser, pane }) => presser.read(pane))
      return view === null || 'status' in view ? null : view
    },

    async whyNotRead(id) {
      return (await at(id, ({ presser, pane }) => presser.whyNotRead(pane)))?.message ?? null
    },

    escape: (id) => at(id, ({ presser, pane }) => presser.escape(pane)),

    press: (id, given) => at(id, ({ presser, pane }) => presser.press(pane, given)),
  }
}

/** What a pane is looked at and worked with. */
type Hand = {
  pane: string
  watch: PaneWatch
  typist: ReturnType<typeof createTypist>
  presser: ReturnType<typeof createPresser>
}

const ABSENCE = { noPane: NO_PANE, notRunning: NOT_IN_FRONT }
