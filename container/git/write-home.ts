/** Writes what of git and ssh a session finds in its home. */
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { SessionGit } from './for-session.ts'
import { formatSettings } from './format.ts'

/** Answers git's question for a password with the token, whether gh is in the image or not. */
const GITHUB_HELPER =
  '!f() { test "$1" = get && echo username=x-access-token && echo "password=$GH_TOKEN"; }; f'

/** After `writeSsh`, whose copies stay: of ~/.ssh/config the first line about a host counts, so ours goes before them. */
export async function writeGitHome(
  target: string,
  { config, files }: Pick<SessionGit, 'config' | 'files'>,
  { github }: { github: boolean },
): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const file = join(target, path)
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    const before = path === '.ssh/config' ? await readFile(file, 'utf8').catch(() => '') : ''
    await writeFile(file, text + before, { mode: 0o600 })
  }
  const helper = [{ name: 'credential.https://github.com.helper', value: GITHUB_HELPER }]
  await writeFile(join(target, '.gitconfig'), config)
  if (github) await appendFile(join(target, '.gitconfig'), formatSettings(helper))
}
