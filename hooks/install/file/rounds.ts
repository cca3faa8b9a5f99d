/** Looking at a settings file and changing it, again and again until nobody came between; and words for what stops it. */
import { SettingsError } from '../errors.ts'
import { toText } from './bytes.ts'
import { placeOf, type SettingsPlace } from './place.ts'
import { readState, type SettingsState } from './state.ts'

/** What was seen in one look. `text` is empty where there is no file. */
export type Look = { place: SettingsPlace; state: SettingsState | null; text: string }

/** The first try, and three more. */
const TRIES = 4

/** One look that either finds everything as it shall be and gives the result, or changes the file and gives null. */
type Round<T> = (look: Look, isOver: boolean) => Promise<T | null>

/** Goes round until there is a result: what is given was read back from the file. Throws `SettingsError`. */
export async function goRound<T>(file: string, round: Round<T>): Promise<T> {
  return await inWords(file, async () => {
    for (let at = 0; at <= TRIES; at += 1) {
      const result = await round(await lookAt(file), at === TRIES)
      if (result !== null) return result
    }
    throw new SettingsError(
      'settings-changing',
      'Somebody else writes it again and again.',
      'End the Claude Code or the editor that has it open, and try again.',
    )
  })
}

/** What is there now. */
export async function lookAt(file: string): Promise<Look> {
  const place = await placeOf(file)
  const state = await readState(place.target)
  return { place, state, text: state === null ? '' : toText(state.bytes) }
}

/** Names the file in every expected problem, those of the system among them. */
export async function inWords<T>(file: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof SettingsError) {
      const { code, message, remedy, line } = error
      throw new SettingsError(code, `${file}: ${message}`, remedy, { ...(line !== undefined && { line }) })
    }
    const { code, syscall, message } = error as NodeJS.ErrnoException
    if (code === undefined || syscall === undefined) throw error
    throw new SettingsError(
      'settings-failed',
      `${file}: ${message}.`,
      code === 'EBUSY'
        ? 'It is mounted there by itself, so nothing can take its place. Change it where it comes from.'
        : 'See who owns that path, and whether the disk is full.',
      { cause: error },
    )
  }
}
