/** What deals with containers and panes, made from the configuration. */
import { createEngine, type Engine } from '../../container/docker/engine.ts'
import { createGateChoice } from '../../container/gate/choose.ts'
import { createSessions } from '../../container/sessions.ts'
import { createTerminal } from '../../container/terminal/terminal.ts'
import type { Log } from '../../server/ports.ts'
import type { House } from './house.ts'
import { lazy } from './lazy.ts'

/** Engine, terminal and sessions of this house. Nothing is started by making them. */
export function createBox({ env, paths, dist, config }: House, log: Log = () => {}) {
  // Hooks outside containers need none, so an engine that cannot be used is only a problem for whoever uses it.
  let made: Engine | undefined
  const engine = lazy(() => {
    made ??= createEngine({ env })
    return made
  })
  const terminal = createTerminal({ socketName: config.tmux.socket_name, prefix: config.tmux.session_prefix })
  const sessions = createSessions({
    engine,
    panes: terminal,
    stateDir: paths.stateDir,
    home: paths.home,
    claudeDir: paths.claudeDir,
    hooksDist: dist.hooks,
    paneScript: dist.paneScript,
    rc: dist.rc,
    instance: paths.instance,
    env,
    options: config,
    chooseGate: createGateChoice({
      engine,
      wanted: config.network.gate,
      image: config.docker.image,
      stateDir: paths.stateDir,
      cacheDir: paths.cacheDir,
    }),
    log,
  })
  return { engine, terminal, sessions }
}

/** The parts that deal with containers and panes. */
export type Box = ReturnType<typeof createBox>
