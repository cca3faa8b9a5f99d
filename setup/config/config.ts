/** The configuration: each room's own slice, put together; read from the file and the environment. */
import * as z from 'zod'
import {
  claudeOptions,
  credentialsOptions,
  dockerOptions,
  networkOptions,
  sandboxOptions,
  tmuxOptions,
} from '../../container/options.ts'
import { approvalsOptions } from '../../hooks/options.ts'
import { authOptions, responderOptions } from '../../server/options.ts'
import { notificationOptions, serviceVariables } from '../../server/push/options.ts'
import { SetupError } from '../errors.ts'
import { checkConfig, type Override } from './check.ts'
import { readDocument } from './document.ts'
import { type Change, readConfigFile, saveSettings } from './file.ts'
import { fromPredecessor } from './predecessor.ts'
import { withSecretFiles } from './secret-files.ts'
import { hasSecrets } from './secrets.ts'

export const configSchema = z.strictObject({
  docker: dockerOptions.prefault({}),
  network: networkOptions.prefault({}),
  credentials: credentialsOptions.prefault({}),
  sandbox: sandboxOptions.prefault({}),
  tmux: tmuxOptions.prefault({}),
  claude: claudeOptions.prefault({}),
  approvals: approvalsOptions,
  notifications: notificationOptions,
  responder: responderOptions,
  auth: authOptions,
})

/** Every setting with its value, given or default. */
export type Config = z.output<typeof configSchema>

/** Variables that stand above the file. */
export const OVERRIDES: readonly Override[] = serviceVariables()

type Environment = Record<string, string | undefined>

/**
 * The configuration; without a file, all defaults. Throws `config-invalid` with a sentence for each mistake.
 * `warnings` are sentences about what is no mistake but should not stay.
 */
export async function loadConfig(
  file: string,
  env: Environment,
): Promise<{ config: Config; warnings: string[] }> {
  const found = await readConfigFile(file)
  const { config: written, notes } = parseConfig(found?.text ?? '', file, env)
  const overridden = OVERRIDES.filter(({ variable }) => (env[variable] ?? '') !== '').map(({ path }) => path)
  const secrets = await withSecretFiles(written.notifications, env['HOME'], overridden)
  const config = { ...written, notifications: secrets.notifications }
  const warnings = [...notes.map((note) => `${file}: ${note}`), ...secrets.warnings]
  const isOpen = found !== null && (found.mode & 0o077) !== 0
  if (isOpen && hasSecrets(parseConfig(found.text, file, {}).config)) {
    warnings.push(`${file} holds secrets and other users may read it. Run: chmod 600 ${file}`)
  }
  return { config, warnings }
}

/**
 * The same for what only shows or ends sessions: with a mistake in the file its other sections count, a wrong one is as
 * if it were not there, and what is wrong is the only warning. Never for what starts something: a default may be wider.
 */
export async function loadConfigLeniently(
  file: string,
  env: Environment,
): Promise<{ config: Config; warnings: string[] }> {
  try {
    return { config: (await loadConfig(file, env)).config, warnings: [] }
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    const text = (await readConfigFile(file).catch(() => null))?.text ?? ''
    return { config: soundSections(text), warnings: [error.message] }
  }
}

function soundSections(text: string): Config {
  const { value } = readDocument(text)
  const sections = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  const sound = Object.entries(configSchema.shape).filter(
    ([name, schema]) => schema.safeParse(sections[name]).success,
  )
  return configSchema.parse(Object.fromEntries(sound.map(([name]) => [name, sections[name]])))
}

/** Writes settings into the file, which stays as it is where the outcome would be wrong. */
export async function saveConfig(file: string, changes: readonly Change[]): Promise<void> {
  await saveSettings(file, changes, (text) => void parseConfig(text, file, {}))
}

function parseConfig(text: string, file: string, env: Environment): { config: Config; notes: string[] } {
  const translate = fromPredecessor
  const checked = checkConfig({ text, file, env, schema: configSchema, overrides: OVERRIDES, translate })
  if ('config' in checked) return checked
  throw new SetupError(
    'config-invalid',
    checked.problems.length === 1
      ? `The configuration is wrong.\n${checked.problems[0]}`
      : `${checked.problems.length} things in the configuration are wrong.\n${checked.problems.join('\n')}`,
    'Nothing was started with it. rc config check tells when all is well.',
  )
}
