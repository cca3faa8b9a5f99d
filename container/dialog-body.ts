/**
 * A dialog as Claude draws it under a rule of the screen's full width. Pure. Measured on 2.1.197 and 2.1.330.
 *
 *   ─────────────────────────────        begins in the first column, where text of the agent never begins
 *    Bash command                        the title
 *    git push origin main                its body
 *    Do you want to proceed?             the question
 *    ❯ 1. Yes                            the choices
 *      2. No
 *    Esc to cancel · Tab to amend        the footer, and nothing below it
 */
import { createHash } from 'node:crypto'
import { type Choices, type DialogOption, numberedChoices, plainChoices } from './dialog-choices.ts'
import { type DialogName, nameOf, questionOf } from './dialog-names.ts'

export type { DialogName, DialogOption }

export type Dialog = {
  /** Which of Claude's dialogs it is; null for one that we do not know. */
  name: DialogName | null
  title: string
  question: string
  options: DialogOption[]
  /** Whether the dialog says that Esc cancels it. */
  cancels: boolean
  /** Of everything under the rule but the cursor and the line breaks: what was shown is what is answered. */
  digest: string
}

const TITLE_RULE = /^[─▔]{20,}$/
const ANY_RULE = /^ *[─▔╌]{10,}$/
const FOOTER = /^(?:↑ \d+ more lines?|(?:Esc|Enter|Tab|Space|ctrl\+\S+|shift\+\S+) .*)$/i

/** The dialog that stands at the end of the screen; null when there is none. */
export function readDialog(lines: string[]): Dialog | null {
  const found = numberedChoices(lines) ?? plainChoices(lines)
  const choices = found !== null && onlyFooter(lines.slice(found.to + 1)) ? found : null
  const end = choices?.from ?? lines.length
  const rule = lines.slice(0, end).findLastIndex((line) => TITLE_RULE.test(line))
  if (choices !== null) return readChoices(lines, rule, choices)
  return rule === -1 ? null : readBare(lines.slice(rule + 1))
}

/** A dialog that is taller than the screen has lost its rule, and its title with it. */
function readChoices(lines: string[], rule: number, { options, from, to }: Choices): Dialog | null {
  const body = lines.slice(rule + 1, from)
  const above = paragraphsOf(body)
  const title = rule === -1 ? '' : titleOf(body)
  const footer = paragraphsOf(lines.slice(to + 1)).join(' ')
  // Without numbers a footer has to say that keys are waited for: a list in a text has none.
  const isPlain = options[0]?.key.startsWith('#') ?? false
  if (isPlain && !/\b(?:Esc|Enter) to /.test(footer)) return null
  const isCut = rule === -1
  const isIndented = !lines[from]?.startsWith(' ❯ ')
  const name = isCut && isIndented ? null : nameOf({ title, question: above.at(-1) ?? '', options, footer })
  return {
    name,
    title,
    question: questionOf(name, title, above),
    options,
    cancels: /\bEsc to cancel\b/i.test(footer),
    digest: digestOf(name, lines.slice(rule + 1)),
  }
}

/** Dialogs without choices that have their own keys: a notice, whose footer names them, and a form. */
function readBare(lines: string[]): Dialog | null {
  const title = titleOf(lines)
  const footer = paragraphsOf(lines).at(-1) ?? ''
  const options = [...footer.matchAll(/(Enter|shift\+Tab|Esc) to ([^·]+?)(?= ·|$)/gi)].map(
    ([, key = '', label = '']) => ({ key: KEYS[key.toLowerCase()] ?? key, label, selected: false }),
  )
  const name = nameOf({ title, question: '', options, footer })
  if (name !== 'auto' && name !== 'form') return null
  return {
    name,
    title,
    question: title,
    options: name === 'auto' ? options : [],
    cancels: true,
    digest: digestOf(name, lines),
  }
}

const KEYS: Record<string, string> = { enter: 'Enter', 'shift+tab': 'BTab', esc: 'Escape' }

function onlyFooter(below: string[]): boolean {
  return below.every((line) => line.trim() === '' || FOOTER.test(line.trim()))
}

function titleOf(lines: string[]): string {
  return lines.find((line) => line.trim() !== '' && !ANY_RULE.test(line))?.trim() ?? ''
}

/** Blocks between blank lines and rules, each on one line. */
function paragraphsOf(lines: string[]): string[] {
  const blocks: string[][] = [[]]
  for (const line of lines) {
    if (line.trim() === '' || ANY_RULE.test(line)) blocks.push([])
    else blocks.at(-1)?.push(line.trim())
  }
  return blocks.filter((block) => block.length > 0).map((block) => block.join(' '))
}

/** Narrow screens break lines, words that are too long for one, and draw a bar before a text of several lines. */
function digestOf(name: DialogName | null, lines: string[]): string {
  const seen = lines
    .filter((line) => !ANY_RULE.test(line))
    .map((line) => line.replace(/^( *)[❯│] /, '$1'))
    .join('')
    .replace(/\s/g, '')
  return createHash('sha256')
    .update(JSON.stringify([name, seen]))
    .digest('hex')
}
