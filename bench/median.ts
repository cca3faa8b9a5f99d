/** The middle of some measurements: whatever else the machine did in a few of them does not count. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right)
  return sorted[sorted.length >> 1] ?? Number.NaN
}

/** Prints a line and ends with 1 where a ratio is above its limit. */
export function conclude(what: string, ratio: number, limit: number): void {
  process.stdout.write(`${what}: ratio ${ratio.toFixed(3)} (limit ${limit})\n`)
  process.exitCode = ratio <= limit ? 0 : 1
}
