/** Shows long work: in a terminal one line a step that is updated in place, elsewhere plain lines. */
import type { Output } from './output.ts'
import { cutText, toOneLine } from './text-width.ts'

export type Progress = {
  /** A new step begins; the one before it is done. */
  step(title: string): void
  /** What the running step said last. Nothing is kept of it. */
  detail(line: string): void
  /** The last step is over, whether it went well or not. */
  end(): void
}

const REDRAW_MS = 500
const CLEAR_LINE = '\r\u001b[K'

/** Goes to stderr: results stay apart from it. `end` must be called, whatever happens. */
export function createProgress(
  output: Pick<Output, 'draw' | 'note' | 'columns' | 'isNoteTerminal'>,
  now: () => number = Date.now,
): Progress {
  let title: string | null = null
  let last = ''
  let began = 0
  let timer: NodeJS.Timeout | undefined

  const elapsed = () => `${Math.floor((now() - began) / 1000)} s`
  const redraw = () => {
    const line = `${toOneLine(title ?? '')} (${elapsed()})${last === '' ? '' : `  ${toOneLine(last)}`}`
    output.draw(`${CLEAR_LINE}${cutText(line, output.columns() - 1)}`)
  }
  const close = () => {
    clearInterval(timer)
    if (title === null) return
    const line = `${toOneLine(title)} (${elapsed()})`
    if (output.isNoteTerminal) output.draw(`${CLEAR_LINE}${line}\n`)
    title = null
  }

  return {
    step(next) {
      close()
      title = next
      last = ''
      began = now()
      if (!output.isNoteTerminal) {
        output.note(`${next} …`)
        return
      }
      timer = setInterval(redraw, REDRAW_MS)
      timer.unref()
      redraw()
    },
    detail(line) {
      last = line
    },
    end: close,
  }
}
