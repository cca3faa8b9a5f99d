/** The push services that the configuration has set up. */
import type { Clock, PushService } from '../ports.ts'
import { fitted } from './fit.ts'
import { createLines } from './http/lines.ts'
import { createPushWay, type PushProxy, type PushWay } from './http/proxy.ts'
import { createRequest } from './http/request.ts'
import { type NotificationSettings, readSettings } from './options.ts'
import type { PushServiceDefinition, PushTools } from './port.ts'
import { PUSH_SERVICES } from './services/index.ts'

type Parts = {
  settings: NotificationSettings
  proxy: PushProxy
  clock: Clock
  services?: readonly PushServiceDefinition[]
}

/** None where notifications are off. */
export function createPushServices({
  settings,
  proxy,
  clock,
  services = PUSH_SERVICES,
}: Parts): PushService[] {
  if (!settings.enabled) return []
  const way = createPushWay(proxy)
  return services.flatMap((definition) => {
    const { settings: own, missing, common } = readSettings(definition, settings)
    if (missing.length > 0) return []
    return [fitted(definition.create(own, toTools(definition, way, clock)), definition, common)]
  })
}

function toTools({ label, pausesMs, explain }: PushServiceDefinition, way: PushWay, clock: Clock): PushTools {
  const request = createRequest({ label, pausesMs, way, clock, explain })
  return {
    request,
    post: (url, body, signal) => request({ url, body, signal }),
    lines: createLines({ label, way, explain }),
    now: clock.now,
    after: clock.after,
  }
}
