/** The push services that the configuration has set up. */
import type { Clock, PushService } from '../ports.ts'
import { createLines } from './http/lines.ts'
import { createPushWay, type PushProxy, type PushWay } from './http/proxy.ts'
import { createRequest } from './http/request.ts'
import { createMail } from './mail.ts'
import type { NotificationSettings } from './options.ts'
import type { PushServiceDefinition, PushTools } from './port.ts'
import { PUSH_SERVICES } from './services/index.ts'
import { servicesSetUp } from './set-up.ts'
import { fitted } from './words/fit.ts'

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
  return servicesSetUp(settings, services).map(({ name, label, definition, settings: own, common }) => {
    const tools = toTools({ ...definition, label }, way, clock)
    return fitted(named(name, definition.create(own, tools)), definition, {
      ...common,
      terminal: settings.terminal_url ?? null,
    })
  })
}

/** Under the name that it has in the configuration, in receipts as well. */
function named(name: string, service: PushService): PushService {
  if (service.name === name) return service
  const send: PushService['send'] = async (...given) => ({ ...(await service.send(...given)), service: name })
  return { ...service, name, send }
}

function toTools({ label, pausesMs, explain }: PushServiceDefinition, way: PushWay, clock: Clock): PushTools {
  const request = createRequest({ label, pausesMs, way, clock, explain })
  return {
    request,
    post: (url, body, signal) => request({ url, body, signal }),
    mail: createMail({ label, pausesMs, clock }),
    lines: createLines({ label, way, explain }),
    now: clock.now,
    after: clock.after,
  }
}
