/** The real Claude Code of a version, driven as bin/contract drives it. */
import {
  type HostClaude,
  type HostClaudeOptions,
  startHostClaude as start,
} from '../../bin/doctor/claude/host-claude.ts'
import { claudeBinary } from './claude-binary.ts'

export type { HostClaude }

type Options = Omit<HostClaudeOptions, 'program'> & { version: string }

/** Starts it and waits for its prompt, or with `prompt` just starts it. `stop` leaves nothing behind. */
export async function startHostClaude({ version, ...options }: Options): Promise<HostClaude> {
  return await start({ ...options, program: await claudeBinary(version) })
}
