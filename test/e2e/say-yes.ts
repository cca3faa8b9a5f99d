/** Yes at the keyboard. */
import { until } from './until.ts'

type Keyboard = { screen(): Promise<string>; press(...keys: string[]): Promise<unknown> }

/** Until what follows is on the screen: a dialog of 2.1.330 may miss a key in its first moment. */
export async function sayYes({ screen, press }: Keyboard, follows: RegExp): Promise<void> {
  let looks = 0
  await until(
    `${follows} after a Yes`,
    async () => {
      const shown = await screen()
      if (/❯ 1\. Yes/.test(shown) && looks++ % 10 === 0) await press('1')
      return follows.test(shown)
    },
    screen,
  )
}
