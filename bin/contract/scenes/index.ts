/** All scenes, in the order of the table. */
import type { Scene } from '../facts.ts'
import { ruleScene } from './rule.ts'

export const SCENES: readonly Scene[] = [ruleScene]
