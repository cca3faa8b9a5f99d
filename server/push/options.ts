/** The `notifications` part of the configuration, put together from what each service brings. */
import * as z from 'zod'
import { type AttentionSettings, toAttentionOptions } from '../attention/options.ts'
import { EVENT_KINDS, PRIORITIES } from '../attention/priority.ts'
import type { PushServiceDefinition } from './port.ts'
import { PUSH_SERVICES } from './services/index.ts'
import { terminalUrl } from './words/terminal-url.ts'

type Services = readonly PushServiceDefinition[]

/** The settings as they were read: each service knows its own. */
export type NotificationSettings = {
  enabled: boolean
  terminal_url?: string
  attention: AttentionSettings
} & Record<string, unknown>

/** The schema with the settings of these services. */
export function toNotificationOptions(services: Services) {
  return z
    .strictObject({
      enabled: z.boolean().default(true).describe('whether anything is pushed at all'),
      terminal_url: terminalUrl.optional().describe('where the links of services with tap: terminal lead'),
      attention: toAttentionOptions(services.map(({ name }) => name)).describe(
        'when pushes ring, and when they wait',
      ),
      ...Object.assign({}, ...services.map(toShape)),
    })
    .superRefine((notifications: Record<string, unknown>, context) => {
      if (notifications['terminal_url'] !== undefined) return
      for (const service of services) {
        const path = pathOf(service, 'tap').slice(1)
        const tap = path.reduce<unknown>(
          (value, key) => (value as Record<string, unknown>)?.[key],
          notifications,
        )
        const message = 'page, unless notifications.terminal_url says where the terminal is'
        if (tap === 'terminal') context.addIssue({ code: 'custom', path, message })
      }
    })
    .prefault({})
    .pipe(z.custom<NotificationSettings>())
}

/** What every service can be told beside its own options. */
const COMMON = {
  events: z
    .array(z.enum(EVENT_KINDS))
    .min(1)
    .optional()
    .describe('what it is told of; everything unless you say so'),
  min_priority: z.enum(PRIORITIES).default('low').describe('nothing below that'),
  tap: z
    .enum(['page', 'terminal'])
    .default('page')
    .describe('where its link leads: to the answer page, or to notifications.terminal_url'),
  content: z
    .enum(['full', 'title', 'none'])
    .default('full')
    .describe('full; title: without the text; none: only which session has something'),
}

const secretFile = z.string().min(1).optional().describe('a file that holds it instead')

/** How a service is to be told of things. */
export type CommonSettings = z.output<z.ZodObject<typeof COMMON>>

/** Options that may stand in a file of their own instead. */
function secretOptionsOf({ options, secrets }: PushServiceDefinition): string[] {
  return Object.keys(options).filter(
    (name) => secrets.includes(name) || /(token|key|secret|password)$/.test(name),
  )
}

/** Settings that name a file with a secret, the setting that it is for, and what that has to be. Paths are whole. */
export function serviceSecretFiles(services: Services = PUSH_SERVICES) {
  return services.flatMap((service) =>
    secretOptionsOf(service).map((option) => ({
      path: pathOf(service, `${option}_file`),
      target: pathOf(service, option),
      schema: service.options[option] as z.ZodType,
    })),
  )
}

function toShape(service: PushServiceDefinition): z.core.$ZodShape {
  const { name, label, place, needs } = service
  const files = secretOptionsOf(service).map((option): [string, z.ZodType] => [`${option}_file`, secretFile])
  const options = { ...service.options, ...Object.fromEntries(files), ...COMMON }
  if (place === 'section') {
    const about = `${label}: it pushes when these are set: ${needs.join(', ')}`
    return { [name]: z.strictObject(options).prefault({}).describe(about) }
  }
  return Object.fromEntries(Object.entries(options).map(([option, schema]) => [`${name}_${option}`, schema]))
}

export const notificationOptions = toNotificationOptions(PUSH_SERVICES)

/** Where an option of a service stands in the configuration. */
export function pathOf({ name, place }: PushServiceDefinition, option: string): string[] {
  return ['notifications', ...(place === 'section' ? [name, option] : [`${name}_${option}`])]
}

/** A service's own settings out of all, what every service can be told, and which of those that it needs are missing. */
export function readSettings(service: PushServiceDefinition, notifications: NotificationSettings) {
  const settings = Object.fromEntries(
    Object.keys({ ...service.options, ...COMMON }).map((option) => {
      const [, ...path] = pathOf(service, option)
      return [
        option,
        path.reduce<unknown>((value, key) => (value as Record<string, unknown>)?.[key], notifications),
      ]
    }),
  )
  const missing = service.needs.filter((option) => settings[option] === undefined)
  return { settings, missing, common: settings as CommonSettings }
}

/** Settings that are secrets although their name does not say so, as dotted paths below `notifications`. */
export function serviceSecrets(services: Services = PUSH_SERVICES): string[] {
  return services.flatMap((service) =>
    service.secrets.map((option) => pathOf(service, option).slice(1).join('.')),
  )
}

/** Environment variables that stand above settings of the services. */
export function serviceVariables(services: Services = PUSH_SERVICES): { variable: string; path: string[] }[] {
  return services.flatMap((service) =>
    Object.entries(service.variables).map(([variable, option]) => ({
      variable,
      path: pathOf(service, option),
    })),
  )
}
