/** The composition root: the configuration, turned into the parts that commands work with. */
import { type Config, loadConfig, loadConfigLeniently } from '../../setup/config/config.ts'
import { checkSocketPaths, type Dist, distPaths, ownPaths, type Paths } from '../../setup/paths.ts'

/** Everything that follows from the environment and the configuration file. */
export type House = { env: NodeJS.ProcessEnv; paths: Paths; dist: Dist; config: Config; warnings: string[] }

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
