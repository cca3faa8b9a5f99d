/** What `rc --help` shows. */

import { type Output, toColumns } from './cli/output.ts'
import { COMMANDS } from './commands/index.ts'
import { VERSION } from './version.ts'

/** Every command with its summary; loads none of them. */
export function helpText({ paint }: Pick<Output, 'paint'>): string {
  const names = COMMANDS.map(({ name, aliases, usage }) => `  ${[name, ...aliases].join(', ')} ${usage}`)
  const lines = toColumns(
    COMMANDS.map(({ summary }, at) => [names[at] ?? '', summary]),
    null,
  )
  const groups = [...new Set(COMMANDS.map(({ group }) => group))]
  return [
    `Remote Claude ${VERSION}: Claude Code in a locked container, supervised from your phone`,
    '',
    'Usage: rc COMMAND [ARG…]     rc help COMMAND     rc --version',
    ...groups.flatMap((group) => [
      '',
      paint('bold', group),
      ...lines.filter((_, at) => COMMANDS[at]?.group === group),
    ]),
  ].join('\n')
}
