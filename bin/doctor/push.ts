import { type NotificationSettings, pathOf, readSettings } from '../../server/push/options.ts'
import type { PushAbilities } from '../../server/push/port.ts'
import { PUSH_SERVICES } from '../../server/push/services/index.ts'
import { servicesSetUp } from '../../server/push/set-up.ts'
import { type Examination, type Finding, well } from './finding.ts'

/** Which push services are set up, with what each can do. Sends nothing. */
export const push: Examination = async ({ config }) => examinePush(config.notifications)

/** The same for given settings and services. Pure. */
export function examinePush(settings: NotificationSettings, services = PUSH_SERVICES): Finding[] {
  const name = 'a push service is set up'
  if (!settings.enabled) {
    const remedy = 'notifications.enabled: true in the configuration turns them on.'
    return [{ name, problem: 'Notifications are off, so no phone rings.', remedy, isMinor: true }]
  }
  const ready = servicesSetUp(settings, services)
  const found = services.flatMap((service): Finding[] => {
    const one = ready.find(({ name: own }) => own === service.name)
    if (one !== undefined) {
      const can = { ...one.definition.can, ...one.definition.canWith?.(one.settings) }
      return [well(`${one.label} is set up: ${describeAbilities(can)}`)]
    }
    const { missing } = readSettings(service, settings)
    if (missing.length === service.needs.length) return []
    const paths = missing.map((option) => pathOf(service, option).join('.'))
    const problem = `${service.label} is set up by half: ${paths.join(' and ')} ${paths.length === 1 ? 'is' : 'are'} missing.`
    return [{ name, problem, remedy: 'rc config path says where the file is.' }]
  })
  if (found.length > 0) return found
  const remedy = 'docs/push.md lists the services with their settings.'
  return [{ name, problem: 'No push service is set up, so no phone rings.', remedy, isMinor: true }]
}

function describeAbilities({ buttons, answersBack, withdraw, edit, thirdParty }: PushAbilities): string {
  return [
    buttons ? 'buttons to answer with' : 'a link to the answer page',
    ...(answersBack ? ['answers come back by themselves'] : []),
    ...(withdraw ? ['told when an ask is over'] : []),
    ...(edit ? ['what was sent can change'] : []),
    ...(thirdParty ? ["other people's servers read the text"] : []),
  ].join(', ')
}
