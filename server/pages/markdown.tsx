/**
 * The Markdown that plans are written in, as text of our own pages: headings, lists, quotes, code and emphasis. No HTML,
 * no images; a link is shown as its words and its address, and leads nowhere.
 */
import { showHidden, withoutCrLf } from '../text/preview.ts'
import { Marked } from './shown.tsx'

type Block =
  | { type: 'heading' | 'text' | 'quote'; text: string }
  | { type: 'item'; text: string; depth: number; mark: string }
  | { type: 'code'; text: string; words: string }
  | { type: 'rule' }

/** Everything that stands in `text`; of its characters only those that mark it up are left out. */
export function Markdown({ text }: { text: string }) {
  return (
    <div class="plan agent">
      {readBlocks(showHidden(withoutCrLf([text])?.[0] ?? text)).map((block) => {
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
                <span class="mark">{block.mark}</span> <Inline text={block.text} />
              </p>
            )
          case 'code':
            return (
              <>
                {block.words !== '' && (
                  <p class="soft">
                    <Marked text={block.words} />
                  </p>
                )}
                <pre tabindex={0}>
                  <Marked text={block.text} />
                </pre>
              </>
            )
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

/** `text` has been through `showHidden`, so that nothing in it can be taken for the end of a line that is none. */
function readBlocks(text: string): Block[] {
  const blocks: Block[] = []
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ''
    const fence = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})(.*)$/.exec(line)
    if (fence) {
      const [, sign = '', words = ''] = fence
      let end = at + 1
      while (end < lines.length && !isClose(lines[end] ?? '', sign)) end += 1
      blocks.push({ type: 'code', text: lines.slice(at + 1, end).join('\n'), words: words.trim() })
      at = end
    } else if (line.trim() !== '') addLine(blocks, line, lines[at - 1]?.trim() === '')
  }
  return blocks
}

/** A line that holds anything besides the fence is a line of the code. */
function isClose(line: string, sign: string): boolean {
  const only = line.trim()
  return only.length >= sign.length && only === (sign[0] ?? '').repeat(only.length)
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

// No part of it goes on past a sign that begins it again, or a long line of such signs would be read over and over.
const INLINE = /(?<!`)(`+)(?!`)([^`]+)\1(?!`)|\*\*([^*\n]+)\*\*|\[([^[\]\n]*)\]\(([^()\s]*)\)/g

function Inline({ text }: { text: string }) {
  const parts = []
  let at = 0
  for (const match of text.matchAll(INLINE)) {
    parts.push(<Marked text={text.slice(at, match.index)} />)
    const [whole, ticks, code, strong, words, url] = match
    if (ticks !== undefined)
      parts.push(
        <code>
          <Marked text={code ?? ''} />
        </code>,
      )
    else if (strong !== undefined)
      parts.push(
        <b>
          <Marked text={strong} />
        </b>,
      )
    else parts.push(<Marked text={`${words} <${url}>`} />)
    at = match.index + whole.length
  }
  return (
    <>
      {parts}
      <Marked text={text.slice(at)} />
    </>
  )
}
