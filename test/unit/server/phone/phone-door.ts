/** The phone door over a test's desk, for tests. */
import type { Desk } from '../../../../server/desk/desk.ts'
import { createPhoneDoor } from '../../../../server/phone/door.ts'
import { createPeople, type People } from '../../../../server/phone/people.tsx'
import type { Clock, SessionRef } from '../../../../server/ports.ts'
import { createPushWay } from '../../../../server/push/http/proxy.ts'
import { createMood } from '../../../../server/push/mood.ts'
import { createWebPush } from '../../../../server/push/web/service.ts'
import { createStore } from '../../../../server/store/store.ts'

type World = { desk: Desk; clock: Clock; stateDir: string }

/** Devices, pairing and inbox over the same database. */
export function createTestPeople({ desk, clock, stateDir }: World, sessions: SessionRef[] = []): People {
  const store = createStore(stateDir)
  const mood = createMood({ store, clock })
  const way = createPushWay({ http: '', https: '', noProxy: '' })
  const webPush = createWebPush({
    store,
    clock,
    way,
    home: () => 'https://phone.test',
    count: desk.countPending,
  })
  return createPeople({ store, desk, mood, webPush, clock, log: () => {}, sessions: () => sessions })
}

/** At `http://phone.test`, the only host and origin that it knows, unless another one is given. */
export function phoneDoor(
  world: World,
  { people = createTestPeople(world), origin = 'http://phone.test' } = {},
) {
  return createPhoneDoor({
    people,
    desk: world.desk,
    clock: world.clock,
    log: () => {},
    hosts: () => new Set([new URL(origin).hostname]),
    origins: () => new Set([origin]),
  })
}
