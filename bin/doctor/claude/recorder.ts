/** A hook that writes down what Claude gives it and does as a file beside it says. */
import { join } from 'node:path'

/** What the hook of an event does; without one it records and ends. */
export type Behaviour = {
  /** Milliseconds before it prints. */
  delayMs?: number
  /** What it prints; `echo` puts the tool's own input into the decision. */
  stdout?: string
  echo?: boolean
  /** Milliseconds it lives on after it has closed its stdout. */
  lingerMs?: number
  exitCode?: number
}

/** One line of what a hook saw: its start, what it printed, a signal, its end. `at` in milliseconds since 1970. */
export type HookRecord = {
  event: string
  phase: 'start' | 'printed' | 'signal' | 'end'
  at: number
  pid: number
  /** With `start` only. */
  ppid?: number
  word?: string
  input?: Record<string, unknown>
  env?: Record<string, string>
}

/** An argument that any shell would change. */
export const AWKWARD = '$HOME "two words"; echo `id` *'

/** Plain CommonJS: it is written into the HOME under test and started by Claude itself. */
export const RECORDER = `
const { appendFileSync, closeSync, readFileSync, writeSync } = require('node:fs')
const [folder, event, word] = process.argv.slice(2)
const record = (phase, more) => appendFileSync(
  folder + '/records.jsonl',
  JSON.stringify({ event, phase, at: Date.now(), pid: process.pid, ...more }) + '\\n',
)
let timer
process.once('SIGTERM', () => { record('signal'); clearTimeout(timer) })
const input = JSON.parse(readFileSync(0, 'utf8'))
const { AI_AGENT, TMUX, CLAUDE_PID } = process.env
record('start', { ppid: process.ppid, word, input, env: { AI_AGENT, TMUX, CLAUDE_PID } })
let behaviour = {}
try { behaviour = JSON.parse(readFileSync(folder + '/' + event + '.json', 'utf8')) } catch {}
timer = setTimeout(() => {
  let { stdout } = behaviour
  if (behaviour.echo) {
    const output = JSON.parse(stdout)
    output.hookSpecificOutput.decision.updatedInput = input.tool_input
    stdout = JSON.stringify(output)
  }
  if (stdout !== undefined) writeSync(1, stdout)
  closeSync(1)
  record('printed')
  timer = setTimeout(() => { record('end'); process.exitCode = behaviour.exitCode ?? 0 }, behaviour.lingerMs ?? 0)
}, behaviour.delayMs ?? 0)
`

type Where = { folder: string; timeout?: number; matcher?: string; onlyFor?: string }

/** The settings entry that starts the recorder for an event, in the exec form that our own hooks use. */
export function recorderFor(event: string, { folder, timeout = 60, matcher, onlyFor }: Where) {
  const args = [join(folder, 'recorder.cjs'), folder, event, AWKWARD]
  const handler = { type: 'command', command: process.execPath, args, timeout }
  return {
    ...(matcher !== undefined && { matcher }),
    hooks: [{ ...handler, ...(onlyFor !== undefined && { if: onlyFor }) }],
  }
}

/** Claude's JSON for a decision of PermissionRequest. */
export function decision(decided: object): string {
  return JSON.stringify({ hookSpecificOutput: { hookEventName: 'PermissionRequest', decision: decided } })
}
