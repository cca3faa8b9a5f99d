/** What stands in a pane right now, and one hand at a time on its keys. */
import { setTimeout as sleep } from 'node:timers/promises'
import { readScreen, type Screen } from '../screen/screen.ts'
import type { ForeignTmux } from './tmux.ts'

/** The foreground program of a pane that shows a container's Claude. */
const CLIENTS = ['docker', 'podman']

const BETWEEN_LOOKS_MS = 50
/**
 * How long a screen has to have stood before Claude takes a key of it, as its guard against what somebody was still
 * typing when it came up (2.1.330, 2.1.332): every key is lost in the first 150 ms after it was drawn (half of those
 * tried, none of 90 later ones, with four programs burning the processors too), and some dialogs drop each key of a row
 * that began in their first 700 ms, as long as its keys follow within a second. Nothing tells it but the time. 2.1.197
 * lost none. We see a screen later than it was drawn, so the time we count is the shorter one.
 */
export const STANDS_MS = 750
/** A turn's end and its last redraw lie a moment apart; so do a key and its sight. The looks themselves are not counted. */
export const PATIENCE_MS = 3_000

/** tmux's modes that only show text (3.3a); keys close none of the others by that command. */
const SCROLLING = ['copy-mode', 'view-mode']
const MOST_MODES = 10

/** What takes the keys of a pane. */
export type Front = {
  /** Name of the foreground program, which tmux takes from its command line. */
  program: string
  /** Path of the pane's terminal. */
  tty: string
  /** Keys go to other panes of the window too (synchronize-panes), those of send-keys as well (3.3a). */
  isSynchronized: boolean
}

export type WatchOptions = {
  /** Foreground programs that may stand for Claude: the container engine's client, or `claude` itself on the host. */
  programs?: readonly string[]
  /** Whether it is Claude that is in front, where more than a name is known of it. Must not reject. */
  isClaude?: (front: Front) => boolean | Promise<boolean>
  /** Whose hands are kept apart; only its own when not given. */
  hands?: Hands
  /** How long a wish may take to come true, in milliseconds. */
  patienceMs?: number
  /** How long a screen has to stand before it gets a key, in milliseconds. */
  standsMs?: number
}

/** Runs `task` unless another one has its hand on that pane; then the answer is null. */
export type Hands = <T>(pane: string, task: () => Promise<T>) => Promise<T | null>

export type Sight = {
  isClaude: boolean
  /** Keys go to other panes too: then it is not Claude alone that takes them. */
  isSynchronized: boolean
  /**
   * The terminal shows its cursor. Claude (2.1.197, 2.1.330) hides it on every screen of its own; the editor that it
   * starts with Ctrl-G shows it, and so do pagers and shells. The foreground program is Claude's all the same.
   */
  hasCursor: boolean
  /** tmux's own mode that has the keys of the pane, such as `copy-mode` or `tree-mode`; empty when none has. */
  mode: string
  screen: Screen
  /** The screen as captured, with its colours. */
  text: string
}

export type PaneWatch = ReturnType<typeof createPaneWatch>

/** One hand at a time on each pane. */
export function createHands(): Hands {
  const held = new Set<string>()
  return async (pane, task) => {
    if (held.has(pane)) return null
    held.add(pane)
    try {
      return await task()
    } finally {
      held.delete(pane)
    }
  }
}

/** Looks into panes of one tmux server. */
export function createPaneWatch(
  tmux: ForeignTmux,
  {
    programs = CLIENTS,
    isClaude = ({ program, isSynchronized }) => !isSynchronized && programs.includes(program),
    hands = createHands(),
    patienceMs = PATIENCE_MS,
    standsMs = STANDS_MS,
  }: WatchOptions = {},
) {
  /** Program and screen in one call, so that they belong together. */
  async function look(pane: string): Promise<Sight> {
    const { ok, text } = await tmux.run([
      [
        'display-message',
        '-p',
        '-t',
        pane,
        '#{pane_dead} #{pane_mode} #{cursor_flag} #{pane_synchronized} #{pane_tty} #{pane_current_command}',
      ],
      ['capture-pane', '-p', '-e', '-t', pane],
    ])
    const [, dead, mode = '', cursor, synchronized, tty = '', program = ''] =
      /^(\d) (\S*) (\d?) (\d?) (\S*) (.*)\n/.exec(text) ?? []
    const front = { program, tty, isSynchronized: synchronized === '1' }
    const captured = text.slice(text.indexOf('\n') + 1)
    return {
      isSynchronized: front.isSynchronized,
      isClaude: ok && dead === '0' && (await isClaude(front)),
      hasCursor: cursor !== '0',
      mode,
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

    /** Looks until what is seen has been as wished for as long as Claude needs to take a key of it; the last look is the answer. */
    async lookWhile(pane: string, isWished: (sight: Sight) => boolean): Promise<Sight> {
      const since = performance.now()
      for (;;) {
        const seen = await look(pane)
        if (!isWished(seen) || performance.now() - since >= standsMs) return seen
        await sleep(BETWEEN_LOOKS_MS)
      }
    },

    alone: hands,

    /**
     * Leaves the scrolling views that somebody has left open, one over the other. Any other mode stays, such as tmux's
     * tree or its list of buffers, where a key is a deed; the sight tells which.
     */
    async leaveScrolling(pane: string): Promise<Sight> {
      for (let left = 0; ; left += 1) {
        const seen = await look(pane)
        if (!SCROLLING.includes(seen.mode) || left === MOST_MODES) return seen
        await tmux.run([['send-keys', '-t', pane, '-X', 'cancel']])
      }
    },
  }
}
