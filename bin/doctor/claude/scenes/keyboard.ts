/** A dialog and its hook at the same time: what the keyboard does to the hook. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Scene } from '../facts.ts'
import { decision, type HookRecord } from '../recorder.ts'
import { bash, GUARDED, guardedSettings } from './guarded.ts'

/** Claude's own delay before it says that a dialog waits, and how much later it may come, in milliseconds. */
const NOTICE_MS = { from: 4_500, to: 9_000 }

export const keyboardScene: Scene = {
  name: 'the keyboard beside a hook',
  args: GUARDED,
  settings: guardedSettings,
  scripts: {
    'mark-yes': [bash('touch yes.txt && sleep 1'), { text: 'Done yes.' }],
    'mark-esc': [bash('touch esc.txt'), { text: 'Done esc.' }],
    'mark-slow': [
      { tools: [{ name: 'Write', input: { file_path: 'slow.txt', content: 'slow' } }] },
      { text: 'Done slow.' },
    ],
  },
  facts: [
    { id: 'dialog-beside-hook', fact: 'the dialog is on the screen while the hook runs' },
    { id: 'dialog-read', fact: 'our parser names the permission dialog and finds digits for Yes and No' },
    {
      id: 'registry',
      fact: 'the registry file says waiting, with statusUpdatedAt, while the dialog is open',
    },
    { id: 'yes-silent', fact: 'Yes at the keyboard sends the hook no signal' },
    { id: 'yes-wins', fact: 'what a hook prints after the Yes is ignored' },
    { id: 'registry-leaves', fact: 'the registry leaves waiting at the Yes, while the tool still runs' },
    {
      id: 'notification',
      fact: 'Notification permission_prompt comes about 6 s after the dialog, hook or not',
    },
    { id: 'esc-signal', fact: 'Esc at the keyboard ends the hook with SIGTERM' },
    { id: 'timeout', fact: "at its timeout a hook gets SIGTERM and Claude's dialog stays" },
  ],

  async play(stage, see) {
    const { claude, dialog, idle, wait, made, registry } = stage
    const status = async () => (await registry())[0]?.['status']

    const yes = await stage.ask('mark-yes', {
      delayMs: 4_000,
      stdout: decision({ behavior: 'deny', message: 'too late' }),
    })
    const asked = await yes.heard('PermissionRequest')
    await see('dialog-beside-hook', async () => {
      await dialog()
      return !(await yes.since()).some(isEnd) || 'only after the hook had ended'
    })
    await see('dialog-read', async () => {
      const { name, options } = await dialog()
      const labels = options.map(({ key, label }) => `${key} ${label}`)
      return (
        (name === 'permission' && /^1 Yes/.test(labels[0] ?? '') && /^\d No/.test(labels.at(-1) ?? '')) ||
        `${name}: ${labels.join(', ')}`
      )
    })
    await see('registry', async () => {
      await wait('the status waiting', async () => (await status()) === 'waiting')
      const [{ statusUpdatedAt: since, file, pid } = {}] = await registry()
      if (file !== `${pid}.json`) return `the file of ${pid} is ${file}`
      return Math.abs(Number(since) - asked.at) < 5_000 || `statusUpdatedAt is ${since}`
    })
    await claude.answer('1')
    await see('registry-leaves', async () => {
      await wait('the registry to leave waiting', async () => (await status()) !== 'waiting')
      return !(await claude.screen()).includes('Done yes.') || 'only after the turn had ended'
    })
    await see('yes-wins', async () => {
      await yes.heard('PermissionRequest', 'end')
      await claude.shows(/Done yes\./)
      const results = JSON.stringify(stage.model.toolResults())
      return (made('yes.txt') && !results.includes('too late')) || 'the denial was heard'
    })
    await see(
      'yes-silent',
      async () => !(await yes.since()).some(({ phase }) => phase === 'signal') || 'a signal came',
    )
    await idle()

    const esc = await stage.ask('mark-esc', { delayMs: 30_000 })
    const begun = await esc.heard('PermissionRequest')
    await see('notification', async () => {
      const told = await esc.heard('Notification')
      if (told.input?.['notification_type'] !== 'permission_prompt')
        return `it is ${told.input?.['notification_type']}`
      const after = told.at - begun.at
      return (after > NOTICE_MS.from && after < NOTICE_MS.to) || `after ${after} ms`
    })
    await claude.answer('Escape')
    await see('esc-signal', async () => {
      await esc.heard('PermissionRequest', 'signal')
      return !made('esc.txt') || 'the tool ran'
    })
    await idle()

    const slow = await stage.ask('mark-slow', { delayMs: 30_000 })
    await see('timeout', async () => {
      await slow.heard('PermissionRequest', 'signal')
      await sleep(1_500)
      await dialog()
      await claude.answer('1')
      await wait('the tool to run', async () => made('slow.txt'))
      return readFileSync(join(claude.project, 'slow.txt'), 'utf8') === 'slow'
    })
  },
}

function isEnd({ event, phase }: HookRecord): boolean {
  return event === 'PermissionRequest' && phase === 'end'
}
