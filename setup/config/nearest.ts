/** The candidate that a mistyped word probably meant, or null: at most a third of its letters may differ. */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  if (word === '') return null
  let best: string | null = null
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase())
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** Damerau-Levenshtein distance, restricted: swapped neighbours count once. */
function editDistance(left: string, right: string): number {
  const rows: number[][] = [Array.from({ length: right.length + 1 }, (_, at) => at)]
  for (let y = 1; y <= left.length; y++) {
    const row = [y]
    for (let x = 1; x <= right.length; x++) {
      const same = left[y - 1] === right[x - 1]
      let cost = Math.min(
        (rows[y - 1]?.[x] ?? 0) + 1,
        (row[x - 1] ?? 0) + 1,
        (rows[y - 1]?.[x - 1] ?? 0) + (same ? 0 : 1),
      )
      if (x > 1 && y > 1 && left[y - 1] === right[x - 2] && left[y - 2] === right[x - 1]) {
        cost = Math.min(cost, (rows[y - 2]?.[x - 2] ?? 0) + 1)
      }
      row.push(cost)
    }
    rows.push(row)
  }
  return rows[left.length]?.[right.length] ?? 0
}
