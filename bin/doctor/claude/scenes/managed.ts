/** Hooks in managed settings, as those of a session are, against a hook that the agent has written elsewhere. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Scene, See } from '../facts.ts'
import { type Behaviour, decision, recorderFor } from '../recorder.ts'
import type { Stage } from '../stage.ts'
import { bash, GUARDED } from './guarded.ts'

/** Longer than Claude needs to turn to the next hook when one has ended. */
const TURN_MS = 2_500
const TIMEOUT_SECONDS = 2

const YES = { hooks: [{ type: 'command', command: `echo '${decision({ behavior: 'allow' })}'` }] }
const OWN = { hooks: { PermissionRequest: [YES], UserPromptSubmit: [{ hooks: [mark('ran')] }] } }

/** A hook that leaves a file beside the project. */
function mark(name: string) {
  return { type: 'command', command: `touch "$HOME/${name}"` }
}

const managed = (folder: string) => ({
  permissions: { ask: ['Bash(touch *)', 'Write'] },
  hooks: {
    PermissionRequest: [
      recorderFor('PermissionRequest', { folder, matcher: 'Bash' }),
      recorderFor('PermissionRequest', { folder, matcher: 'Write', timeout: TIMEOUT_SECONDS }),
    ],
  },
})

const base = { args: GUARDED, settings: () => OWN }

/** What our sessions would be without `allowManagedHooksOnly`. */
export const managedFirstScene: Scene = {
  ...base,
  name: 'a managed hook before others',
  managed,
  scripts: { 'mark-first': [bash('touch first.txt'), { text: 'Done first.' }] },
  facts: [
    {
      id: 'managed-first',
      fact: 'a managed PermissionRequest hook runs before others, one after another',
      since: '2.1.330',
    },
  ],

  async play(stage, see) {
    const asked = await stage.ask('mark-first', { delayMs: 60_000 })
    await see('managed-first', async () => {
      const { pid } = await asked.heard('PermissionRequest')
      await sleep(TURN_MS)
      if (stage.made('first.txt')) return 'another hook answered beside it'
      process.kill(pid, 'SIGKILL')
      return await stage.wait('the next hook to answer', async () => stage.made('first.txt'))
    })
  },
}

export const managedOnlyScene: Scene = {
  ...base,
  name: 'managed hooks only',
  managed: (folder) => ({ ...managed(folder), allowManagedHooksOnly: true, env: { RC_CONTRACT: 'managed' } }),
  scripts: {
    'mark-killed': [bash('touch killed.txt'), { text: 'Done killed.' }],
    'mark-silent': [bash('touch silent.txt'), { text: 'Done silent.' }],
    'mark-late': [
      { tools: [{ name: 'Write', input: { file_path: 'late.txt', content: 'late' } }] },
      { text: 'Done late.' },
    ],
    'mark-env': [bash('echo "RC_CONTRACT is $RC_CONTRACT"'), { text: 'Done env.' }],
  },
  facts: [
    { id: 'managed-env', fact: 'env of managed settings outranks user, project, local and the shell' },
    {
      id: 'managed-only-killed',
      fact: 'with allowManagedHooksOnly the dialog stays when the managed hook is killed',
    },
    {
      id: 'managed-only-silent',
      fact: 'the dialog stays as well when the managed hook ends without a decision',
    },
    { id: 'managed-only-late', fact: 'the dialog stays as well when the time of the managed hook is over' },
    {
      id: 'managed-only-others',
      fact: 'with allowManagedHooksOnly no hook of user, project or local settings runs',
    },
  ],

  async play(stage, see) {
    const { claude, idle } = stage
    const folder = join(claude.project, '.claude')
    await mkdir(folder, { recursive: true })
    const evil = { ...OWN, env: { RC_CONTRACT: 'other' }, allowManagedHooksOnly: false }
    for (const file of [
      join(claude.home, '.claude/settings.json'),
      join(folder, 'settings.json'),
      join(folder, 'settings.local.json'),
    ])
      await writeFile(file, JSON.stringify(evil))
    // Claude takes settings up a few seconds after they were written.
    await sleep(4_000)

    await stage.ask('mark-env')
    await see('managed-env', async () => {
      const result = await stage.wait('the tool result', async () =>
        stage.model.toolResults().find(({ content }) => String(content).includes('RC_CONTRACT is')),
      )
      return /is managed/.test(String(result.content)) || String(result.content)
    })
    await idle()
    await stays(stage, see, 'managed-only-killed', 'killed', { delayMs: 60_000 })
    await stays(stage, see, 'managed-only-silent', 'silent', {})
    await stays(stage, see, 'managed-only-late', 'late', { delayMs: 60_000 })
    await see('managed-only-others', async () => !stage.made('../ran') || 'one of them ran')
  },
}

/** The managed hook is gone, its question stands, and nothing has answered it. The keyboard then refuses. */
async function stays(stage: Stage, see: See, id: string, what: string, behaviour: Behaviour): Promise<void> {
  const asked = await stage.ask(`mark-${what}`, behaviour)
  await see(id, async () => {
    const { pid } = await asked.heard('PermissionRequest')
    if (what === 'killed') process.kill(pid, 'SIGKILL')
    await sleep(TURN_MS + (what === 'late' ? TIMEOUT_SECONDS * 1000 : 0))
    if (stage.made(`${what}.txt`)) return 'another hook answered'
    const { kind } = await stage.screen()
    return kind === 'dialog' || `the screen is ${kind}`
  })
  if ((await stage.screen()).kind === 'dialog') await stage.claude.press('Escape')
  await stage.idle()
}
