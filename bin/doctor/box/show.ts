/** Attempts as a person reads them. */

import type { Output, Style } from '../../cli/output.ts'
import type { Outcome } from './hostile/attempt.ts'
import type { EscapeReport } from './suite.ts'

const STYLES: Record<Outcome, Style> = {
  stopped: 'green',
  reported: 'yellow',
  ESCAPED: 'red',
  'not-tried': 'red',
  works: 'dim',
}

/** Prints each report as it comes, under headings of mode and group. */
export function createReporter(output: Output): (report: EscapeReport) => void {
  let heading = ''
  return ({ mode, group, tried, outcome, by }) => {
    if (heading !== `${mode}: ${group}`) {
      heading = `${mode}: ${group}`
      output.print(`\n${output.paint('bold', heading)}`)
    }
    output.print(
      `  ${output.paint(STYLES[outcome], outcome.padEnd(9))}  ${printable(tried)}\n             ${printable(by)}`,
    )
  }
}

export type Tally = Record<Outcome, number> & { tried: number }

/** How it ended; a control is no attempt. */
export function count(reports: readonly EscapeReport[]): Tally {
  const of = (outcome: Outcome) => reports.filter((one) => one.outcome === outcome).length
  const [stopped, reported, ESCAPED, notTried, works] = [
    of('stopped'),
    of('reported'),
    of('ESCAPED'),
    of('not-tried'),
    of('works'),
  ]
  return { stopped, reported, ESCAPED, 'not-tried': notTried, works, tried: reports.length - works }
}

/** Attempts hold NULs, tabs and look-alikes on purpose. */
function printable(text: string): string {
  return text.replaceAll(/\p{C}/gu, (it) => `\\u${(it.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`)
}
