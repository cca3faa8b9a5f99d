/** A screen and its text, made into what a person is shown of it and may press. Pure. */
import { createHash } from 'node:crypto'
import type { ScreenView } from '../../server/ports.ts'
import type { Screen } from './screen.ts'
import { toLines } from './text.ts'

const MAX_LINES = 200

/** What the screen waits for; null while Claude works or waits for a prompt. */
export function viewOf({ screen, text }: { screen: Screen; text: string }): ScreenView | null {
  if (screen.kind === 'idle' || screen.kind === 'busy') return null
  const shown = readable(text)
  if (screen.kind === 'unknown') {
    const digest = createHash('sha256').update(shown).digest('hex')
    return { name: null, question: '', options: [], isCut: false, screen: shown, digest }
  }
  const { name, question, isCut, digest } = screen
  const own = screen.options
    .filter(({ label, isText }) => !isText && (!isCut || isRefusal(name, label)))
    .map(({ key, label }) => ({ key, label }))
  const isCancelled = (screen.cancels || isCut) && !own.some(({ key }) => key === 'Escape')
  const options = isCancelled ? [...own, ESCAPE] : own
  return { name, question, options, isCut, screen: shown, digest }
}

/** What may be said to a question that nobody can read to its end. */
function isRefusal(name: string | null, label: string): boolean {
  return (name === 'permission' || name === 'auto') && /^No(?:,|$)/.test(label)
}

const ESCAPE = { key: 'Escape', label: 'Esc' }

function readable(captured: string): string {
  const lines = toLines(captured).map(({ text }) => text.replace(/\p{Cc}/gu, '').trimEnd())
  return lines.join('\n').replace(/^\n+/, '').trimEnd().split('\n').slice(-MAX_LINES).join('\n')
}
