/**
 * The Markdown that plans are written in, as text of our own pages: headings, lists, quotes, code and emphasis. No HTML,
 * no images; a link is shown as its words and its address, and leads nowhere.
 */
import { showHidden } from '../preview.ts'

type Block =
  | { type: 'heading' | 'text' | 'quote'; text: string }
  | { type: 'item'; text: string; depth: number; mark: string }
  | { type: 'code'; text: string }
  | { type: 'rule' }

/** Everything that stands in `text`, nothing of it left out. */
export function Markdown({ text }: { text: string }) {
  return (
    <div class="plan agent">
      {readBlocks(text).map((block) => {
        switch (block.type) {
          case 'heading':
            return (
              <p class="heading">
                <Inline text={block.text} />
              </p>
            )
          case 'item':
            return (
              <p class="item" data-depth={String(Math.min(block.depth, 4))}>
                <span class="mark">{showHidden(block.mark)}</span> <Inline text={block.text} />
              </p>
            )
          case 'code':
            return <pre tabindex={0}>{showHidden(block.text)}</pre>
          case 'rule':
            return <hr />
          default:
            return (
              <p class={block.type}>
                <Inline text={block.text} />
              </p>
            )
        }
      })}
    </div>
  )
}

function readBlocks(text: string): Block[] {
  const blocks: Block[] = []
  const lines = text.replaceAll('\r\n', '\n').split('\n')
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ''
    const fence = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line)
    if (fence) {
      const close = lines.findIndex((one, index) => index > at && one.trim().startsWith(fence[1] ?? ''))
      const end = close < 0 ? lines.length : close
      blocks.push({ type: 'code', text: lines.slice(at + 1, end).join('\n') })
      at = end
    } else if (line.trim() !== '') addLine(blocks, line, lines[at - 1]?.trim() === '')
  }
  return blocks
}

function addLine(blocks: Block[], line: string, isAfterGap: boolean): void {
  const heading = /^#{1,6}\s+(.*)$/.exec(line)
  const item = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/.exec(line)
  const quote = /^\s*>\s?(.*)$/.exec(line)
  if (heading) blocks.push({ type: 'heading', text: heading[1] ?? '' })
  else if (/^ {0,3}([-*_])(\s*\1){2,}\s*$/.test(line)) blocks.push({ type: 'rule' })
  else if (item) {
    const [, indent = '', sign = '', text = ''] = item
    const mark = /\d/.test(sign) ? sign : '•'
    blocks.push({ type: 'item', text, depth: Math.floor(indent.replaceAll('\t', '    ').length / 2), mark })
  } else if (quote) blocks.push({ type: 'quote', text: quote[1] ?? '' })
  else {
    const last = blocks.at(-1)
    // A line that goes on with a paragraph or an item belongs to it.
    if (!isAfterGap && (last?.type === 'text' || last?.type === 'item')) last.text += `\n${line.trim()}`
    else blocks.push({ type: 'text', text: line.trim() })
  }
}

const INLINE = /(`+)([^`]+?)\1|\*\*([^*\n]+)\*\*|!?\[([^\]\n]*)\]\(([^)\s]*)\)/g

function Inline({ text }: { text: string }) {
  const parts = []
  let at = 0
  for (const match of text.matchAll(INLINE)) {
    parts.push(showHidden(text.slice(at, match.index)))
    const [whole, ticks, code, strong, words, url] = match
    if (ticks !== undefined) parts.push(<code>{showHidden(code ?? '')}</code>)
    else if (strong !== undefined) parts.push(<b>{showHidden(strong)}</b>)
    else parts.push(showHidden(`${words} <${url}>`))
    at = match.index + whole.length
  }
  return (
    <>
      {parts}
      {showHidden(text.slice(at))}
    </>
  )
}
