/** A person at the keyboard: no key before Claude takes keys of what it shows, and once more for one that was lost. */
import { setTimeout as sleep } from 'node:timers/promises'
import { readScreen } from '../../../container/screen/screen.ts'
import { STANDS_MS } from '../../../container/terminal/pane-watch.ts'
import { until } from './until.ts'

export type Keyboard = { screen(): Promise<string>; press(...keys: string[]): Promise<unknown> }

/** After a key that was dropped, one that comes sooner is dropped with it (2.1.330, 2.1.332). */
const PAUSE_MS = 1_100

/** Waits for a dialog that has stood long enough to take a key; gives its digest. */
export async function dialogStands(screen: Keyboard['screen']): Promise<string> {
  let digest: string | null = null
  let since = 0
  return await until(
    'a dialog that takes keys',
    async () => {
      const seen = await digestOf(screen)
      if (seen === digest) return digest !== null && performance.now() - since >= STANDS_MS && digest
      digest = seen
      since = performance.now()
      return false
    },
    screen,
  )
}

/** Presses `key` in the dialog that stands there, or comes, until it has gone. */
export async function answerDialog({ screen, press }: Keyboard, key: string): Promise<void> {
  const digest = await dialogStands(screen)
  let pressedAt = Number.NEGATIVE_INFINITY
  await until(
    `the dialog to go with ${key}`,
    async () => {
      if ((await digestOf(screen)) !== digest) return true
      if (performance.now() - pressedAt < PAUSE_MS) return false
      await press(key)
      pressedAt = performance.now()
      await sleep(100)
      return (await digestOf(screen)) !== digest
    },
    screen,
  )
}

/** Changes with what waits for a key; null where nothing does. A screen that we cannot read counts by all its text. */
async function digestOf(screen: Keyboard['screen']): Promise<string | null> {
  const text = await screen()
  const seen = readScreen(text)
  if (seen.kind === 'dialog') return seen.digest
  return seen.kind === 'unknown' && text.trim() !== '' ? text : null
}
