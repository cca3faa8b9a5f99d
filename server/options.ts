/** The `responder` and `notifications` parts of the configuration. */
import * as z from 'zod'

/** Links and the check of where an answer comes from are made from it, so it can hold nothing but where the door is. */
function isOrigin(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) return false
  return `${url.username}${url.password}${url.search}${url.hash}` === '' && /^\/*$/.test(url.pathname)
}

export const responderOptions = z
  .strictObject({
    host: z.string().min(1).default('127.0.0.1').describe('address that the phone door listens on'),
    port: z.number().int().min(0).max(65_535).default(8422).describe('its port; 0 for any free one'),
    hook_port: z
      .number()
      .int()
      .min(1)
      .max(65_535)
      .default(8423)
      .describe('port for hooks in containers of yours that reach us over TCP'),
    public_url: z
      .string()
      .refine(isOrigin, 'an address such as http://my-machine:8422, without a path, a query or a password')
      .optional()
      .describe('how the phone reaches the phone door, when that is not host and port'),
  })
  .prefault({})

const pushoverKey = z.string().regex(/^[A-Za-z0-9]{30}$/, '30 letters and digits')

export const notificationOptions = z
  .strictObject({
    enabled: z.boolean().default(true).describe('whether anything is pushed at all'),
    pushover: z
      .strictObject({
        user_key: pushoverKey.optional().describe('your user or group key'),
        api_token: pushoverKey.optional().describe('the token of an application that you registered'),
        api_url: z
          .url({ protocol: /^https?$/ })
          .default('https://api.pushover.net')
          .describe('for a stand-in'),
        device: z
          .string()
          .regex(/^[A-Za-z0-9_-]{1,25}$/, 'up to 25 letters, digits, _ or -')
          .optional()
          .describe('only this device'),
      })
      .prefault({})
      .describe('pushes through Pushover, when both keys are set'),
    webhook_url: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('every push is posted there as JSON, and the end of what it asked'),
  })
  .prefault({})

export type NotificationSettings = z.output<typeof notificationOptions>
