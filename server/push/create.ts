/** The push services that the configuration has set up. */
import type { Clock, Push, PushService } from '../ports.ts'
import { shorten } from '../text/preview.ts'
import { type CommonSettings, type NotificationSettings, readSettings } from './options.ts'
import type { PushLimits, PushServiceDefinition } from './port.ts'
import { createPost } from './post.ts'
import { createPushWay, type PushProxy } from './proxy.ts'
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
    const { label, pausesMs, limits } = definition
    const post = createPost({ label, pausesMs, way, clock })
    return [fitted(definition.create(own, { post, now: clock.now }), limits, common)]
  })
}

function fitted(service: PushService, limits: PushLimits, { events, min_priority, content }: CommonSettings) {
  return {
    ...service,
    taste: { events: events ?? null, minPriority: min_priority },
    send: (push: Push, signal?: AbortSignal) => service.send(fitTo(limits, toContent(push, content)), signal),
  }
}

/** As much of it as may pass through somebody else's hands. */
function toContent(push: Push, content: CommonSettings['content']): Push {
  if (content === 'full') return push
  const title =
    content === 'title' ? push.title : `${push.session} has ${push.ask === null ? 'news' : 'a question'}`
  return { ...push, title, message: push.url === null ? 'See rc asks -a.' : 'Open it to read on.' }
}

/** The push within a service's limits: texts keep both their ends, and a link that is too long is none. */
function fitTo(limits: PushLimits, push: Push): Push {
  const cut = (text: string, most: number | null) => (most === null ? text : shorten(text, most))
  const { url, urlTitle } = push
  return {
    ...push,
    title: cut(push.title, limits.title),
    message: cut(push.message, limits.message),
    url: url !== null && limits.url !== null && url.length > limits.url ? null : url,
    urlTitle: urlTitle === null ? null : cut(urlTitle, limits.urlTitle),
  }
}
