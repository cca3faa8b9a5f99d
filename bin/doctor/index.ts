/** Every examination of `rc doctor`, in the order in which they are told. */
import { configuration } from './configuration.ts'
import { doors } from './doors.ts'
import type { Examination } from './finding.ts'
import { git } from './git.ts'
import { hooks } from './hooks.ts'
import { machine } from './machine.ts'
import { push } from './push.ts'
import { settings } from './settings.ts'

export const EXAMINATIONS: readonly Examination[] = [
  machine,
  configuration,
  settings,
  git,
  doors,
  hooks,
  push,
]
