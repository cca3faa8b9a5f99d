/** Gotify: https://gotify.net/docs/pushmsg and https://gotify.net/docs/msgextras (2.6) */
import * as z from 'zod'
import { definePushService } from '../port.ts'

/** From 4 on the Android app makes a sound, from 8 on it pops up. */
const PRIORITIES = { low: 2, default: 5, high: 7, urgent: 9 } as const

export const gotify = definePushService({
  name: 'gotify',
  label: 'Gotify',
  place: 'section',
  options: {
    url: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('the address of your server'),
    token: z
      .string()
      .regex(/^[\x21-\x7e]+$/, 'the token of an application')
      .optional()
      .describe('the token of an application'),
  },
  needs: ['url', 'token'],
  secrets: [],
  variables: { GOTIFY_URL: 'url', GOTIFY_TOKEN: 'token' },
  // To delete a message wants the token of a client, which may read all others.
  can: { buttons: false, withdraw: false, edit: false, answersBack: false, thirdParty: false },
  limits: { title: null, message: null, url: null, urlTitle: null },
  pausesMs: [5_000, 15_000],
  explain({ json }) {
    const { errorDescription: why } = (json ?? {}) as { errorDescription?: unknown }
    return { why: typeof why === 'string' ? why : undefined }
  },

  create: ({ url: server, token }, { request }) => ({
    name: 'gotify',
    async send({ title, message, url, priority }, signal) {
      const sent = await request({
        url: `${server.replace(/\/+$/, '')}/message`,
        headers: { 'x-gotify-key': token },
        body: {
          ...{ title, message, priority: PRIORITIES[priority] },
          extras: {
            'client::display': { contentType: 'text/plain' },
            ...(url !== null && { 'client::notification': { click: { url } } }),
          },
        },
        signal,
      })
      const { id } = (sent ?? {}) as { id?: unknown }
      return { service: 'gotify', ref: typeof id === 'number' ? String(id) : null }
    },
  }),
})
