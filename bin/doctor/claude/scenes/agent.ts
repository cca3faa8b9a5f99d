/** An ask of a subagent. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Scene } from '../facts.ts'
import { decision } from '../recorder.ts'
import { bash, GUARDED, guardedSettings } from './guarded.ts'

const agent = { description: 'make a file', prompt: 'mark-inner', subagent_type: 'general-purpose' }

export const agentScene: Scene = {
  name: 'a subagent',
  args: GUARDED,
  settings: guardedSettings,
  scripts: {
    'mark-agent': [{ tools: [{ name: 'Agent', input: agent }] }, { text: 'Done agent.' }],
    'mark-inner': [bash('touch inner.txt'), { text: 'Done inner.' }],
  },
  facts: [
    {
      id: 'agent-id',
      fact: "an ask of a subagent carries agent_id and the main conversation's transcript_path",
    },
    { id: 'agent-transcript', fact: "the subagent's own transcript is subagents/agent-<id>.jsonl beside it" },
    {
      id: 'agent-hidden',
      fact: "a background subagent's dialog is not shown while its hook runs",
      since: '2.1.330',
    },
    { id: 'agent-allow', fact: 'a bare allow answers the ask of a subagent' },
  ],
  async play(stage, see) {
    const asked = await stage.ask('mark-agent', { delayMs: 3_000, stdout: decision({ behavior: 'allow' }) })
    const { input = {} } = await asked.heard('PermissionRequest')
    const [id, main] = [String(input['agent_id']), String(input['transcript_path'])]
    await see(
      'agent-id',
      async () =>
        (typeof input['agent_id'] === 'string' && main.endsWith(`${input['session_id']}.jsonl`)) ||
        `agent_id ${id}, transcript ${main}`,
    )
    await see('agent-transcript', async () => {
      const file = join(main.replace(/\.jsonl$/, ''), 'subagents', `agent-${id}.jsonl`)
      return await stage.wait('its tool_use line', async () =>
        (await readFile(file, 'utf8').catch(() => '')).includes('touch inner.txt'),
      )
    })
    await see('agent-hidden', async () => {
      await sleep(1_000)
      return (await stage.screen()).kind !== 'dialog' || 'the dialog is on the screen'
    })
    await see(
      'agent-allow',
      async () => await stage.wait('the tool to run', async () => stage.made('inner.txt')),
    )
    await stage.idle()
  },
}
