/** Runs the table against the versions or binaries that were named, and prints it. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { CommandError } from '../../cli/errors.ts'
import type { Output } from '../../cli/output.ts'
import { fetchClaude } from './claude-binary.ts'
import { runContract, versionOf } from './run.ts'
import { type Column, showContract } from './show.ts'

type Where = { cacheDir: string; env: NodeJS.ProcessEnv; output: Output; json?: boolean }

/** Each of `wanted` is an exact version, which is fetched, or the path of a binary. Gives the exit code. */
export async function checkContract(
  wanted: readonly string[],
  { output, json, ...where }: Where,
): Promise<number> {
  const columns: Column[] = []
  for (const word of wanted) {
    const program = await findClaude(word, { ...where, onProgress: (line) => output.note(line) })
    const version = await versionOf(program)
    output.note(
      `Trying Claude Code ${version}: a scripted model, a folder of its own; nobody's login is used.`,
    )
    const findings = await runContract({ program, version }, { onScene: (name) => output.note(`  ${name}`) })
    columns.push({ version, findings })
  }
  if (!json) return showContract(output, columns) > 0 ? 1 : 0
  output.json(columns)
  return columns.some(({ findings }) => findings.some(({ result }) => result === 'DIFFERS')) ? 1 : 0
}

async function findClaude(word: string, places: Parameters<typeof fetchClaude>[1]): Promise<string> {
  if (/^\d+\.\d+\.\d+$/.test(word)) return await fetchClaude(word, places)
  const path = resolve(word)
  if (existsSync(path)) return path
  throw new CommandError(
    'usage',
    `${word} is neither an exact version of Claude Code nor a file.`,
    'Give a version such as 2.1.330, or the path of the claude program.',
  )
}
