/**
 * Claude's session registry: `<config>/sessions/<pid>.json` says `waiting` while a dialog is open and something else
 * the instant the keyboard has answered (Claude Code 2.1.197 and 2.1.330). The file is unofficial: a hint, no proof.
 */
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { isAlive } from './is-alive.ts'

const LOOK_MS = 200
/** The end of an earlier dialog may be written when the next one's hook has already started. */
const SETTLED_MS = 150

export type Registry = {
  /** Resolves when a dialog that was open is open no longer; never, if that cannot be told. */
  answered: Promise<void>
  /** Resolves when Claude has taken its file away and is there no longer, as after its terminal was closed. */
  gone: Promise<void>
  /** Whether the dialog was seen open and is said not to be open now; while the file is being written, nothing is said. */
  isPast(): boolean
  /** Where the registry's file may be, best first. */
  files: string[]
  stop(): void
}

/**
 * Watches the registry file of the Claude that started this hook. `startedAt` in milliseconds since 1970: a status that
 * changed after it and is not `waiting` means a dialog that came and went between two looks.
 */
export function watchRegistry(startedAt = performance.timeOrigin): Registry {
  const files = registryFiles()
  const { promise: answered, resolve } = Promise.withResolvers<void>()
  const { promise: gone, resolve: resolveGone } = Promise.withResolvers<void>()
  let file: string | null = null
  let hasWaited = false
  let misses = 0
  const statusNow = () => {
    const { status, since, from } = readStatus(files)
    file = from ?? file
    hasWaited ||= status === 'waiting' || (since > startedAt && Date.now() - since > SETTLED_MS)
    return status
  }
  const look = () => {
    const status = statusNow()
    if (status === null && file !== null && hasEnded(file)) return resolveGone()
    // Twice in a row: between two queued dialogs the status may flicker.
    misses = hasWaited && status !== 'waiting' ? misses + 1 : 0
    if (misses >= 2) resolve()
  }
  look()
  const timer = setInterval(look, LOOK_MS)
  return {
    answered,
    gone,
    isPast: () => ![null, 'waiting'].includes(statusNow()) && hasWaited,
    files,
    stop: () => clearInterval(timer),
  }
}

/** Where the registry's file of the Claude that started this hook may be, best first. */
export function registryFiles(): string[] {
  const pids = [process.env['CLAUDE_PID'], String(process.ppid), parentOf(process.ppid)]
  return pids.filter((pid) => pid !== undefined && /^\d+$/.test(pid)).map((pid) => fileOf(pid as string))
}

function fileOf(pid: string): string {
  const config = process.env['CLAUDE_CONFIG_DIR'] ?? join(process.env['HOME'] ?? '/', '.claude')
  return join(config, 'sessions', `${pid}.json`)
}

/**
 * The process of the Claude that started this hook. 2.1.330 tells it; before, it is the parent, or where a shell stands
 * between the parent's, which then is in the registry.
 */
export function claudePid(): number {
  const told = Number(process.env['CLAUDE_PID'])
  if (Number.isInteger(told) && told > 0) return told
  const above = parentOf(process.ppid)
  const isShell =
    !existsSync(fileOf(String(process.ppid))) && above !== undefined && existsSync(fileOf(above))
  return isShell ? Number(above) : process.ppid
}

/** Claude Code 2.1.197 does not tell its pid, and a shell may stand between it and us. */
function parentOf(pid: number): string | undefined {
  try {
    return /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  } catch {
    // No /proc: then only what Claude tells us counts.
    return undefined
  }
}

/** Claude removes its file when it ends (2.1.197 and 2.1.332); for a moment there is none while it is written, too. */
function hasEnded(file: string): boolean {
  return !existsSync(file) && !isAlive(Number(basename(file, '.json')))
}

type Status = { status: string | null; since: number; from: string | null }

/** What Claude says of itself, since when in milliseconds since 1970, and in which file; null and 0 where that is not told. */
export function readStatus(files: readonly string[]): Status {
  for (const file of files) {
    try {
      const { status, statusUpdatedAt: since } = JSON.parse(readFileSync(file, 'utf8')) as {
        status?: unknown
        statusUpdatedAt?: unknown
      }
      if (typeof status === 'string')
        return { status, since: typeof since === 'number' ? since : 0, from: file }
    } catch {
      // Not there, or being written right now: the next look will tell.
    }
  }
  return { status: null, since: 0, from: null }
}
