/** A plan that waits for its approval. Each answer gets a Claude of its own: an approval ends plan mode. */
import type { Scene } from '../facts.ts'
import { decision } from '../recorder.ts'
import { guardedSettings } from './guarded.ts'
import { stays } from './stays.ts'

const PLAN = '# A plan\n\n1. Write it.\n2. Test it.'
const common = {
  args: ['--permission-mode', 'plan'],
  settings: guardedSettings,
  scripts: {
    'mark-plan': [{ tools: [{ name: 'ExitPlanMode', input: { plan: PLAN } }] }, { text: 'Done plan.' }],
  },
}

const bareScene: Scene = {
  ...common,
  name: 'a bare allow for a plan',
  facts: [{ id: 'plan-bare', fact: 'a bare allow leaves the dialog of a plan', since: '2.1.330' }],
  play: (stage, see) =>
    stays(stage, see, 'plan-bare', 'mark-plan', { stdout: decision({ behavior: 'allow' }) }),
}

const echoScene: Scene = {
  ...common,
  name: 'an allow with the input for a plan',
  facts: [
    { id: 'plan-asks', fact: 'ExitPlanMode fires PermissionRequest' },
    { id: 'plan-echo', fact: 'allow with the same input approves a plan' },
  ],
  async play(stage, see) {
    const asked = await stage.ask('mark-plan', { stdout: decision({ behavior: 'allow' }), echo: true })
    await see(
      'plan-asks',
      async () => (await asked.heard('PermissionRequest')).input?.['tool_name'] === 'ExitPlanMode',
    )
    await see('plan-echo', async () => {
      await stage.claude.shows(/Done plan\./)
      const [result] = stage.model.toolResults().map(({ content }) => JSON.stringify(content))
      return /approved/i.test(result ?? '') || `the model got ${result}`
    })
  },
}

const denyScene: Scene = {
  ...common,
  name: 'notes for a plan',
  facts: [
    {
      id: 'plan-notes',
      fact: 'the message of a denial reaches the model as notes on the plan, and plan mode stays',
    },
  ],
  async play(stage, see) {
    await stage.ask('mark-plan', { stdout: decision({ behavior: 'deny', message: 'Make it shorter.' }) })
    await see('plan-notes', async () => {
      await stage.claude.shows(/Done plan\./)
      const results = JSON.stringify(stage.model.toolResults())
      if (!results.includes('Make it shorter.')) return results
      return /plan mode on/.test(await stage.claude.screen()) || 'the mode has changed'
    })
  },
}

export const planScenes: readonly Scene[] = [bareScene, echoScene, denyScene]
