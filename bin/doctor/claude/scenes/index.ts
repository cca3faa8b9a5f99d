/** All scenes, in the order of the table. */
import type { Scene } from '../facts.ts'
import { agentScene } from './agent.ts'
import { formScene } from './form.ts'
import { keyboardScene } from './keyboard.ts'
import { managedFirstScene, managedOnlyScene } from './managed.ts'
import { manualScene } from './manual.ts'
import { outcomeScene } from './outcome.ts'
import { planScenes } from './plan.ts'
import { questionScene } from './question.ts'
import { ruleScene } from './rule.ts'
import { settingsScene } from './settings.ts'
import { trustScene } from './trust.ts'

export const SCENES: readonly Scene[] = [
  ruleScene,
  keyboardScene,
  outcomeScene,
  questionScene,
  ...planScenes,
  manualScene,
  formScene,
  agentScene,
  trustScene,
  settingsScene,
  managedFirstScene,
  managedOnlyScene,
]
