/**
 * Asks of the kind `dialog`: a screen of Claude's that no hook answers, as the host has read it from the pane. Nothing
 * in them comes from a message of the session. Pure.
 */
import { type Ask, digestOf } from './ask.ts'
import type { ScreenView, SessionRef } from './ports.ts'
import type { AskId, JsonObject } from './protocol.ts'

/** Dialogs that a hook of ours answers; keys are for them only when no hook waits. */
const HOOKED: ReadonlySet<string | null> = new Set(['permission', 'question', 'plan', 'form'])
const LONGEST_TEXT = 2_000

type Input = { session: SessionRef; view: ScreenView; id: AskId; now: number; askMs: number }

/** The pending ask for a screen. */
export function newScreenAsk({ session, view, id, now, askMs }: Input): Ask {
  const input: JsonObject = { ...view }
  const shown = { kind: 'dialog' as const, tool: null, input, suggestions: [], text: describe(view) }
  return {
    ...shown,
    id,
    key: `screen:${id}`,
    session: session.id,
    sessionName: session.name,
    ...(session.account !== undefined && { account: session.account }),
    context: { claude_session: '', cwd: session.workspace },
    digest: digestOf(shown),
    rules: [],
    waits: false,
    createdAt: now,
    deadline: now + askMs,
    state: 'pending',
    because: null,
    answer: null,
    answeredBy: null,
    endedAt: null,
    decision: null,
    result: null,
    resultReason: null,
  }
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
  return input['name'] === null && input['isCut'] !== true
}

/** Whether a hook's own ask is the way to answer it. One that has lost its title may be any. */
export function isHooked({ name, isCut }: ScreenView): boolean {
  return HOOKED.has(name) || (name === null && isCut)
}

function describe({ question, options, isCut, screen }: ScreenView): string {
  if (question === '') return screen.slice(-LONGEST_TEXT)
  const hidden = isCut ? ['(A part of this dialog is out of sight.)'] : []
  return [...hidden, question, ...options.map(({ label }) => `- ${label}`)].join('\n').slice(0, LONGEST_TEXT)
}
