/** A screen captured with `tmux capture-pane -e`, as lines of text with what matters of their look. Pure. */

/** One line without escape sequences and without spaces at its end. */
export type ScreenLine = {
  text: string
  /** The same with blanks for what is dim or in reverse video: hints and the cursor, as against typed text. */
  firm: string
  hasDim: boolean
}

const ESC = '\u001b'
/** Colours and attributes (first group), hyperlinks, any other control sequence, and shifts of the character set. */
const ESCAPES = new RegExp(
  `${ESC}\\[([0-9;:]*)m|${ESC}\\][^\u0007${ESC}]*(?:\u0007|${ESC}\\\\)|${ESC}\\[[^@-~]*[@-~]|[\u000e\u000f]`,
  'g',
)

/** The lines of a capture; attributes run on from one line into the next, as tmux writes them. */
export function toLines(captured: string): ScreenLine[] {
  let style = { dim: false, reverse: false }
  return captured.split('\n').map((raw) => {
    const line = { text: '', firm: '', hasDim: false }
    let at = 0
    const add = (part: string) => {
      const isFirm = !style.dim && !style.reverse
      line.text += part
      line.firm += isFirm ? part : ' '.repeat(part.length)
      line.hasDim ||= style.dim && part.trim() !== ''
    }
    for (const match of raw.matchAll(ESCAPES)) {
      add(raw.slice(at, match.index))
      at = match.index + match[0].length
      if (match[1] !== undefined) style = restyle(style, match[1])
    }
    add(raw.slice(at))
    // Not trimEnd: the space behind Claude's prompt is one that does not break, and tells it from an echo of a prompt.
    line.text = line.text.replace(/ +$/, '')
    return line
  })
}

function restyle(
  before: { dim: boolean; reverse: boolean },
  codes: string,
): { dim: boolean; reverse: boolean } {
  const style = { ...before }
  const parts = codes.split(';')
  for (let index = 0; index < parts.length; index++) {
    const code = parts[index]
    if (code === '' || code === '0') Object.assign(style, { dim: false, reverse: false })
    if (code === '2') style.dim = true
    if (code === '22') style.dim = false
    if (code === '7') style.reverse = true
    if (code === '27') style.reverse = false
    // An indexed or RGB colour follows: its numbers are no attributes.
    if (code === '38' || code === '48' || code === '58') index += parts[index + 1] === '5' ? 2 : 4
  }
  return style
}
