/**
 * What Claude Code does at the edge of a hook, as measured on 2.1.197 and 2.1.330: it starts the hook in a process group
 * of its own and draws its dialog, takes the first of keyboard and hook, waits for the hook's process to end, ends it on
 * a No, leaves it alone on a Yes, and writes its registry and its transcript.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export type Decided = 'keyboard-yes' | 'keyboard-no' | 'hook-allow' | 'hook-deny'
export type ClaudeModel = ReturnType<typeof startClaudeModel>

type Options = {
  /** A folder of its own. */
  home: string
  gate: string
  script: string
  command: string
  /** How long the tool runs, in milliseconds. */
  toolMs: number
  /** The clock of the machine, in milliseconds since 1970. */
  now(): number
}

let pids = 900_000

/** One call that needs a permission, with its dialog. */
export function startClaudeModel({ home, gate, script, command, toolMs, now }: Options) {
  const pid = ++pids
  const sessions = join(home, '.claude/sessions')
  const transcript = join(home, 'transcript.jsonl')
  mkdirSync(sessions, { recursive: true })
  const status = (word: string) =>
    writeFileSync(
      join(sessions, `${pid}.json`),
      JSON.stringify({ pid, status: word, statusUpdatedAt: Date.now() }),
    )
  const write = (line: object) => appendFileSync(transcript, `${JSON.stringify(line)}\n`)
  const input = { command }
  let decided: Decided | null = null
  let isDead = false
  let ran = false
  let hasHook = true
  let isHookKilled = false

  status('busy')
  write({ message: { content: [{ type: 'tool_use', id: 'call', name: 'Bash', input }] } })
  const hook = spawn(
    process.execPath,
    [script, '--gate', gate, '--log', join(home, 'log'), '--give-up-ms', '60000'],
    {
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { HOME: home, CLAUDE_PID: String(pid), PATH: process.env['PATH'] ?? '' },
    },
  )
  hook.stdin.on('error', () => {})
  hook.stdin.end(
    JSON.stringify({
      session_id: `claude-${pid}`,
      transcript_path: transcript,
      cwd: home,
      tool_name: 'Bash',
      tool_input: input,
    }),
  )
  let printed = ''
  hook.stdout.on('data', (chunk) => (printed += chunk))
  const hookEnded = new Promise<void>((resolve) => hook.once('close', () => resolve()))
  void hookEnded.then(() => {
    hasHook = false
    const said = behaviorOf(printed)
    if (said !== null) void decide(said === 'allow' ? 'hook-allow' : 'hook-deny')
  })
  const drawn = sleep(10).then(() => {
    if (decided === null && !isDead) status('waiting')
  })

  async function decide(how: Decided): Promise<void> {
    if (decided !== null || isDead) return
    decided = how
    const [by, what] = how.split('-')
    if (how === 'keyboard-no') signal(hook, 'SIGTERM')
    await drawn
    status(how === 'keyboard-no' ? 'idle' : 'busy')
    if (what === 'yes' || what === 'allow') {
      ran = true
      await sleep(toolMs)
    }
    if (isDead) return
    if (by === 'hook')
      write({ attachment: { type: 'hook_permission_decision', decision: what, toolUseID: 'call' } })
    write({ message: { content: [{ type: 'tool_result', tool_use_id: 'call', content: wordsOf(how) }] } })
    if (how !== 'keyboard-no') return
    await sleep(1_300)
    if (hasHook) signal(hook, 'SIGKILL')
  }

  return {
    pid,
    press(key: 'yes' | 'no'): Promise<void> {
      // With the session its pane has gone, and nobody sits before it any more.
      if (!isDead) writeFileSync(join(gate, 'keyboard'), String(now()))
      return decide(`keyboard-${key}`)
    },
    killHook(): void {
      // One that has printed and not ended yet is heard all the same.
      isHookKilled ||= hasHook
      signal(hook, 'SIGKILL')
    },
    /** The session dies with everything in it. */
    die(): void {
      if (decided !== null) return
      isDead = true
      signal(hook, 'SIGKILL')
    },
    hookEnded,
    seen: () => ({ decided, ran, isDead, hasHook, isHookKilled }),
  }
}

const REJECTED = "The user doesn't want to proceed with this tool use. The tool use was rejected"

function wordsOf(how: Decided): string {
  if (how === 'keyboard-no') return REJECTED
  return how === 'hook-deny' ? 'Permission denied by hook' : 'done'
}

function behaviorOf(printed: string): 'allow' | 'deny' | null {
  try {
    return JSON.parse(printed).hookSpecificOutput.decision.behavior
  } catch {
    return null
  }
}

function signal(child: ChildProcess, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(-(child.pid ?? 0), name)
  } catch {
    // It has ended by itself.
  }
}
