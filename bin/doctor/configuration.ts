import { loadConfig } from '../../setup/config/config.ts'
import { type Examination, well } from './finding.ts'

/** Whether the configuration is right, and what is no mistake in it but should not stay. */
export const configuration: Examination = async ({ env, paths }) => {
  const name = 'the configuration is right'
  try {
    const { warnings } = await loadConfig(paths.configFile, env)
    return warnings.length === 0
      ? [well(name)]
      : warnings.map((problem) => ({ name, problem, remedy: 'rc config path says where the file is.' }))
  } catch (error) {
    const { message, remedy = '' } = error as Error & { remedy?: string }
    return [{ name, problem: message, remedy }]
  }
}
