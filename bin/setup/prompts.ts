/** The questions that `rc setup` asks, on stderr. Whoever leaves one leaves the whole setup. */
import {
  type CANCEL_SYMBOL,
  confirm,
  intro,
  isCancel,
  log,
  note,
  outro,
  password,
  select,
  text,
} from '@clack/prompts'
import { CommandError } from '../cli/errors.ts'

export type Choice<T extends string> = { value: T; label: string; hint?: string }

/** Gives null when the text is good, else a sentence about what is wrong with it. */
export type Check = (text: string) => string | null

export type Prompts = {
  begin(title: string): void
  say(text: string): void
  confirm(message: string, initial: boolean): Promise<boolean>
  choose<T extends string>(message: string, choices: readonly Choice<T>[], initial: T): Promise<T>
  /** A text that is never shown. */
  secret(message: string, check: Check): Promise<string>
  line(message: string, example: string, check: Check): Promise<string>
  summarize(title: string, lines: readonly string[]): void
  end(next: string): void
}

/** The questions in the terminal. They throw `cancelled`. */
export function createPrompts(): Prompts {
  const output = process.stderr
  const validator = (check: Check) => (given: string | undefined) => check(given?.trim() ?? '') ?? undefined
  return {
    begin: (title) => intro(title, { output }),
    say: (words) => log.info(words, { output }),
    confirm: async (message, initialValue) => answered(await confirm({ message, initialValue, output })),
    async choose<T extends string>(message: string, choices: readonly Choice<T>[], initial: T) {
      const options = choices.map((choice) => ({ ...choice, value: choice.value as string }))
      const chosen = answered(await select({ message, options, initialValue: initial, output }))
      return choices.find(({ value }) => value === chosen)?.value ?? initial
    },
    secret: async (message, check) =>
      answered(await password({ message, validate: validator(check), output })).trim(),
    line: async (message, placeholder, check) =>
      answered(await text({ message, placeholder, validate: validator(check), output })).trim(),
    summarize: (title, lines) => note(lines.join('\n'), title, { output, format: (line) => line }),
    end: (next) => outro(next, { output }),
  }
}

function answered<T>(answer: T | typeof CANCEL_SYMBOL): T {
  if (isCancel(answer)) {
    throw new CommandError(
      'cancelled',
      'Setup was left before its end.',
      'Nothing was stored. rc setup begins again.',
    )
  }
  return answer
}
