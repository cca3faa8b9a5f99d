/**
 * Whether a Claude Code has started a process of this machine, read from Linux's /proc. It is no wall: whoever has the
 * same uid can leave Claude's processes and variables behind. It keeps a Claude from answering itself by the way.
 */
import { readFileSync, readlinkSync } from 'node:fs'
import { basename, join } from 'node:path/posix'

/** A process as the kernel tells it. */
export type ProcessFacts = {
  parent: number
  /** At most 15 characters, which the program may have chosen itself. */
  name: string
  argv: string[]
  program: string
  /** In clock ticks since the machine started: with the number it names one process for good. */
  startedAt: string
  /** As it was started. Null where another user's process does not tell. */
  environment: Record<string, string> | null
}

/** What a caller is: nobody's, a Claude's (its process, where that is known), or not to be found. */
export type Caller = 'person' | 'unknown' | { claude: number | null }

export type LookAt = (pid: number) => ProcessFacts | null

/** More generations than any process has. */
const MAX_DEPTH = 64

/**
 * Who has started the process, by what it was given and by each one above it that still lives. `isKnown` tells of Claudes
 * that were heard. Claude Code gives everything that it starts `CLAUDECODE=1`, and from 2.1.330 on, not in 2.1.197, its
 * own process as `CLAUDE_PID`: what a Claude that is gone has started, such as a tmux server, is nobody's.
 */
export function findCaller(
  pid: number,
  {
    isKnown = () => false,
    lookAt = readProcess,
  }: { isKnown?: (pid: number) => boolean; lookAt?: LookAt } = {},
): Caller {
  const own = lookAt(pid)
  if (own === null) return hasProcesses(lookAt) ? 'unknown' : 'person'
  let above = own.parent
  for (let depth = 0; depth < MAX_DEPTH && above > 1; depth += 1) {
    const process = lookAt(above)
    if (process === null) break
    if (isKnown(above) || isClaude(above, process, own.environment)) return { claude: above }
    above = process.parent
  }
  return ofEnvironment(own.environment, lookAt)
}

/** The same of whoever runs this process; by the environment alone where there is no /proc. */
export function findOwnCaller(environment: NodeJS.ProcessEnv): Caller {
  const found = findCaller(process.pid)
  if (found !== 'person' && found !== 'unknown') return found
  return ofEnvironment(environment, readProcess)
}

function ofEnvironment(environment: NodeJS.ProcessEnv | null, lookAt: LookAt): Caller {
  if (!environment?.['CLAUDECODE']) return 'person'
  const told = environment['CLAUDE_PID'] ?? ''
  if (!/^[1-9]\d*$/.test(told)) return { claude: null }
  return lookAt(Number(told)) === null && hasProcesses(lookAt) ? 'person' : { claude: Number(told) }
}

/** False off Linux: then nothing is known of any process, and each caller speaks for itself. */
function hasProcesses(lookAt: LookAt): boolean {
  return lookAt(process.pid) !== null
}

/**
 * By its program's name, which is `claude` for the native one however it was installed (2.1.113 to 2.1.332) and for the
 * script of before, or by its own registry.
 */
function isClaude(
  pid: number,
  { name, argv, program, startedAt }: ProcessFacts,
  environment: Environment,
): boolean {
  const names = [name, basename(argv[0] ?? ''), basename(program)]
  if (names.some((one) => /^claude(\.exe)?$/.test(one))) return true
  if (/\/claude\/versions\/[\d.]+$/.test(program)) return true
  if (argv.slice(0, 3).some((word) => word.endsWith('/@anthropic-ai/claude-code/cli.js'))) return true
  return isRegistered(pid, startedAt, environment)
}

type Environment = Record<string, string> | null

/** `sessions/PID.json` outlives a Claude that was killed; with the time of its start it fits one process only. */
function isRegistered(pid: number, startedAt: string, environment: Environment): boolean {
  const folder = environment?.['CLAUDE_CONFIG_DIR'] || join(environment?.['HOME'] ?? '/', '.claude')
  try {
    const { procStart } = JSON.parse(readFileSync(join(folder, 'sessions', `${pid}.json`), 'utf8'))
    return procStart === startedAt
  } catch {
    return false
  }
}

/** Null for a process that is gone, and for every one where there is no /proc. */
export function readProcess(pid: number): ProcessFacts | null {
  const folder = `/proc/${pid}`
  const stat = read(`${folder}/stat`)
  if (stat === null) return null
  // The name stands in parentheses and may hold anything: see proc(5).
  const end = stat.lastIndexOf(')')
  const fields = stat.slice(end + 2).split(' ')
  return {
    parent: Number(fields[1]),
    name: stat.slice(stat.indexOf('(') + 1, end),
    argv: (read(`${folder}/cmdline`) ?? '').split('\0'),
    program: linkOf(`${folder}/exe`),
    startedAt: fields[19] ?? '',
    environment: toVariables(read(`${folder}/environ`)),
  }
}

function toVariables(text: string | null): Record<string, string> | null {
  if (text === null) return null
  const pairs = text
    .split('\0')
    .map((line) => [line.split('=', 1)[0] ?? '', line.slice(line.indexOf('=') + 1)])
  return Object.fromEntries(pairs)
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

function linkOf(file: string): string {
  try {
    return readlinkSync(file)
  } catch {
    return ''
  }
}
