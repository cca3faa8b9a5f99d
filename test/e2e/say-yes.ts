/** Yes at the keyboard. */
import { answerDialog, type Keyboard } from '../../bin/doctor/claude/at-keyboard.ts'
import { until } from './until.ts'

/** Says Yes to the dialog that comes, and waits until what follows is on the screen. */
export async function sayYes({ screen, press }: Keyboard, follows: RegExp): Promise<void> {
  await answerDialog({ screen, press }, '1')
  await until(`${follows} after a Yes`, async () => follows.test(await screen()), screen)
}
