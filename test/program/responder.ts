/**
 * The responder as a process of its own, for tests that kill it and benches that load it: real doors, real store, real
 * clock, any number of sessions that are only folders, and one webhook for its pushes.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { newId, clock as realClock } from '../../bin/house/ports.ts'
import { DEFAULT_GRAVE } from '../../server/asks/grave.ts'
import { readAttention } from '../../server/attention/options.ts'
import type { Clock, Terminal } from '../../server/ports.ts'
import { sessionId } from '../../server/protocol.ts'
import { createPushServices } from '../../server/push/create.ts'
import { notificationOptions } from '../../server/push/options.ts'
import { createResponder } from '../../server/responder.ts'
import type { ResponderTask } from './start.ts'

const task: ResponderTask = JSON.parse(readFileSync(0, 'utf8'))
const refuse = async () =>
  ({ status: 'refused', code: 'no-pane', message: 'There is no pane.', remedy: '' }) as const
const terminal: Terminal = {
  typeInto: refuse,
  press: refuse,
  escape: refuse,
  // Whoever plays the person at the keyboard leaves a file with the time of the last key, by the clock of then.
  async keyboardAt(session) {
    const gate = task.gates[Number(session.replace('session', ''))] ?? ''
    const file = join(gate, 'keyboard')
    if (!existsSync(file)) return { attached: false, lastKeyAt: null }
    return { attached: true, lastKeyAt: Number(readFileSync(file, 'utf8')) }
  },
  capture: async () => null,
  read: async () => null,
}

/** A wrong clock is one that tests have set wrong. */
function offset(): number {
  if (task.clockFile === undefined) return 0
  try {
    return Number(readFileSync(task.clockFile, 'utf8')) || 0
  } catch {
    return 0
  }
}
const clock: Clock = {
  now: () => realClock.now() + offset(),
  after: (delayMs, run) => realClock.after(delayMs < 10_000 ? delayMs : delayMs / (task.hurry ?? 1), run),
}

const settings = notificationOptions.parse(task.notifications ?? { webhook_url: task.webhook })
const services = createPushServices({
  settings,
  proxy: { http: '', https: '', noProxy: '' },
  clock: realClock,
})
const responder = createResponder({
  version: 'test',
  options: { host: '127.0.0.1', port: task.port ?? 0 },
  approvals: { askMs: task.askMs ?? 600_000, onTimeout: 'wait', subagentWaitMs: 60_000, askRules: () => [] },
  stateDir: task.stateDir,
  push: () => services,
  ...(task.notifications !== undefined && {
    attention: () => ({ ...readAttention(settings.attention), grave: DEFAULT_GRAVE }),
  }),
  terminal,
  clock,
  newId,
  log: () => {},
  sessions: async () =>
    task.gates
      .map((gate, index) => ({
        id: sessionId.parse(`session${String(index).padStart(5, '0')}`),
        name: `session-${index}`,
        workspace: gate,
        gate,
      }))
      .filter(({ gate }) => task.removed === undefined || !existsSync(join(gate, task.removed))),
  onSessions: async () => {},
  onStop: () => {},
})
const { phoneUrl } = await responder.start()
process.send?.({ phoneUrl })
process.on('disconnect', () => void responder.stop())
