/** Every push service there is. A new one is a file beside this one and a line here. */
import type { PushServiceDefinition } from '../port.ts'
import { pushover } from './pushover.ts'
import { webhook } from './webhook.ts'

export const PUSH_SERVICES: readonly PushServiceDefinition[] = [pushover, webhook]
