/** `rc hooks plugin`: the same hooks as a folder for `claude --plugin-dir`, for a session or two without any settings. */
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { toGroups, type Wanted } from '../../hooks/install/block.ts'
import type { House } from '../house/house.ts'
import { VERSION } from '../version.ts'
import { hostPlaces, makeHostFolder } from './places.ts'
import { findClaudes } from './reader.ts'

/** Where Claude Code itself would find hooks of ours; it runs a plugin's beside them (2.1.197, 2.1.330). */
const SETTINGS = [
  '"$HOME/.claude/settings.json"',
  '"$CLAUDE_CONFIG_DIR/settings.json"',
  '"$CLAUDE_PROJECT_DIR/.claude/settings.json"',
  '"$CLAUDE_PROJECT_DIR/.claude/settings.local.json"',
]

/** Writes the folder again and gives its path. */
export async function writePlugin(house: House, asked: Omit<Wanted, 'version'>): Promise<string> {
  await makeHostFolder(house)
  const [oldest] = await findClaudes(house)
  const wanted = { ...asked, version: oldest?.version ?? null }
  const folder = join(house.paths.stateDir, 'plugin')
  const groups = toGroups({
    ...hostPlaces(house),
    ...wanted,
    seconds: house.config.approvals.timeout,
    unlessIn: SETTINGS,
  })
  const hooks = Object.fromEntries(groups.map(({ event, ...group }) => [event, [group]]))
  await write(folder, '.claude-plugin', 'plugin.json', {
    name: 'remote-claude',
    version: VERSION,
    description: 'Questions of Claude Code, answered from your phone.',
  })
  await write(folder, 'hooks', 'hooks.json', { hooks })
  return folder
}

/** A Claude that starts right now reads the old file or the new one. */
async function write(root: string, folder: string, name: string, value: object): Promise<void> {
  await mkdir(join(root, folder), { recursive: true, mode: 0o700 })
  const file = join(root, folder, name)
  await writeFile(`${file}.next`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 })
  await rename(`${file}.next`, file)
}
