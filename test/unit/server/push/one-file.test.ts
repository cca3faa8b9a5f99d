/** A push service is one file and one line in the list: everything else follows from its definition. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import * as z from 'zod'
import { examinePush } from '../../../../bin/doctor/push.ts'
import { serviceSecrets, serviceVariables, toNotificationOptions } from '../../../../server/push/options.ts'
import { definePushService } from '../../../../server/push/port.ts'
import { PUSH_SERVICES } from '../../../../server/push/services/index.ts'
import { checkConfig } from '../../../../setup/config/check.ts'
import { isSecret } from '../../../../setup/config/secrets.ts'
import { aPush, createServices } from './create-services.ts'
import { type Recorder, startRecorder } from './recorder.ts'

const pigeon = definePushService({
  name: 'pigeon',
  label: 'The pigeon',
  place: 'section',
  options: {
    loft: z.url().optional().describe('where it lives'),
    ring: z.string().min(3).optional().describe('whoever knows its number may send it'),
    speed: z.enum(['fast', 'slow']).default('slow').describe('how it flies'),
  },
  needs: ['loft', 'ring'],
  secrets: ['ring'],
  variables: { PIGEON_RING: 'ring' },
  can: { buttons: true, withdraw: false, edit: true, answersBack: true, thirdParty: false },
  limits: { title: 10, message: null, url: null, urlTitle: null },
  pausesMs: [],
  create: ({ loft, ring, speed }, { post }) => ({
    name: 'pigeon',
    async send({ title }, signal) {
      await post(loft, { ring, speed, title }, signal)
      return { service: 'pigeon', ref: null }
    },
  }),
})
const services = [...PUSH_SERVICES, pigeon]
const schema = z.strictObject({ notifications: toNotificationOptions(services) })
/** A configuration as `rc config check` reads it. */
const check = (text: string, env = {}) =>
  checkConfig({ text, file: 'config.yaml', env, schema, overrides: serviceVariables(services) })

let recorder: Recorder
beforeEach(async () => {
  recorder = await startRecorder()
})
afterEach(() => recorder.close())

test('its settings are settings, with defaults, beside those of the others', () => {
  expect(
    check('notifications: {pigeon: {loft: "http://loft.test"}, webhook_url: "http://w.test"}'),
  ).toMatchObject({
    config: {
      notifications: {
        enabled: true,
        webhook_url: 'http://w.test',
        pigeon: { loft: 'http://loft.test', speed: 'slow' },
      },
    },
  })
})

test('a mistake in them is found where it stands, and one in a name is understood', () => {
  expect(check('notifications:\n  pigeon:\n    speed: 5\n    lofd: x')).toEqual({
    problems: [
      expect.stringMatching(/^config\.yaml:3: .*notifications\.pigeon\.speed/),
      expect.stringMatching(/^config\.yaml:4: .*loft/),
    ],
  })
})

test('a variable stands above a setting', () => {
  expect(check('', { PIGEON_RING: '123' })).toMatchObject({
    config: { notifications: { pigeon: { ring: '123' } } },
  })
})

test('its secret is masked in its place and where it was put by mistake, and its other settings are not', () => {
  const secrets = serviceSecrets(services)
  expect(isSecret(['notifications', 'pigeon', 'ring'], secrets)).toBe(true)
  expect(isSecret(['pigeon', 'ring'], secrets)).toBe(true)
  expect(isSecret(['notifications', 'pigeon', 'loft'], secrets)).toBe(false)
  expect(isSecret(['notifications', 'ring'], secrets)).toBe(false)
})

test('it sends when it has what it needs, within its limits', async () => {
  expect(createServices({ pigeon: { ring: '123' } }, { services })).toEqual([])
  const [service] = createServices({ pigeon: { loft: recorder.url, ring: '123' } }, { services })
  await service?.send(aPush({ title: 'a very long title' }))
  expect(recorder.received.map(({ body }) => body)).toEqual([
    { ring: '123', speed: 'slow', title: 'a very lon' },
  ])
})

test('rc doctor lists it with what it can do', () => {
  const find = (notifications: object) =>
    examinePush(toNotificationOptions(services).parse(notifications), services)
  expect(find({ pigeon: { loft: 'http://loft.test', ring: '123' } })).toEqual([
    {
      name: 'The pigeon is set up: buttons to answer with, answers come back by themselves, what was sent can change',
      problem: null,
      remedy: '',
    },
  ])
  expect(find({ pigeon: { ring: '123' } })).toMatchObject([
    { problem: 'The pigeon is set up by half: notifications.pigeon.loft is missing.' },
  ])
})
