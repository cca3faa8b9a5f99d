/** What a person has said about pushes for now: a snooze, or a level with an end. It outlives the responder. */

import { type Level, type Mood, USUAL_MOOD } from '../attention/decide.ts'
import type { Clock } from '../ports.ts'

type Kept = { mood(): Mood | null; setMood(mood: Mood): void }

export type MoodKeeper = ReturnType<typeof createMood>

/** Over what was said before. Whoever listens is told of every change at once. */
export function createMood({ store, clock }: { store: Kept; clock: Clock }) {
  const listeners: (() => void)[] = []

  /** What was said, without what has ended. */
  function now(): Mood {
    const { snoozedUntil, level, levelUntil } = store.mood() ?? USUAL_MOOD
    const at = clock.now()
    const isOver = levelUntil !== null && levelUntil <= at
    return {
      snoozedUntil: snoozedUntil !== null && snoozedUntil > at ? snoozedUntil : null,
      level: isOver ? USUAL_MOOD.level : level,
      levelUntil: isOver ? null : levelUntil,
    }
  }

  function set(change: Partial<Mood>): Mood {
    const mood = { ...now(), ...change }
    store.setMood(mood)
    for (const listener of listeners) listener()
    return mood
  }

  return {
    now,
    /** Nothing rings for `forMs` milliseconds; 0 ends a snooze. */
    snooze: (forMs: number): Mood => set({ snoozedUntil: forMs > 0 ? clock.now() + forMs : null }),
    /** What may ring, until an instant, or for good. */
    setLevel: (level: Level, until: number | null): Mood => set({ level, levelUntil: until }),
    onChange: (listener: () => void): void => void listeners.push(listener),
  }
}
