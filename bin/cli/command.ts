/** How a command is declared: what it takes, and what it does. The list of all of them is commands/index.ts. */
import type { Output } from './output.ts'

/**
 * `--flag`, `-f, --flag`, `--flag <value>`, `--flag <several...>` (commas between them), `--flag <text+>` (the flag again
 * for each) or `--no-flag`, what it means, and the words it may be.
 */
type OptionSpec = readonly [flags: string, description: string, choices?: readonly string[]]

/** `<needed>`, `[optional]` or `[several...]`, what it means, and the words it may be. */
type ArgumentSpec = readonly [name: string, description: string, choices?: readonly string[]]

type Camel<S extends string> = S extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : S
type Long<F extends string> = F extends `${string}--${infer Rest}`
  ? Rest extends `${infer Name} ${string}`
    ? Name
    : Rest
  : never
type Key<F extends string> = Camel<Long<F> extends `no-${infer Name}` ? Name : Long<F>>

/**
 * What the flags give: `--claude-version <v>` gives `claudeVersion?: string`, `--allow <host...>` gives
 * `allow?: string[]`, `--no-attach` gives `attach: boolean`.
 */
type OptionsOf<O extends readonly OptionSpec[]> = {
  [S in O[number] as S[0] extends `${string}<${string}` ? Key<S[0]> : never]?: S[0] extends
    | `${string}...>`
    | `${string}+>`
    ? string[]
    : string
} & { [S in O[number] as S[0] extends `${string}<${string}` ? never : Key<S[0]>]: boolean }

/** One call of a command. */
export type Invocation<Options> = {
  args: string[]
  options: Options
  /** What stood behind `--`. */
  rest: string[]
  output: Output
  env: NodeJS.ProcessEnv
}

/** A command as main.ts runs it. `run` gives the exit code; nothing is 0. */
export type Command = {
  arguments: readonly ArgumentSpec[]
  options: readonly OptionSpec[]
  /** Whether words behind `--` have a meaning here, and which. */
  rest: string | null
  /** Further lines of its help. */
  notes: string | null
  run(invocation: Invocation<Record<string, unknown>>): Promise<number | undefined>
}

/** Declares a command; the types of `options` follow from the flags. */
export function defineCommand<const O extends readonly OptionSpec[] = []>(declared: {
  arguments?: readonly ArgumentSpec[]
  options?: O
  rest?: string
  notes?: string
  run(invocation: Invocation<OptionsOf<O>>): Promise<number> | Promise<void>
}): Command {
  return {
    arguments: declared.arguments ?? [],
    options: declared.options ?? [],
    rest: declared.rest ?? null,
    notes: declared.notes ?? null,
    // Flags without a value are always there: main.ts fills in what was not given.
    run: async (invocation) => (await declared.run(invocation as Invocation<OptionsOf<O>>)) ?? undefined,
  }
}
