import { connect } from 'node:net'
import { describeHostProxy, readHostProxy } from '../../container/egress/host-proxy.ts'
import { createOwnerClient, type ResponderStatus } from '../../server/client.ts'
import { doorProblems } from '../door-states.ts'
import { proxyNotices } from '../host-proxy.ts'
import { findResponder } from '../responder.ts'
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
      ? [wrong('the responder follows config.yaml', `What it said before still holds, because: ${config}`)]
      : []),
    ...doorProblems(living, responder).map((problem) => wrong('doors of sessions', problem)),
  ]
}

async function examineProxy(env: NodeJS.ProcessEnv, responder: ResponderStatus | null): Promise<Finding[]> {
  const { http, https, noProxy } = readHostProxy(env)
  const used = responder === null ? describeHostProxy({ http, https, noProxy }) : responder.proxy
  const found: Finding[] = []
  for (const one of new Set([https, http])) {
    if (one === null) continue
    if ('problem' in one) {
      found.push(wrong('the proxy', `${one.problem}, so nothing goes through it, and nothing past it.`))
    } else if (!(await answers(one.host, one.port))) {
      const problem = `${one.shown} (${one.by}) takes no connection, so sessions and pushes reach nothing.`
      found.push(wrong('the proxy', problem))
    }
  }
  const notices = proxyNotices(used, env)
  const use = used === null || used === undefined ? [] : notices.splice(0, 1)
  return [
    ...use.map(well),
    ...found,
    ...notices.map((notice) => wrong('the proxy of the responder is that of this shell', notice)),
  ]
}

/** What to do about it stands in the problem. */
function wrong(name: string, problem: string): Finding {
  return { name, problem, remedy: '' }
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
