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
import { type Choices, type DialogOption, numberedChoices, plainChoices } from './choices.ts'
import { type DialogName, isPlanQuestion, markText, nameOf, questionOf } from './names.ts'

export type { DialogName, DialogOption }

export type Dialog = {
  /** Which of Claude's dialogs it is; null for one that we do not know. */
  name: DialogName | null
  title: string
  question: string
  options: DialogOption[]
  /** Whether the dialog says that Esc cancels it. */
  cancels: boolean
  /** Whether digits may only move its cursor, so that Enter has to confirm. */
  confirms: boolean
  /** A part of it is out of sight: nobody who looks at this screen knows what a Yes would allow. */
  isCut: boolean
  /** What stands above the choices. */
  body: string
  /**
   * Of everything under the rule but the cursor, the line breaks and the footer, which follows the cursor: what was shown
   * is what is answered.
   */
  digest: string
}

const TITLE_RULE = /^[─▔]{20,}$/
const ANY_RULE = /^ *[─▔╌]{10,}$/
/** A plan that is longer than its place (2.1.330) ends in an arrow at the right. */
const SCROLLS = / {2}[↑↓]$/
const FOOTER = /^(?:↑ \d+ more lines?|(?:Esc|Enter|Tab|Space|ctrl\+\S+|shift\+\S+) .*)$/i

/** The dialog that stands at the end of the screen; null when there is none. */
export function readDialog(lines: string[]): Dialog | null {
  // Both: a list in what the agent has said above a dialog is none of its choices.
  const choices =
    [numberedChoices(lines), plainChoices(lines)].find(
      (found) => found !== null && onlyFooter(lines.slice(found.to + 1)),
    ) ?? null
  const rule = titleRule(lines, choices?.from ?? lines.length)
  if (choices !== null) return readChoices(lines, rule, choices)
  return rule === -1 ? null : readBare(lines.slice(rule + 1))
}

/** The last one above `end`, or the one before it where a plan's question has a rule of its own (2.1.197). */
function titleRule(lines: string[], end: number): number {
  const last = lines.slice(0, end).findLastIndex((line) => TITLE_RULE.test(line))
  if (!isPlanQuestion(titleOf(lines.slice(last + 1, end)))) return last
  return lines.slice(0, Math.max(last, 0)).findLastIndex((line) => TITLE_RULE.test(line))
}

/** Of a dialog that is taller than the screen its rule is out of sight, and its title. */
function readChoices(lines: string[], rule: number, { options, from, to }: Choices): Dialog | null {
  const body = lines.slice(rule + 1, from)
  const above = paragraphsOf(body)
  const title = rule === -1 ? '' : titleOf(body)
  const footer = paragraphsOf(lines.slice(to + 1)).join(' ')
  // Without numbers a footer has to say that keys are waited for: a list in a text has none.
  const isPlain = options[0]?.key.startsWith('#') ?? false
  if (isPlain && !/\b(?:Esc|Enter) to /.test(footer)) return null
  // Where the agent can draw no cursor the choices are Claude's own, title or not.
  const isOwn = rule !== -1 || lines.slice(from, to + 1).some((line) => /^ ?❯ /.test(line))
  const name = isOwn ? nameOf({ title, question: above.at(-1) ?? '', options, footer }) : null
  return {
    name,
    title,
    question: questionOf(name, title, above),
    options: markText(name, options),
    cancels: /\bEsc to cancel\b/i.test(footer),
    confirms: /\bEnter to confirm\b/i.test(footer),
    isCut: rule === -1 || footer.startsWith('↑ ') || body.some((line) => SCROLLS.test(line)),
    body: body.join('\n'),
    digest: digestOf(lines.slice(rule + 1, to + 1)),
  }
}

/** Dialogs without choices that have their own keys: a notice, whose footer names them, and a form. */
function readBare(lines: string[]): Dialog | null {
  const title = titleOf(lines)
  const footer = paragraphsOf(lines).at(-1) ?? ''
  const options = [...footer.matchAll(/(Enter|shift\+Tab|Esc) to ([^·]+?)(?= ·|$)/gi)].map(
    ([, key = '', label = '']) => ({
      key: KEYS[key.toLowerCase()] ?? key,
      label,
      selected: false,
      isText: false,
    }),
  )
  const name = nameOf({ title, question: '', options, footer })
  if (name !== 'auto' && name !== 'form') return null
  return {
    name,
    title,
    question: title,
    options: name === 'auto' ? options : [],
    cancels: true,
    confirms: false,
    isCut: false,
    body: lines.join('\n'),
    digest: digestOf(lines),
  }
}

const KEYS: Record<string, string> = { enter: 'Enter', 'shift+tab': 'BTab', esc: 'Escape' }

function onlyFooter(below: string[]): boolean {
  return below.every((line, at) => {
    if (line.trim() === '' || FOOTER.test(line.trim())) return true
    // A plan's footer names its file, and breaks on a narrow screen.
    return line.startsWith(' ') && /^ +ctrl\+g to edit /.test(below[at - 1] ?? '')
  })
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

/**
 * Narrow screens break lines, draw a bar before a text of several and leave out the blank behind a number. So a run of
 * blanks counts as one, but never as none: `/tmp` and `/ tmp` are not the same. A word that is too long for its line
 * gives another digest on another width.
 */
function digestOf(lines: string[]): string {
  const seen = lines
    .filter((line) => !ANY_RULE.test(line))
    .map((line) => line.replace(/^( *)[❯│] /, '$1').replace(/^( *\d\.)(?=\S)/, '$1 '))
    .join(' ')
    .replace(/\s+/g, ' ')
  return createHash('sha256').update(seen.trim()).digest('hex')
}

/**
 * Whether all that has changed is the text of the row under the cursor: the key was typed into it, and answered nothing.
 * A box that has been ticked is a change.
 */
export function isOnlyTyped(before: Dialog, after: Dialog): boolean {
  if (before.body !== after.body || before.options.length !== after.options.length) return false
  return before.options.every((was, index) => {
    const is = after.options[index]
    if (is === undefined || was.label === is.label) return is !== undefined
    const isTicked = withoutBox(was.label) === withoutBox(is.label)
    return (was.selected || is.selected) && !isTicked
  })
}

function withoutBox(label: string): string {
  return label.replace(/^\[.\] /, '')
}
