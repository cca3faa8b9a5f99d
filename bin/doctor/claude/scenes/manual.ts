/** Manual mode: suggestions, and text that is typed for a person. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { toKeystrokes } from '../../../../container/terminal/keystrokes.ts'
import type { Scene, See } from '../facts.ts'
import { decision } from '../recorder.ts'
import type { Stage } from '../stage.ts'
import { bash, guardedSettings, MANUAL } from './guarded.ts'

const RULE = {
  type: 'addRules',
  rules: [{ toolName: 'Bash', ruleContent: 'git push *' }],
  behavior: 'allow',
  destination: 'localSettings',
}
const LONG = Array.from({ length: 150 }, (_, at) => `word-${at}`).join(' ')

export const manualScene: Scene = {
  name: 'manual mode',
  args: MANUAL,
  settings: guardedSettings,
  scripts: {
    'mark-first': [bash('git push origin main'), { text: 'Done first.' }],
    'mark-second': [bash('git push origin other'), { text: 'Done second.' }],
    'word-149': [{ text: 'Done long.' }],
    '!touch': [{ text: 'Done bang.' }],
    '/cost': [{ text: 'Done slash.' }],
  },
  facts: [
    { id: 'mode-flag', fact: '--permission-mode default is taken, and hooks read permission_mode default' },
    { id: 'idle-read', fact: "our parser knows Claude's empty prompt" },
    { id: 'suggestions', fact: 'permission_suggestions offer a rule for git push' },
    {
      id: 'always',
      fact: 'updatedPermissions are applied: the rule is stored and the next call asks nothing',
    },
    { id: 'typed-long', fact: 'a long text typed in our chunks arrives as a plain prompt' },
    { id: 'typed-bang', fact: 'a leading ! is no shell command after our typing' },
    { id: 'typed-slash', fact: 'a leading / is no command after our typing' },
  ],
  async play(stage, see) {
    await see('idle-read', async () => {
      const screen = await stage.screen()
      return (screen.kind === 'idle' && screen.draft === '') || `the screen is ${JSON.stringify(screen)}`
    })
    const first = await stage.ask('mark-first', {
      stdout: decision({ behavior: 'allow', updatedPermissions: [RULE] }),
    })
    const { input = {} } = await first.heard('PermissionRequest')
    await see(
      'mode-flag',
      async () => input['permission_mode'] === 'default' || `it is ${input['permission_mode']}`,
    )
    await see('suggestions', async () => {
      const offered = JSON.stringify(input['permission_suggestions'] ?? null)
      return (/"addRules"/.test(offered) && offered.includes('git push')) || offered
    })
    await stage.claude.shows(/Done first\./)
    await stage.idle()
    await see('always', async () => {
      const stored = await readFile(join(stage.claude.project, '.claude/settings.local.json'), 'utf8')
      const second = await stage.ask('mark-second')
      await stage.claude.shows(/Done second\./)
      const asked = (await second.since()).some(({ event }) => event === 'PermissionRequest')
      return (stored.includes('Bash(git push *)') && !asked) || (asked ? 'it asked again' : stored)
    })
    await stage.idle()
    await typed(stage, see, 'typed-long', LONG, LONG)
    // Claude trims what it is given.
    await typed(stage, see, 'typed-bang', '!touch bang.txt', '!touch bang.txt')
    await typed(stage, see, 'typed-slash', '/cost', 'Reply: /cost')
  },
}

async function typed(stage: Stage, see: See, id: string, text: string, expected: string): Promise<void> {
  await see(id, async () => {
    const told = async () =>
      (await stage.records()).filter(({ event, phase }) => event === 'UserPromptSubmit' && phase === 'start')
    const before = (await told()).length
    for (const chunk of toKeystrokes(text, { asCommand: false })) {
      await stage.claude.press('-l', chunk)
      await sleep(30)
    }
    await stage.claude.press('Enter')
    const record = await stage.wait('the prompt to be submitted', async () => (await told())[before])
    await stage.idle()
    const prompt = String(record.input?.['prompt']).trim()
    return (prompt === expected && !stage.made('bang.txt')) || `the prompt was ${prompt.slice(0, 200)}`
  })
}
