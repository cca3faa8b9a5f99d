/** Runs the hostile program in a session's container and reads what it prints. */

import { copyFile, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import type { Session } from '../../../container/sessions.ts'
import { CommandError } from '../../cli/errors.ts'
import type { Box } from '../../house/box.ts'
import type { House } from '../../house/house.ts'
import type { AttemptReport, Facts } from './hostile/attempt.ts'

const UP_MS = 30_000

type Inside = { house: House; box: Box; session: Session }

/** `onReport` hears of each attempt as it ends. Gives why the program did not come to its end, or null when it did. */
export async function runInside(
  { house, box, session }: Inside,
  what: 'attempts' | 'bombs',
  facts: Facts,
  onReport: (report: AttemptReport) => void,
): Promise<string | null> {
  const folder = join(session.workspace, '.escape')
  await mkdir(folder, { recursive: true })
  const program = join(folder, 'escape.cjs')
  await copyFile(join(dirname(house.dist.relay), 'escape.cjs'), program)
  const [docker = '', ...args] = box.sessions.shellArgv(session, {
    command: ['node', program, what],
    isTerminal: false,
  })
  const running = execa(docker, args, { input: JSON.stringify(facts), reject: false, env: house.env })
  for await (const line of running) onReport(JSON.parse(line))
  const { exitCode, stderr } = await running
  return exitCode === 0 ? null : stderr.trim().split('\n').slice(0, 8).join(' ') || `exit code ${exitCode}`
}

/** Runs a command in the container and gives what it printed. */
export async function callInside({ house, box, session }: Inside, command: string[]): Promise<string> {
  const [docker = '', ...args] = box.sessions.shellArgv(session, { command, isTerminal: false })
  return (await execa(docker, args, { env: house.env, stdin: 'ignore' })).stdout
}

/** Resolves when the container takes commands, which is a moment after its pane was opened. */
export async function untilUp(inside: Inside): Promise<void> {
  const end = Date.now() + UP_MS
  for (;;) {
    try {
      await callInside(inside, ['test', '-e', '/home/claude/.claude.json'])
      return
    } catch (error) {
      if (Date.now() > end) {
        throw new CommandError(
          'box-not-up',
          `The session ${inside.session.name} did not come up: ${(error as Error).message}`,
          'Try rc demo, which starts one in the same way.',
        )
      }
      await sleep(100)
    }
  }
}
