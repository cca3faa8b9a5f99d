/** The hook scripts compiled as the build does it, and a responder for one session on the host. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { clock, newId } from '../../bin/house/ports.ts'
import { approvalsOptions } from '../../hooks/options.ts'
import { type ClaudeSettings, managedSettings } from '../../hooks/settings.ts'
import { createOwnerClient } from '../../server/client.ts'
import type { Terminal } from '../../server/ports.ts'
import { sessionId } from '../../server/protocol.ts'
import { createResponder } from '../../server/responder.ts'
import { buildHookScripts } from '../../setup/build/hook-scripts.ts'
import { until } from './until.ts'

export type Supervision = Awaited<ReturnType<typeof createSupervision>>

/** Hooks and a responder in a folder of their own. `approvals` as in the configuration; without `terminal` no pane. */
export async function createSupervision(approvals: object = {}, terminal: Terminal = NO_TERMINAL) {
  const root = await mkdtemp(join(tmpdir(), 'rcs-'))
  const [gate, hooksDir, stateDir] = [join(root, 'gate'), join(root, 'hooks'), join(root, 'remote-claude')]
  await mkdir(gate)
  await buildHookScripts({ outdir: hooksDir })
  const options = approvalsOptions.parse(approvals)
  const places = { runner: [process.execPath], hooksDir, gate, log: join(root, 'hooks.log') }
  const settings: ClaudeSettings = managedSettings({ ...places, approvals: options })
  const session = { id: sessionId.parse('hostsession1'), name: 'host', workspace: root, gate }
  const create = () =>
    createResponder({
      version: 'test',
      options: { host: '127.0.0.1', port: 0 },
      approvals: {
        askMs: options.timeout * 1000,
        onTimeout: options.on_timeout,
        subagentWaitMs: options.subagent_wait * 1000,
        headless: options.headless,
        askRules: () => options.ask,
      },
      stateDir,
      push: () => [],
      terminal,
      clock,
      newId,
      log: () => {},
      sessions: async () => [session],
      // Its Claude is one of the user's own, without a box.
      isOurs: () => false,
      onSessions: async () => {},
      onStop: () => {},
    })
  let responder = create()
  const client = createOwnerClient(join(stateDir, 'owner.sock'))
  return {
    root,
    /** With it, rc speaks to this responder. */
    env: { HOME: root, XDG_STATE_HOME: root, XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'] ?? '' },
    settings,
    client,
    /** The newest ask that is pending, waiting for it. */
    pending: () => until('a pending ask', async () => (await client.asks(false)).at(-1)),
    ended: (id: string) =>
      until(`the end of ask ${id}`, async () =>
        (await client.asks(true)).find((ask) => ask.id === id && ask.state !== 'pending'),
      ),
    start: async () => void (await responder.start()),
    async stop() {
      await responder.stop()
      responder = create()
    },
    async destroy() {
      await responder.stop()
      await rm(root, { recursive: true, force: true })
    },
  }
}

const NO_TERMINAL: Terminal = {
  typeInto: async () => ({ status: 'refused', code: 'no-pane', message: 'There is no pane.', remedy: '' }),
  capture: async () => null,
  read: async () => null,
  press: async () => ({ status: 'refused', code: 'no-pane', message: 'There is no pane.', remedy: '' }),
  escape: async () => ({ status: 'refused', code: 'no-pane', message: 'There is no pane.', remedy: '' }),
}
