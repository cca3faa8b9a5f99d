/** The table as a person reads it: a fact a line, a version a column. */
import type { Output } from '../../cli/output.ts'
import type { Finding } from './facts.ts'

/** What one version gave. */
export type Column = { version: string; findings: Finding[] }

/** Prints the table and what was seen instead; gives how many differences our code does not know. */
export function showContract(output: Output, columns: readonly Column[]): number {
  const rows = (columns[0]?.findings ?? []).map(({ id, fact }) => [
    fact,
    ...columns.map(({ findings }) => findings.find((one) => one.id === id)?.result ?? '-'),
  ])
  output.table(['FACT', ...columns.map(({ version }) => version)], rows)
  const differing = columns.flatMap(({ version, findings }) =>
    findings.filter(({ result }) => result !== 'holds').map((finding) => ({ version, ...finding })),
  )
  if (differing.length > 0) output.print('')
  for (const { version, fact, result, seen } of differing) {
    output.print(`${result} on ${version}: ${fact}. Seen: ${seen}`)
  }
  const unknown = differing.filter(({ result }) => result === 'DIFFERS').length
  const facts = columns.reduce((sum, { findings }) => sum + findings.length, 0)
  output.print(
    `\n${facts} probes: ${facts - differing.length} hold, ${differing.length - unknown} differ as known, ${unknown} DIFFER`,
  )
  return unknown
}
