/** Sets up everything that attempts are made in and at, and takes it down again whatever happened. */

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { execa } from 'execa'
import type { Session } from '../../../container/sessions.ts'
import { createOwnerClient, type OwnerClient } from '../../../server/client.ts'
import { startScriptedModel } from '../../demo/scripted-model.ts'
import { type Box, createBox } from '../../house/box.ts'
import type { House } from '../../house/house.ts'
import { createHouseResponder } from '../../house/responder.ts'
import { startSession } from '../../sessions/start.ts'
import { type Canaries, startCanaries } from './canaries.ts'
import { untilUp } from './inside.ts'
import { type Neighbour, startNeighbour } from './neighbour.ts'
import { ownAnswerScripts } from './own-answers.ts'
import { RULES_PROMPT, rulesScript } from './rules.ts'
import { createEscapeWorld, type EscapeWorld } from './world.ts'

export type Stage = {
  world: EscapeWorld
  house: House
  box: Box
  client: OwnerClient
  canaries: Canaries
  neighbour: Neighbour
  abstractSocket: string
  phonePort: number
  /** A process of this machine with the secret among its arguments. */
  hostPid: number
  /** Starts a session as `rc start` does, and waits until it runs. Without a folder, in a new project. */
  start(
    name: string,
    how: Omit<Parameters<typeof startSession>[2], 'dir' | 'claudeArgs' | 'name'>,
    dir?: string,
  ): Promise<Session>
}

/** `open` are further entries for the allowlist, made from the canaries' ports: holes, to see that they are found. */
export type Holes = (ports: Canaries['ports']) => string[]

/** Runs `play` on a stage of its own. */
export async function withStage<T>(
  house: House,
  holes: Holes,
  play: (stage: Stage) => Promise<T>,
): Promise<T> {
  const closers: (() => Promise<unknown>)[] = []
  const later = <P>(thing: P, close: (thing: P) => Promise<unknown>): P => {
    closers.unshift(() => close(thing))
    return thing
  }
  try {
    const world = later(await createEscapeWorld(), (it) => it.remove())
    const abstractSocket = `rc-escape-${world.secret}`
    const canaries = later(
      await startCanaries({ secret: world.secret, socketPath: world.socketPath, abstractSocket }),
      (it) => it.close(),
    )
    const scripts = { [RULES_PROMPT]: rulesScript(), ...ownAnswerScripts() }
    const model = later(await startScriptedModel({ scripts }), (it) => it.close())
    const own = world.house(house, {
      model: model.port,
      listed: [`host.docker.internal:${canaries.ports.listed}`, ...holes(canaries.ports)],
    })
    const box = later(createBox(own), (it) => endSessions(own, it))
    const responder = later(createHouseResponder(own, { box, log: () => {}, onStop: () => {} }), (it) =>
      it.stop(),
    )
    const { phoneUrl } = await responder.start()
    const client = createOwnerClient(own.paths.ownerSocket)
    const neighbour = later(await startNeighbour(own, box, world.secret), (it) => it.remove())
    const witness = later(spawn('sleep', ['600'], { argv0: world.secret, stdio: 'ignore' }), async (it) =>
      it.kill(),
    )

    return await play({
      world,
      house: own,
      box,
      client,
      canaries,
      neighbour,
      abstractSocket,
      phonePort: Number(new URL(phoneUrl).port),
      hostPid: witness.pid ?? 0,
      start: async (name, how, dir) => {
        const wanted = { dir: dir ?? (await world.project(name)), name, claudeArgs: [], ...how }
        const { session } = await startSession(own, box, wanted, client)
        await untilUp({ house: own, box, session })
        return session
      },
    })
  } finally {
    for (const close of closers) await close().catch(() => {})
  }
}

async function endSessions({ config }: House, { sessions }: Box): Promise<void> {
  for (const session of await sessions.list({ all: true })) await sessions.kill(session)
  await execa('tmux', ['-L', config.tmux.socket_name, 'kill-server'], { reject: false })
}

/** Where tmux has the socket of that server (tmux(1), TMUX_TMPDIR). */
export function tmuxSocket({ config, env }: House): string {
  return join(env['TMUX_TMPDIR'] || '/tmp', `tmux-${process.getuid?.() ?? 0}`, config.tmux.socket_name)
}
