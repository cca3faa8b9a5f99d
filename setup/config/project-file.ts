/**
 * `.remote-claude.yaml` in a workspace: what a project says about its own sessions. Anybody who can write to the
 * repository can write it, the agent included, so it only ever narrows: fewer hosts, more questions, more refusals.
 */
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import * as z from 'zod'
import { NETWORK_MODES } from '../../container/options.ts'
import { approvalsOptions } from '../../hooks/options.ts'
import { SetupError } from '../errors.ts'

export const PROJECT_FILE = '.remote-claude.yaml'

const MAX_BYTES = 64 * 1024

const rules = approvalsOptions.unwrap().shape.deny

const projectSchema = z.strictObject({
  network: z
    .strictObject({
      mode: z.enum(NETWORK_MODES).optional(),
      allowed_domains: z.array(z.string().min(1)).max(200).optional(),
      ask: z.boolean().optional(),
    })
    .prefault({}),
  approvals: z.strictObject({ ask: rules, deny: rules }).prefault({}),
})

export type ProjectOptions = z.output<typeof projectSchema>

/** The project's file, or null when it has none. Throws `project-file-wrong`: a wish to be narrower is not ignored. */
export async function readProjectFile(workspace: string): Promise<ProjectOptions | null> {
  const file = join(workspace, PROJECT_FILE)
  const text = await readSmallFile(file)
  if (text === null) return null
  const read = projectSchema.safeParse(parseYaml(file, text) ?? {})
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw wrong(file, `${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'not understood'}`)
}

/** A link could lead to any file of the user, whose lines the refusal would quote. */
async function readSmallFile(file: string): Promise<string | null> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw wrong(
        file,
        error.code === 'ELOOP' ? 'it is a symbolic link' : `it cannot be read (${error.code})`,
      )
    },
  )
  if (handle === null) return null
  try {
    const found = await handle.stat()
    if (!found.isFile()) throw wrong(file, 'it is no ordinary file')
    if (found.size > MAX_BYTES) throw wrong(file, `it is larger than ${MAX_BYTES / 1024} KB`)
    return await handle.readFile('utf8')
  } finally {
    await handle.close()
  }
}

function parseYaml(file: string, text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0 })
  } catch (error) {
    throw wrong(file, error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'it is not YAML')
  }
}

function wrong(file: string, why: string): SetupError {
  return new SetupError(
    'project-file-wrong',
    `${file} says how narrow this project's sessions should be, and is wrong: ${why}.`,
    'Mend or delete it. It may hold network.mode, network.allowed_domains, network.ask, approvals.ask and approvals.deny.',
  )
}
