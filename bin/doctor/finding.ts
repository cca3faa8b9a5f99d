/** What `rc doctor` finds: one line each, with what to do about it where something is wrong. */
import type { Box } from '../house/box.ts'
import type { House } from '../house/house.ts'

/** `problem` is a sentence; null where all is well, and then `name` says what is. */
export type Finding = {
  name: string
  problem: string | null
  remedy: string
  /** Worth to know, and nothing that has to be fixed. */
  isMinor?: boolean
}

/** Only looks. Rejects for nothing that a machine may be like. */
export type Examination = (house: House, box: Box) => Promise<Finding[]>

/** All is well. */
export function well(name: string): Finding {
  return { name, problem: null, remedy: '' }
}
