import { execa } from 'execa'
import { findLogin } from '../../container/credentials/login.ts'
import { resolveSsh } from '../../container/credentials/ssh.ts'
import { findProgram } from '../../container/host.ts'
import { type Config, loadConfig, saveConfig } from '../../setup/config/config.ts'
import type { Change } from '../../setup/config/file.ts'
import { ownPaths } from '../../setup/paths.ts'
import { defineCommand } from '../cli/command.ts'
import { CommandError } from '../cli/errors.ts'
import { askLending } from '../setup/lend-steps.ts'
import { toLoginChanges } from '../setup/login-changes.ts'
import { askLogin } from '../setup/login-step.ts'
import { createPrompts } from '../setup/prompts.ts'
import { readSecret } from '../setup/read-secret.ts'
import { checkApiKey, checkToken } from '../setup/secrets.ts'

export const command = defineCommand({
  options: [
    ['--oauth-token-file <file>', 'store the token of claude setup-token from a file, and ask nothing'],
    ['--api-key-file <file>', 'store an API key from a file, and ask nothing'],
  ],
  notes:
    'A file called - is standard input. What is stored is in the configuration file, for you alone to read.',
  run: async ({ options, output, env }) => {
    const { configFile, home } = ownPaths(env)
    const { config, warnings } = await loadConfig(configFile, env)
    for (const warning of warnings) output.note(`warning: ${warning}`)
    const { oauthTokenFile, apiKeyFile } = options
    if (oauthTokenFile !== undefined || apiKeyFile !== undefined) {
      await saveConfig(configFile, await readLogin(config, { oauthTokenFile, apiKeyFile }))
      output.print(await describeLogin(configFile, env))
      return
    }
    if (process.stdin.isTTY !== true || !output.isNoteTerminal) {
      throw new CommandError(
        'usage',
        'rc setup asks questions, and there is nobody to answer them.',
        'In a script: rc setup --oauth-token-file FILE, or --api-key-file FILE; - is standard input.',
      )
    }
    const has = async (name: string) =>
      await findProgram(name, env).then(
        () => true,
        () => false,
      )
    const [hasClaude, hasGh, ssh] = await Promise.all([has('claude'), has('gh'), resolveSsh({}, env)])
    const prompts = createPrompts()
    prompts.begin('Remote Claude: what sessions are given')
    const runSetupToken = async () => {
      await execa('claude', ['setup-token'], { stdio: 'inherit', reject: false, cwd: home, env })
    }
    const changes = [
      ...(await askLogin(prompts, config, hasClaude ? runSetupToken : null)),
      ...(await askLending(prompts, config, { hasSshAgent: ssh.mode === 'ask', hasGh })),
    ]
    if (changes.length > 0) await saveConfig(configFile, changes)
    prompts.summarize(changes.length > 0 ? 'Stored' : 'Nothing was changed', [
      await describeLogin(configFile, env),
      ...changes.flatMap(describeChange),
      `${configFile} may be read by you alone.`,
    ])
    prompts.end('Next: rc start DIR')
  },
})

async function readLogin(
  config: Config,
  { oauthTokenFile, apiKeyFile }: { oauthTokenFile: string | undefined; apiKeyFile: string | undefined },
): Promise<Change[]> {
  if (oauthTokenFile !== undefined && apiKeyFile !== undefined) {
    throw new CommandError(
      'usage',
      'Claude logs in with a token or with a key.',
      'Give one of the two files.',
    )
  }
  if (oauthTokenFile !== undefined) {
    return toLoginChanges(config, { kind: 'token', secret: await readSecret(oauthTokenFile, checkToken) })
  }
  return toLoginChanges(config, { kind: 'key', secret: await readSecret(apiKeyFile ?? '', checkApiKey) })
}

/** What a session would say about its login now. */
async function describeLogin(configFile: string, env: NodeJS.ProcessEnv): Promise<string> {
  const { config } = await loadConfig(configFile, env)
  return findLogin(config.credentials, { configured: config.claude.env, shell: env }).notice
}

/** Settings without secrets, and what else to do. */
function describeChange(change: Change): string[] {
  const name = change.path.join('.')
  if ('add' in change) {
    return [
      `${name} has ${change.add} now. A responder that runs already learns of it by rc server stop;`,
      'the next rc start brings it up again.',
    ]
  }
  const isLogin = change.path[1] === 'anthropic' || change.path[1] === 'claude'
  return isLogin ? [] : [`${name}: ${String(change.value)}`]
}
