/** Every push service there is. A new one is a file beside this one and a line here. */
import type { PushServiceDefinition } from '../port.ts'
import { discord } from './discord.ts'
import { email } from './email.ts'
import { gotify } from './gotify.ts'
import { ntfy } from './ntfy.ts'
import { pushover } from './pushover.ts'
import { slack } from './slack.ts'
import { telegram } from './telegram.ts'
import { webhook } from './webhook.ts'

export const PUSH_SERVICES: readonly PushServiceDefinition[] = [
  pushover,
  ntfy,
  telegram,
  slack,
  discord,
  gotify,
  email,
  webhook,
]
