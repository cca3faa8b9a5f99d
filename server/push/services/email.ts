/** E-mail, through a mail server of the user's own. */
import * as z from 'zod'
import type { Push } from '../../ports.ts'
import { definePushService } from '../port.ts'

const address = z
  .string()
  .max(320)
  .regex(/^[^\s<>,;:"]+@[^\s<>,;:"@]+$/, 'one address, such as me@example.org')

export const email = definePushService({
  name: 'email',
  label: 'E-mail',
  place: 'section',
  options: {
    smtp_url: z
      .url({ protocol: /^smtps?$/ })
      .optional()
      .describe(
        'your mail server: smtps://user:password@host, or smtp:// with STARTTLS; % and @ in it as %25 and %40',
      ),
    from: address.optional().describe('who it is from'),
    to: address.optional().describe('who it is for'),
  },
  needs: ['smtp_url', 'from', 'to'],
  secrets: ['smtp_url'],
  variables: { RC_SMTP_URL: 'smtp_url' },
  // A mail cannot be taken back, and one more for each end would be noise: its link says what became of it.
  can: { buttons: false, withdraw: false, edit: false, answersBack: false, thirdParty: true },
  limits: { title: 200, message: null, url: null, urlTitle: null },
  pausesMs: [5_000, 15_000],

  create: ({ smtp_url: server, from, to }, { mail }) => ({
    name: 'email',
    async send(push, signal) {
      const ref = await mail(server, { from, to, ...toMail(push) }, signal)
      return { service: 'email', ref }
    },
  }),
})

function toMail({ title, message, url, priority }: Push) {
  return {
    subject: title.replace(/\s+/g, ' '),
    text: url === null ? message : `${message}\n\n${url}`,
    headers: {
      // No absence note and no list answers it.
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      ...(priority === 'urgent' && { Importance: 'high' }),
    },
  }
}
