/** The `responder` part of the configuration. */
import * as z from 'zod'

/** Links and the check of where an answer comes from are made from it, so it can hold nothing but where the door is. */
function isOrigin(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) return false
  return `${url.username}${url.password}${url.search}${url.hash}` === '' && /^\/*$/.test(url.pathname)
}

/** What a link alone may do, without a paired device. */
export const LINKS = ['all', 'yes-no', 'view', 'off'] as const
export type LinkPower = (typeof LINKS)[number]

export const authOptions = z
  .strictObject({
    links: z
      .enum(LINKS)
      .optional()
      .describe(
        'what the link of a push may do in a browser that is not paired; all, or yes-no as soon as one is paired',
      ),
  })
  .prefault({})

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
