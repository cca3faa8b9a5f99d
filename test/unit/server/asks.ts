/** Asks, drafts and a desk to put them on, for tests. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Ask } from '../../../server/asks/ask.ts'
import { newAsk } from '../../../server/asks/new-ask.ts'
import { createDesk, type DeskOptions } from '../../../server/desk/desk.ts'
import type {
  Clock,
  PressResult,
  Push,
  PushService,
  ScreenView,
  SessionRef,
  Terminal,
  TypeResult,
} from '../../../server/ports.ts'
import { type AskDraft, type AskId, PROTOCOL_VERSION, sessionId } from '../../../server/protocol.ts'
import { createStore } from '../../../server/store/store.ts'

export const SESSION: SessionRef = {
  id: sessionId.parse('session00001'),
  name: 'app',
  workspace: '/w/app',
  gate: '/g/1',
}
export const OTHER: SessionRef = {
  id: sessionId.parse('session00002'),
  name: 'other',
  workspace: '/w/o',
  gate: '/g/2',
}

/** A pending permission ask. */
export function anAsk(change: Partial<Ask> = {}): Ask {
  const ask = newAsk({
    id: 'abc234' as AskId,
    key: '00000000-0000-4000-8000-000000000000',
    session: SESSION,
    kind: 'permission',
    tool: 'Bash',
    input: { command: 'git push origin main' },
    suggestions: [],
    text: null,
    context: { claude_session: 'c1', cwd: '/w/app' },
    waits: true,
    createdAt: 0,
    deadline: 1000,
  })
  return { ...ask, digest: '0123456789abcdef', ...change }
}

let keys = 0

/** What a hook sends for `git push`, each with a key of its own. */
export function aDraft(change: Partial<AskDraft> = {}): AskDraft {
  keys += 1
  return {
    v: PROTOCOL_VERSION,
    kind: 'permission',
    key: `00000000-0000-4000-8000-${String(keys).padStart(12, '0')}`,
    context: { claude_session: 'c1', cwd: '/w/app' },
    tool: 'Bash',
    input: { command: 'git push origin main' },
    suggestions: [],
    client_wait_ms: 3_600_000,
    ...change,
  }
}

/** A clock that stands until it is moved. */
export function createClock() {
  let time = 1_000_000
  const tasks = new Set<{ at: number; run: () => void }>()
  const clock: Clock = {
    now: () => time,
    after(delayMs, run) {
      const task = { at: time + delayMs, run }
      tasks.add(task)
      return () => tasks.delete(task)
    },
  }
  return {
    clock,
    /** Moves on and runs what is due, in order. */
    advance(ms: number): void {
      const end = time + ms
      for (;;) {
        const next = [...tasks].filter(({ at }) => at <= end).sort((left, right) => left.at - right.at)[0]
        if (next === undefined) break
        tasks.delete(next)
        time = Math.max(time, next.at)
        next.run()
      }
      time = end
    },
  }
}

/** A desk on a database of its own, with a phone and a pane that remember what reached them. */
export function createTestDesk(change: Partial<DeskOptions> = {}) {
  const stateDir = mkdtempSync(join(tmpdir(), 'rc-desk-'))
  const { clock, advance } = createClock()
  const pushes: Push[] = []
  const typed: string[] = []
  const told: { session: string; line: string | null }[] = []
  const pressed: string[] = []
  const escaped: string[] = []
  const pane: {
    answer: TypeResult
    press: PressResult
    screen: ScreenView | null
    /** Why nobody can tell what it shows. */
    unread: string | null
    /** Null where it cannot be seen, absent where nobody can look. */
    keyboard?: { attached: boolean; lastKeyAt: number | null } | null
    beforeAnswer: () => void
  } = {
    answer: { status: 'typed' },
    press: { status: 'pressed', isGone: true },
    screen: null,
    unread: null,
    beforeAnswer: () => {},
  }
  const terminal: Terminal = {
    async typeInto(_, text) {
      pane.beforeAnswer()
      if (pane.answer.status === 'typed') typed.push(text)
      return pane.answer
    },
    capture: async () => null,
    async tell(session, line) {
      told.push({ session, line })
    },
    read: async () => (pane.unread === null ? pane.screen : null),
    whyNotRead: async () => pane.unread,
    async press(_, { key }) {
      pane.beforeAnswer()
      if (pane.press.status === 'pressed') pressed.push(key)
      return pane.press
    },
    async escape(session) {
      pane.beforeAnswer()
      if (pane.press.status === 'pressed') escaped.push(session)
      return pane.press
    },
  }
  Object.defineProperty(terminal, 'keyboardAt', {
    get: () => (pane.keyboard === undefined ? undefined : async () => pane.keyboard),
  })
  const phone: PushService = {
    name: 'phone',
    async send(push) {
      pushes.push(push)
      return { service: 'phone', ref: null }
    },
  }
  let count = 0
  const open = () =>
    createDesk({
      store: createStore(stateDir),
      push: () => [phone],
      terminal,
      clock,
      newId: () => `ask${'abcdefghjk'[Math.floor(count / 10) % 10]}${'abcdefghjk'[count++ % 10]}2`,
      log: () => {},
      key: Buffer.alloc(32, 7),
      approvals: {
        askMs: 600_000,
        onTimeout: 'wait',
        subagentWaitMs: 60_000,
        askRules: () => ['Bash(git push *)', 'Bash(git push * --force*)', 'Bash(npm publish *)'],
      },
      linkBase: () => 'http://phone.test',
      ...change,
    })
  return {
    desk: open(),
    reopen: open,
    stateDir,
    advance,
    clock,
    pushes,
    typed,
    /** What was said at panes. */
    told,
    pressed,
    /** Sessions in whose panes Esc was pressed. */
    escaped,
    pane,
    remove: () => rmSync(stateDir, { recursive: true }),
  }
}
