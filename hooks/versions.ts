/** Which versions of Claude Code this program is tested with. Pure: hooks and host both ask it. */

/** Versions that `npm run test:contract` runs against, oldest first; the last one is the image's default. */
export const TESTED_VERSIONS: readonly string[] = ['2.1.197', '2.1.330', '2.1.332']

/** Whether the contract was run against exactly this version. */
export function isTested(version: string): boolean {
  return TESTED_VERSIONS.includes(version)
}

/** The line a person gets about a version that nobody has tried; null for a tested one. */
export function untestedWarning(version: string): string | null {
  if (isTested(version)) return null
  const tested = TESTED_VERSIONS.join(' and ')
  return `Claude Code ${version} is not tested with this program (${tested} are). rc doctor --claude ${version} tries it.`
}

/** Negative, 0 or positive as `a` is older than, equal to or newer than `b`. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split('.').map(Number))
  for (let at = 0; at < 3; at++) {
    const difference = (left?.[at] ?? 0) - (right?.[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
