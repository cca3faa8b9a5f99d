/** The running responder of a house: the desk with all its doors, and what follows the configuration. */

import { createConversations } from '../../container/conversations/conversations.ts'
import { createConversationWatch } from '../../container/conversations/watch.ts'
import { createEgressDoors } from '../../container/doors/egress-doors.ts'
import { createGateCarriers } from '../../container/doors/gate-carriers.ts'
import { createKeyDoors } from '../../container/doors/key-doors.ts'
import { createLivingSessions } from '../../container/doors/living-sessions.ts'
import { parseAllowlist } from '../../container/egress/allowlist.ts'
import { describeHostProxy, readHostProxy } from '../../container/egress/host-proxy.ts'
import { findProcesses } from '../../container/egress/processes.ts'
import { createRunIn } from '../../container/foreign/run-in.ts'
import { createForeignTerminal } from '../../container/foreign/terminal.ts'
import { createGates } from '../../container/gate/gates.ts'
import type { Session } from '../../container/sessions.ts'
import { TESTED_VERSIONS } from '../../hooks/versions.ts'
import { DEFAULT_GRAVE } from '../../server/asks/grave.ts'
import { readAttention } from '../../server/attention/options.ts'
import type { Log, SessionRef } from '../../server/ports.ts'
import { createPushWay } from '../../server/push/http/proxy.ts'
import type { AttentionRules } from '../../server/push/when.ts'
import { createResponder } from '../../server/responder.ts'
import { VERSION } from '../version.ts'
import { createAllowedHosts } from './allowed-hosts.ts'
import type { Box } from './box.ts'
import { viewDoors } from './door-views.ts'
import { createFollowedConfig, followedApprovals, followedPush } from './followed-config.ts'
import { createForeignWatch } from './foreign-watch.ts'
import { toPushProxy } from './host-proxy.ts'
import type { House } from './house.ts'
import { clock, newId } from './ports.ts'
import { joinTerminals, toPlace } from './terminals.ts'

/** The responder of this house with all its doors, the egress doors of the sessions included. */
export function createHouseResponder(
  house: House,
  { box, log, onStop }: { box: Box; log: Log; onStop: () => void },
) {
  const { config, paths } = house
  const living = createLivingSessions(async () =>
    (await box.sessions.list({ all: false })).filter(
      (one) => one.state === 'running' || one.state === 'created',
    ),
  )
  const followed = createFollowedConfig(house, log)
  const hosts = createAllowedHosts(house, followed, log)
  const hostProxy = readHostProxy(house.env)
  const egress = createEgressDoors({
    allowed: hosts.list,
    asks: () => followed.current().network.ask,
    apiHost: () =>
      hostOf(followed.current().claude.env['ANTHROPIC_BASE_URL'] ?? house.env['ANTHROPIC_BASE_URL']),
    refresh: followed.look,
    hostProxy,
    askHost: (session) => async (target, gone) => {
      const processes = await box.engine.processes(session.containerId).then(findProcesses, () => [])
      return await responder.judge(toRef(session), { kind: 'domain', ...target, processes }, gone)
    },
    log,
  })
  const keys = createKeyDoors({
    home: paths.home,
    allowlist: ({ options }) => parseAllowlist([...hosts.list(), ...options.network.allow]),
    judge: (session, deed, gone) => responder.judge(toRef(session), deed, gone),
    log,
  })
  followed.onChange(egress.endUnlisted)
  followed.onChange(() => responder.reconsiderPushes())
  const conversationWatch = createConversationWatch({
    stateDir: paths.stateDir,
    conversations: createConversations(paths),
    end: (containerId) => box.engine.stop(containerId, 0),
    log,
  })
  const carriers = createGateCarriers({
    gates: createGates({ engine: box.engine, instance: paths.instance, image: config.docker.image }),
    sessions: box.sessions,
    log,
  })
  const foreignTerminal = createForeignTerminal({
    placeOf: (id) => toPlace(responder.siteOf(id)),
    runIn: createRunIn(box.engine),
  })
  const foreignWatch = createForeignWatch({ engine: box.engine, stateDir: paths.stateDir, log })
  const responder = createResponder({
    version: VERSION,
    testedClaude: TESTED_VERSIONS,
    options: config.responder,
    links: () => followed.current().auth.links,
    approvals: followedApprovals(followed, living.askRules),
    stateDir: paths.stateDir,
    push: followedPush(followed, toPushProxy(hostProxy)),
    isPushing: () => followed.current().notifications.enabled,
    pushWay: createPushWay(toPushProxy(hostProxy)),
    attention: () => toRules(followed.current()),
    terminal: joinTerminals(box.terminal, foreignTerminal, (id) => responder.siteOf(id) !== null),
    clock,
    newId,
    log,
    sessions: async () => (await living.look()).map(toRef),
    allowForGood: hosts.add,
    onSessions: async () => {
      conversationWatch.keep(living.all())
      await Promise.all([egress.keep(living.all()), keys.keep(living.all())])
      await carriers.keep(living.all())
    },
    about: async () => ({
      doors: await viewDoors(living.all(), {
        egress,
        keys,
        configured: { asks: followed.current().network.ask, hosts: hosts.list() },
      }),
      config_problem: followed.problem(),
      proxy: describeHostProxy(hostProxy),
    }),
    sites: { port: config.responder.hook_port, ...foreignWatch },
    onStop,
  })
  return {
    async start(): Promise<{ phoneUrl: string }> {
      await followed.start()
      return await responder.start()
    },
    async stop(): Promise<void> {
      await followed.stop()
      await responder.stop()
      await carriers.close()
      await foreignWatch.close()
      await conversationWatch.close()
      await Promise.all([egress.close(), keys.close()])
    },
  }
}

function toRules({ notifications, approvals }: House['config']): AttentionRules {
  const { grave = DEFAULT_GRAVE.grave, protected_branches: branches = DEFAULT_GRAVE.protectedBranches } =
    approvals
  return { ...readAttention(notifications.attention), grave: { grave, protectedBranches: branches } }
}

function hostOf(url: string | undefined): string | null {
  if (url === undefined || !URL.canParse(url)) return null
  const { hostname, port } = new URL(url)
  return port === '' ? hostname : `${hostname}:${port}`
}

function toRef({ id, name, workspace, gate, containerId: container }: Session): SessionRef {
  return { id, name, workspace, gate, container }
}
