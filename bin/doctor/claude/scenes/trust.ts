/** The first screen in a folder that nobody has trusted yet. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Scene } from '../facts.ts'
import { GUARDED, guardedSettings } from './guarded.ts'

/** Until a key that was taken shows, or a lost one may be followed by another, in milliseconds. */
const REDRAW_MS = 1_100

export const trustScene: Scene = {
  name: 'an untrusted folder',
  args: GUARDED,
  settings: guardedSettings,
  state: { projects: {} },
  awaits: /trust this folder/,
  scripts: {},
  facts: [
    { id: 'trust-read', fact: 'our parser names the trust dialog and finds both choices' },
    { id: 'trust-keys', fact: 'Down to Yes and Enter accept the trust dialog' },
    { id: 'trust-first', fact: 'no hook runs before the folder is trusted' },
  ],
  async play(stage, see) {
    const { name, options } = await stage.dialog()
    await see(
      'trust-read',
      async () => (name === 'trust' && options.length === 2) || `${name} with ${options.length} choices`,
    )
    await see('trust-first', async () => (await stage.records()).length === 0 || 'a hook ran')
    await see('trust-keys', async () => {
      const yes = options.find(({ label }) => label.startsWith('Yes'))
      if (yes === undefined) return 'there is no Yes'
      await stage.claude.dialogStands()
      await stage.wait('the cursor at Yes', async () => {
        const isThere = (await stage.dialog()).options.some(
          ({ key, selected }) => selected && key === yes.key,
        )
        if (isThere) return true
        await stage.claude.press('Down')
        await sleep(REDRAW_MS)
        return false
      })
      await stage.claude.press('Enter')
      await stage.idle()
      return true
    })
  },
}
