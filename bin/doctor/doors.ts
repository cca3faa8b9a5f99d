import { connect } from 'node:net'
import { describeHostProxy, readHostProxy } from '../../container/egress/host-proxy.ts'
import { createOwnerClient } from '../../server/client.ts'
import type { ResponderStatus } from '../../server/owner-views.ts'
import { compareProxies, TAKE_OVER } from '../house/host-proxy.ts'
import { findResponder } from '../house/running-responder.ts'
import { doorProblems } from '../sessions/door-states.ts'
import { type Examination, type Finding, well } from './finding.ts'

const REACH_MS = 3_000

/** The proxy of this machine, whether the responder follows the configuration, and doors that are not right. */
export const doors: Examination = async ({ env, paths }, { sessions }) => {
  const responder = await findResponder(createOwnerClient(paths.ownerSocket)).catch(() => null)
  const living = await sessions.list({ all: false }).catch(() => [])
  const config = responder?.config_problem
  return [
    ...(await examineProxy(env, responder)),
    ...(config
      ? [
          {
            name: 'the responder follows config.yaml',
            problem: `What it said before still holds, because of this: ${config}`,
            remedy: 'rc config path says where it is.',
          },
        ]
      : []),
    ...doorProblems(living, responder).map((problem) => ({
      name: "sessions' doors",
      problem,
      remedy: 'rc status shows every door, and rc server status where the log is.',
    })),
  ]
}

async function examineProxy(env: NodeJS.ProcessEnv, responder: ResponderStatus | null): Promise<Finding[]> {
  const { http, https, noProxy } = readHostProxy(env)
  const used = responder === null ? describeHostProxy({ http, https, noProxy }) : responder.proxy
  const found: Finding[] = []
  for (const one of new Set([https, http])) {
    if (one === null) continue
    if ('problem' in one) {
      const problem = `${one.problem}, so nothing goes through it, and nothing past it.`
      found.push({ name: 'the proxy', problem, remedy: 'Set it, or unset it; then rc server restart.' })
    } else if (!(await answers(one.host, one.port))) {
      const problem = `${one.shown} (${one.by}) takes no connection, so sessions and pushes reach nothing.`
      found.push({ name: 'the proxy', problem, remedy: 'Ask whoever runs it, or set another one.' })
    }
  }
  const { uses, differs } = compareProxies(used, env)
  return [
    ...(uses === null ? [] : [well(uses)]),
    ...found,
    ...(differs === null ? [] : [{ name: "the responder's proxy", problem: differs, remedy: TAKE_OVER }]),
  ]
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: REACH_MS })
    const end = (isThere: boolean) => () => {
      socket.destroy()
      resolve(isThere)
    }
    socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false))
  })
}
