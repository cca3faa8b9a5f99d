/**
 * What our settings cost a plain tool call: 40 sequential Bash calls of the real Claude Code with our hooks and rules
 * against the same without, taking turns. Run with: sh bin/with-node bench/tool-call.ts
 */
import { startScriptedModel } from '../bin/demo/scripted-model.ts'
import { DEFAULT_CLAUDE_VERSION } from '../container/options.ts'
import { approvalsOptions } from '../hooks/options.ts'
import { managedSettings } from '../hooks/settings.ts'
import { startHostClaude } from '../test/e2e/host-claude.ts'
import { until } from '../test/e2e/until.ts'
import { conclude, median } from './median.ts'

const CALLS = 40
const ROUNDS = 7
const version = DEFAULT_CLAUDE_VERSION
const script = [
  ...Array.from({ length: CALLS }, (_, at) => ({
    tools: [{ name: 'Bash', input: { command: `echo ${at}` } }],
  })),
  { text: 'All done.' },
]
const settings = managedSettings({
  approvals: approvalsOptions.parse({}),
  runner: [process.execPath],
  hooksDir: `${import.meta.dirname}/../dist/hooks`,
  gate: '/nonexistent',
  log: '/dev/null',
})

/** Milliseconds from the model's first answer to the request that carries the last result. */
async function run(withOurs: boolean): Promise<number> {
  const model = await startScriptedModel({ scripts: { 'forty-calls': script } })
  const claude = await startHostClaude({ version, modelUrl: model.url, settings: withOurs ? settings : {} })
  try {
    await claude.type('forty-calls')
    await until('the first request', async () => model.times.length > 0, claude.screen)
    await until('the last result', async () => model.times.length > CALLS, claude.screen, 120_000)
    return (model.times[CALLS] ?? 0) - (model.times[0] ?? 0)
  } finally {
    await claude.stop()
    await model.close()
  }
}

const times = { none: [] as number[], ours: [] as number[] }
for (let round = 0; round < ROUNDS; round++) {
  times.none.push(await run(false))
  times.ours.push(await run(true))
}
const [none, ours] = [median(times.none), median(times.ours)]
const each = (ms: number) => `${(ms / CALLS).toFixed(1)} ms`
conclude(`${CALLS} Bash calls with our settings ${each(ours)} each, without ${each(none)}`, ours / none, 1.05)
