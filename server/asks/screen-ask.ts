/**
 * Asks of the kind `dialog`: a screen of Claude's that no hook answers, as the host has read it from the pane. Nothing
 * in them comes from a message of the session. Pure.
 *
 * In a box every program of the session can draw on that screen, over a dialog of Claude's that no hook has told us of:
 * it has the same uid, so it can end our hooks before they have spoken. Enter, a digit, Tab and arrows with an Enter
 * behind them may then be the Yes of what is hidden (Enter and 1 are, on every permission dialog; a reader at the same
 * terminal can take the arrows away). Only Esc allows nothing on any screen of 2.1.197 to 2.1.332, so it is all that a
 * box's screen offers, known or not. A Claude of the user's own shares its terminal with nobody that could not press the
 * key itself.
 */

import type { ScreenView, SessionRef } from '../ports.ts'
import type { AskId, JsonObject } from '../protocol.ts'
import type { Ask } from './ask.ts'
import { newAsk } from './new-ask.ts'

const ESCAPE = { key: 'Escape', label: 'Esc' }
const LONGEST_TEXT = 2_000

type Input = {
  session: SessionRef
  view: ScreenView
  /** A session in a box of ours. */
  isOurs: boolean
  id: AskId
  now: number
  askMs: number
}

/** The pending ask for a screen. */
export function newScreenAsk({ session, view, isOurs, id, now, askMs }: Input): Ask {
  const input: JsonObject = isOurs ? { ...view, options: [ESCAPE], only_escape: true } : { ...view }
  return newAsk({
    id,
    key: `screen:${id}`,
    session,
    kind: 'dialog',
    tool: null,
    input,
    suggestions: [],
    text: describe(view, isOurs),
    context: { claude_session: '', cwd: session.workspace },
    waits: false,
    createdAt: now,
    deadline: now + askMs,
  })
}

/** The screen that the ask shows, by its digest. */
export function screenOf(ask: Ask): string {
  return String(ask.input['digest'])
}

/** The keys that it offers. */
export function keysOf(ask: Ask): string[] {
  const options = Array.isArray(ask.input['options']) ? ask.input['options'] : []
  return options.map((one) => String((one as JsonObject)['key']))
}

/** Whether it takes plain keys too: nobody has taught us to read it, but all of it is there to be read by a person. */
export function takesPlainKeys({ input }: Pick<Ask, 'input'>): boolean {
  return input['name'] === null && input['isCut'] !== true && !isOnlyEscape({ input })
}

/** Whether it stands in a box, where Esc is all that is ever pressed. */
export function isOnlyEscape({ input }: Pick<Ask, 'input'>): boolean {
  return input['only_escape'] === true
}

function describe({ question, options, isCut, screen }: ScreenView, isOurs: boolean): string {
  const drawn = isOurs ? ['(A program of the session may have drawn this screen.)'] : []
  const hidden = isCut ? ['(A part of this dialog is out of sight.)'] : []
  const lines =
    question === ''
      ? [screen.slice(-LONGEST_TEXT)]
      : [...hidden, question, ...options.map(({ label }) => `- ${label}`)]
  return [...drawn, ...lines].join('\n').slice(0, LONGEST_TEXT)
}
