/** Ids that people read aloud and type: six letters and digits that cannot be mistaken for each other. */
import { randomInt } from 'node:crypto'

const CHARACTERS = 'abcdefghjkmnpqrstuvwxyz23456789'

/** About 900 million different ones; they tell asks apart and open nothing. */
export function newId(): string {
  return Array.from({ length: 6 }, () => CHARACTERS[randomInt(CHARACTERS.length)]).join('')
}
