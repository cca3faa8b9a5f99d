/** Which services a configuration sets up, and what each is given. Pure. */
import * as z from 'zod'
import { type CommonSettings, type NotificationSettings, readSettings } from './options.ts'
import type { PushServiceDefinition } from './port.ts'

/** `name` is the one in the configuration; the definition may be of another service, whose address the webhook's is. */
export type SetUp = {
  name: string
  label: string
  definition: PushServiceDefinition
  settings: Record<string, unknown>
  common: CommonSettings
}

type Services = readonly PushServiceDefinition[]

/** Those that have all that they need, in the order of the list; whether notifications are on is not looked at. */
export function servicesSetUp(notifications: NotificationSettings, services: Services): SetUp[] {
  return services.flatMap((definition): SetUp[] => {
    const { settings, missing, common } = readSettings(definition, notifications)
    if (missing.length > 0) return []
    const { name, label } = definition
    const known = definition.place === 'prefix' ? recognise(settings['url'], services) : null
    if (known === null) return [{ name, label, definition, settings, common }]
    return [{ name, label: `${label} (${known.definition.label})`, ...known, common }]
  })
}

/** A sentence for each webhook that is spoken to as what its address says it is. */
export function recognitionsIn(notifications: NotificationSettings, services: Services): string[] {
  return servicesSetUp(notifications, services)
    .filter(({ name, definition }) => definition.name !== name)
    .map(({ name, definition: { label } }) => {
      return `notifications.${name}_url is an address of ${label}, and gets what ${label} understands.`
    })
}

/** Whose address it is that somebody gave for a webhook, and what settings stand in it. */
function recognise(address: unknown, services: Services): Pick<SetUp, 'definition' | 'settings'> | null {
  const url = typeof address === 'string' ? URL.parse(address) : null
  if (url === null) return null
  for (const definition of services) {
    const found = definition.fromWebhookUrl?.(url)
    if (!found) continue
    const read = z.object(definition.options).safeParse(found)
    if (read.success) return { definition, settings: read.data }
  }
  return null
}
