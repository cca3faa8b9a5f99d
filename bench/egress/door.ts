/** An egress door as the responder opens it, policy and log included, in a process of its own: door.ts FOLDER HOST:PORT */
import { join } from 'node:path'
import { parseAllowlist } from '../../container/egress/allowlist.ts'
import { createEgressLog } from '../../container/egress/log.ts'
import { createPolicy } from '../../container/egress/policy.ts'
import { createEgressProxy } from '../../container/egress/proxy.ts'

const [folder = '', target = ''] = process.argv.slice(2)
const list = parseAllowlist([target])
const proxy = createEgressProxy({
  decide: createPolicy({ allowlist: () => list, projectList: null, unremovable: [], askHost: null }),
  onDecision: createEgressLog(join(folder, 'egress.jsonl')),
  log: () => {},
})
await proxy.listen(join(folder, 'gate/egress.sock'))
process.stdout.write('open\n')
