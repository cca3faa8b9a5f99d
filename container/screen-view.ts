/** A sight of a pane, made into what a person is shown of it and may press. Pure. */
import { createHash } from 'node:crypto'
import type { ScreenView } from '../server/ports.ts'
import type { Sight } from './pane-watch.ts'
import { toLines } from './screen-text.ts'

const MAX_LINES = 200

/** What the screen waits for; null while Claude works or waits for a prompt. */
export function viewOf({ screen, text }: Pick<Sight, 'screen' | 'text'>): ScreenView | null {
  if (screen.kind === 'idle' || screen.kind === 'busy') return null
  const shown = readable(text)
  if (screen.kind === 'unknown') {
    const digest = createHash('sha256').update(shown).digest('hex')
    return { name: null, question: '', options: [], screen: shown, digest }
  }
  const own = screen.options.map(({ key, label }) => ({ key, label }))
  const cancel = screen.cancels && !own.some(({ key }) => key === 'Escape') ? [ESCAPE] : []
  const { name, question, digest } = screen
  return { name, question, options: [...own, ...cancel], screen: shown, digest }
}

const ESCAPE = { key: 'Escape', label: 'Esc' }

function readable(captured: string): string {
  const lines = toLines(captured).map(({ text }) => text.replace(/\p{Cc}/gu, '').trimEnd())
  return lines.join('\n').replace(/^\n+/, '').trimEnd().split('\n').slice(-MAX_LINES).join('\n')
}
