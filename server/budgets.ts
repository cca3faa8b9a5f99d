/**
 * What one session may do to everybody's phone and disk, counted over time and whatever became of it. Pure.
 *
 * Each limit fills with what is done and empties evenly, so a burst is possible and a flood is not. The numbers: a person
 * answers hardly more than a question every two seconds, and Claude runs some ten subagents at once, so sixty questions
 * and thirty a minute stop nobody who is answered. Pushover takes 10,000 messages a month from one account: no session
 * sends more than 2,200 in a month of its own, twice that in its first. What is kept of a question is some kilobytes, so
 * two thousand a day are some megabytes.
 */

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const MONTH = 30 * DAY
const MB = 1024 * 1024

/** At most `most` at once, and as much again in each `inMs` milliseconds. */
export type Limit = { most: number; inMs: number }

type Budget = {
  /** Every one of them holds. */
  limits: readonly Limit[]
  /** Used up, as a sentence about a session, without its name and the final stop. */
  told: string
}

/** Doors and notices have their own, so that what a program does leaves Claude's questions alone. */
export const BUDGETS = {
  questions: {
    limits: [{ most: 60, inMs: 2 * MINUTE }],
    told: 'asks more than 60 questions at once or 30 a minute, so some are asked at the keyboard only',
  },
  /** Those that an approval in advance answers as well. */
  asks: {
    limits: [{ most: 2_000, inMs: DAY }],
    told: 'asks more than 2,000 questions a day, so others are asked at the keyboard only',
  },
  bytes: {
    limits: [{ most: 16 * MB, inMs: 6 * HOUR }],
    told: 'asks about more than 16 MB at once or 64 MB a day, so long questions are asked at the keyboard only',
  },
  doors: {
    limits: [{ most: 20, inMs: HOUR }],
    told: 'wants more hosts or signatures than 20 at once or 20 an hour, so others are refused unasked',
  },
  uses: {
    limits: [
      { most: 300, inMs: HOUR },
      { most: 1_000, inMs: DAY },
    ],
    told: 'uses what you said before about hosts and signatures more than 300 times an hour, so the audit leaves some out',
  },
  pushes: {
    limits: [
      { most: 20, inMs: HOUR / 2 },
      { most: 1_500, inMs: MONTH },
    ],
    told: 'asks more than 20 pushes at once, 40 an hour or 1,500 a month can carry, so some questions reach the phone later',
  },
  'door-pushes': {
    limits: [
      { most: 10, inMs: HOUR },
      { most: 300, inMs: MONTH },
    ],
    told: 'wants more hosts or signatures than 10 pushes an hour or 300 a month can carry, so some reach the phone later',
  },
  notices: {
    limits: [
      { most: 12, inMs: HOUR },
      { most: 300, inMs: MONTH },
    ],
    told: 'has more news than 12 pushes an hour or 300 a month can carry, so some do not reach the phone',
  },
  /** The one push that tells how many more questions wait. */
  digests: {
    limits: [
      { most: 1, inMs: HOUR },
      { most: 100, inMs: MONTH },
    ],
    told: 'has more questions waiting than an hourly push can tell',
  },
} as const satisfies Record<string, Budget>

export type BudgetName = keyof typeof BUDGETS

/** How full each of a budget's limits was at `at`, milliseconds since 1970. */
export type Spent = { amounts: readonly number[]; at: number }

/** What is left of it at `now`. A clock that was set back gives nothing and takes nothing. */
export function emptied(name: BudgetName, { amounts, at }: Spent, now: number): Spent {
  const passed = Math.max(0, now - at)
  return {
    at: now,
    amounts: BUDGETS[name].limits.map(({ most, inMs }, index) =>
      Math.max(0, (amounts[index] ?? 0) - (passed * most) / inMs),
    ),
  }
}

/** The state after `amount` more, or null where a limit leaves no room for it. `spent` must be of this moment. */
export function spend(name: BudgetName, { amounts, at }: Spent, amount: number): Spent | null {
  const next = amounts.map((one) => one + amount)
  const fits = BUDGETS[name].limits.every(({ most }, index) => (next[index] ?? 0) <= most)
  return fits ? { amounts: next, at } : null
}

/** Milliseconds until there is room for `amount`, when nothing else happens; 0 when there is. */
export function waitFor(name: BudgetName, { amounts }: Spent, amount: number): number {
  const waits = BUDGETS[name].limits.map(({ most, inMs }, index) => {
    const over = (amounts[index] ?? 0) + amount - most
    return Math.ceil((Math.max(0, over) * inMs) / most)
  })
  return Math.max(...waits)
}
