/** Text that is not ours, with nothing hidden in it; our own marks in it look like nothing a session can write. */
import { showHidden } from '../text/preview.ts'

/** The whole of `text`. */
export function Shown({ text }: { text: string }) {
  return <Marked text={showHidden(text)} />
}

/** A text that went through `showHidden` before, where every `‹` begins a mark of ours. */
export function Marked({ text }: { text: string }) {
  return (
    <>
      {text
        .split(/(‹[^›]*›)/)
        .map((part, index) => (index % 2 === 1 ? <span class="ours">{part}</span> : part))}
    </>
  )
}

/** How long a block of text is, where that is more than a screen. */
export function LineCount({ lines }: { lines: number }) {
  return lines > 20 ? <span class="soft"> · {lines} lines</span> : null
}
