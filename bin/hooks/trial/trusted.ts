/** Whether somebody has told Claude Code that they trust a folder, or one above it. */
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import * as z from 'zod'

const state = z.object({
  projects: z.record(z.string(), z.object({ hasTrustDialogAccepted: z.boolean().optional() }).loose()),
})

type Places = { env: NodeJS.ProcessEnv; home: string }

/** A start that shows no dialog (`-p`, `--init-only`) asks nobody, and runs the hooks of whatever repository it is in. */
export async function isTrusted(folder: string, { env, home }: Places): Promise<boolean> {
  try {
    const file = join(env['CLAUDE_CONFIG_DIR'] || home, '.claude.json')
    const { projects } = state.parse(JSON.parse(await readFile(file, 'utf8')))
    return upFrom(folder).some((one) => projects[one]?.hasTrustDialogAccepted === true)
  } catch {
    return false
  }
}

function upFrom(folder: string): string[] {
  const above = dirname(folder)
  return above === folder ? [folder] : [folder, ...upFrom(above)]
}
