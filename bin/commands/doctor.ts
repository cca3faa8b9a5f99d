import { imageClaudeVersion } from '../../container/image/build.ts'
import { NETWORK_MODES } from '../../container/options.ts'
import { defineCommand } from '../cli/command.ts'
import { CommandError } from '../cli/errors.ts'
import type { Output } from '../cli/output.ts'
import { count, createReporter } from '../doctor/box/show.ts'
import { runEscapes } from '../doctor/box/suite.ts'
import { checkContract } from '../doctor/claude/check.ts'
import { EXAMINATIONS } from '../doctor/index.ts'
import { createBox } from '../house/box.ts'
import { type House, loadHouse, loadStandingHouse } from '../house/house.ts'
import { imageRequest, prepareImage, prepareMachine } from '../sessions/prepare.ts'

export const command = defineCommand({
  arguments: [['[claude]', 'with --claude: an exact version, or the path of a claude program']],
  options: [
    ['--box', 'try to get out of a session, in every way we know'],
    ['--network <mode>', 'only out of a session with this network', NETWORK_MODES],
    ['--claude', 'try whether Claude Code behaves as this program relies on'],
    ['--json', 'for programs: every finding, attempt or fact'],
    ['-y, --yes', 'install what is missing without asking'],
  ],
  notes:
    'With --box a hostile program runs in sessions of a throwaway house, with your engine, image and limits. It takes a\n' +
    'minute or two, and all the memory that a session may have. docs/security.md says what is tried and what it shows.\n' +
    'With --claude a real Claude Code runs against a scripted model, without a login, for about a minute: the one of the\n' +
    'image, or the given one. docs/claude-versions.md shows the table.',
  run: async ({ args, options, output, env }) => {
    if (!options.claude && !options.box && args[0] === undefined)
      return await examine(await loadStandingHouse(env, () => {}), output, options.json)
    const house = await loadHouse(env)
    for (const warning of house.warnings) output.note(`warning: ${warning}`)
    if (args[0] !== undefined && !options.claude) {
      throw new CommandError(
        'usage',
        `${args[0]} means nothing here.`,
        'A version or a path goes with --claude.',
      )
    }
    if (options.claude) {
      const box = createBox(house)
      await prepareMachine({ house, box, output, yes: options.yes })
      const wanted = args[0] ?? (await imageClaudeVersion(imageRequest(house, box)))
      return await checkContract([wanted], {
        cacheDir: house.paths.cacheDir,
        env,
        output,
        json: options.json,
      })
    }
    const preparation = { house, box: createBox(house), output, yes: options.yes }
    await prepareMachine(preparation)
    await prepareImage(preparation)
    const interrupted = new AbortController()
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort())
    const reports = await runEscapes({
      house,
      modes: NETWORK_MODES.filter((mode) => options.network === undefined || options.network === mode),
      onReport: options.json ? () => {} : createReporter(output),
      signal: interrupted.signal,
    })
    if (options.json) output.json(reports)
    const { tried, stopped, reported, ESCAPED, 'not-tried': untried } = count(reports)
    const line = `${tried} attempts: ${stopped} stopped, ${reported} reported, ${ESCAPED} escaped, ${untried} not carried out`
    if (options.json) output.note(line)
    else output.print(`\n${output.paint('bold', line)}`)
    return ESCAPED + untried > 0 ? 1 : 0
  },
})

/** Only looks. */
async function examine(house: House, output: Output, asJson: boolean): Promise<number> {
  const box = createBox(house)
  const found = (await Promise.all(EXAMINATIONS.map((one) => one(house, box)))).flat()
  if (asJson) output.json(found)
  for (const { name, problem, remedy, isMinor } of asJson ? [] : found) {
    const word = problem === null ? 'ok' : isMinor ? 'note' : 'problem'
    output.print(`${output.paint(COLOURS[word], word.padEnd(7))}  ${name}`)
    if (problem !== null) output.print(`         ${problem} ${remedy}`.trimEnd())
  }
  return found.some(({ problem, isMinor }) => problem !== null && !isMinor) ? 1 : 0
}

const COLOURS = { ok: 'green', note: 'yellow', problem: 'red' } as const
