/** What stands in a pane right now, and one hand at a time on its keys. */
import { setTimeout as sleep } from 'node:timers/promises'
import { readScreen, type Screen } from './dialogs.ts'
import type { Tmux } from './tmux.ts'

/** The foreground program of a pane that shows a container's Claude. */
const CLIENTS = ['docker', 'podman']

const BETWEEN_LOOKS_MS = 50
/** A turn's end and its last redraw lie a moment apart; so do a key and its sight. */
const PATIENCE_MS = 3_000

export type WatchOptions = {
  /** Foreground programs that may stand for Claude: the container engine's client, or `claude` itself on the host. */
  programs?: readonly string[]
  /** How long a wish may take to come true, in milliseconds. */
  patienceMs?: number
}

export type Sight = {
  isClaude: boolean
  /**
   * The terminal shows its cursor. Claude (2.1.197, 2.1.330) hides it on every screen of its own; the editor that it
   * starts with Ctrl-G shows it, and so do pagers and shells. The foreground program is Claude's all the same.
   */
  hasCursor: boolean
  /** Somebody scrolls in the pane. */
  inMode: boolean
  screen: Screen
  /** The screen as captured, with its colours. */
  text: string
}

export type PaneWatch = ReturnType<typeof createPaneWatch>

/** Looks into panes of one tmux server. */
export function createPaneWatch(
  tmux: Tmux,
  { programs = CLIENTS, patienceMs = PATIENCE_MS }: WatchOptions = {},
) {
  const held = new Set<string>()

  /** Program and screen in one call, so that they belong together. */
  async function look(pane: string): Promise<Sight> {
    const { ok, text } = await tmux.run([
      [
        'display-message',
        '-p',
        '-t',
        pane,
        '#{pane_dead} #{pane_in_mode} #{cursor_flag} #{pane_current_command}',
      ],
      ['capture-pane', '-p', '-e', '-t', pane],
    ])
    const [, dead, inMode, cursor, program = ''] = /^(\d) (\d+) (\d?) (.*)\n/.exec(text) ?? []
    const captured = text.slice(text.indexOf('\n') + 1)
    return {
      isClaude: ok && dead === '0' && programs.includes(program),
      hasCursor: cursor !== '0',
      inMode: inMode !== '0',
      screen: readScreen(captured),
      text: captured,
    }
  }

  return {
    look,

    /** Looks until what is seen is as wished, Claude is gone or patience ends; the last look is the answer. */
    async lookUntil(pane: string, isWished: (sight: Sight) => boolean): Promise<Sight> {
      for (let waited = 0; ; waited += BETWEEN_LOOKS_MS) {
        const seen = await look(pane)
        if (!seen.isClaude || isWished(seen) || waited >= patienceMs) return seen
        await sleep(BETWEEN_LOOKS_MS)
      }
    },

    /** Runs `task` unless another one has its hand on that pane; then the answer is null. */
    async alone<T>(pane: string, task: () => Promise<T>): Promise<T | null> {
      if (held.has(pane)) return null
      held.add(pane)
      try {
        return await task()
      } finally {
        held.delete(pane)
      }
    },

    /** Keys would go to the scrolling view that somebody has left open. */
    async leaveMode(pane: string, { inMode }: Sight): Promise<void> {
      if (inMode) await tmux.run([['send-keys', '-t', pane, '-X', 'cancel']])
    },
  }
}
