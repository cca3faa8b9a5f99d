/** The composition root: the configuration, turned into the parts that commands work with. */
import { createEngine, type Engine } from '../../container/docker/engine.ts'
import { createGateChoice } from '../../container/gate/choose.ts'
import { createSessions } from '../../container/sessions.ts'
import { createTerminal } from '../../container/terminal/terminal.ts'
import { late } from '../../server/lazy.ts'
import type { Log } from '../../server/ports.ts'
import { type Config, loadConfig, loadConfigLeniently } from '../../setup/config/config.ts'
import { checkSocketPaths, type Dist, distPaths, ownPaths, type Paths } from '../../setup/paths.ts'

/** Everything that follows from the environment and the configuration file. */
export type House = { env: NodeJS.ProcessEnv; paths: Paths; dist: Dist; config: Config; warnings: string[] }

/** The parts that deal with containers and panes. */
export type Box = ReturnType<typeof createBox>

/** Reads the configuration; throws the sentences of whatever is wrong with it. */
export async function loadHouse(env: NodeJS.ProcessEnv): Promise<House> {
  return await houseOf(env, loadConfig)
}

/** For commands that show or end what is there: a mistake in the configuration is said, and does not keep them from it. */
export async function loadStandingHouse(env: NodeJS.ProcessEnv, say: (line: string) => void): Promise<House> {
  const house = await houseOf(env, loadConfigLeniently)
  for (const warning of house.warnings) say(`warning: ${warning}`)
  return house
}

async function houseOf(env: NodeJS.ProcessEnv, load: typeof loadConfig): Promise<House> {
  const paths = ownPaths(env)
  checkSocketPaths(paths)
  const { config, warnings } = await load(paths.configFile, env)
  return { env, paths, dist: distPaths(), config, warnings }
}

/** Engine, terminal and sessions of this house. Nothing is started by making them. */
export function createBox({ env, paths, dist, config }: House, log: Log = () => {}) {
  // Hooks outside containers need none, so an engine that cannot be used is only a problem for whoever uses it.
  let made: Engine | undefined
  const engine = late(() => {
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
