/** Settings files that hooks are put into: when they count, and what stands in several of them. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Scene } from '../facts.ts'
import { recorderFor } from '../recorder.ts'
import { bash, MANUAL } from './guarded.ts'

/** Claude looks at its settings every second or so. */
const RELOAD_MS = 4_000

/** 2.1.197 never notices what is written in its first moments, before it watches. */
const WATCHING_MS = 12_000

/** What the hook of a command that is gone comes down to: an end at once, its input unread. */
const GONE = { type: 'command', command: '[ -x /nowhere ] || exit 0; exec /nowhere', timeout: 60 }

export const settingsScene: Scene = {
  name: 'hooks in settings files',
  args: MANUAL,
  settings: () => ({}),
  scripts: {
    'mark-new': [bash('touch new.txt'), { text: 'Done new.' }],
    'mark-twice': [bash('touch twice.txt'), { text: 'Done twice.' }],
    'mark-gone': [bash('touch gone.txt'), { text: 'Done gone.' }],
  },
  facts: [
    { id: 'hot-reload', fact: 'hooks written into the settings of a running Claude count within seconds' },
    { id: 'once-for-all', fact: 'the same command in the settings of user, project and local runs once' },
    {
      id: 'gone-is-silent',
      fact: 'a hook that ends at once and reads nothing leaves the dialog and no word',
    },
  ],

  async play(stage, see) {
    const { claude, idle } = stage
    const user = join(claude.home, '.claude/settings.json')
    const project = join(claude.project, '.claude')
    const hooks = { PermissionRequest: [recorderFor('PermissionRequest', { folder: stage.folder })] }
    await mkdir(project, { recursive: true })
    await sleep(WATCHING_MS)
    await writeFile(user, JSON.stringify({ hooks }))

    const fresh = await afterReload(() => stage.ask('mark-new'))
    await see('hot-reload', async () => (await fresh.heard('PermissionRequest')) !== undefined)
    await claude.answer('Escape')
    await idle()

    for (const name of ['settings.json', 'settings.local.json'])
      await writeFile(join(project, name), JSON.stringify({ hooks }))
    const twice = await afterReload(() => stage.ask('mark-twice'))
    await see('once-for-all', async () => {
      await twice.heard('PermissionRequest')
      const starts = (await twice.since()).filter(({ phase }) => phase === 'start').length
      return starts === 1 || `it ran ${starts} times`
    })
    await claude.answer('Escape')
    await idle()

    for (const name of ['settings.json', 'settings.local.json']) await writeFile(join(project, name), '{}')
    const gone = { PermissionRequest: [{ hooks: [GONE] }], UserPromptSubmit: [{ hooks: [GONE] }] }
    await writeFile(user, JSON.stringify({ hooks: gone }))
    await afterReload(() => stage.ask('mark-gone'))
    await see('gone-is-silent', async () => {
      await stage.dialog()
      const screen = (await claude.screen()).split('mark-gone').at(-1) ?? ''
      return !/hook|error|failed/i.test(screen) || 'the screen speaks of a hook'
    })
    await claude.answer('Escape')
  },
}

async function afterReload<T>(act: () => Promise<T>): Promise<T> {
  await sleep(RELOAD_MS)
  return await act()
}
