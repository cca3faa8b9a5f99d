import { newSessionId } from '../../container/session/name.ts'
import { lookIntoImage } from '../../container/settings/box-contents.ts'
import { fitSettings, readUserSettings } from '../../container/settings/read.ts'
import { type Examination, well } from './finding.ts'

/** What of the user's own Claude settings does not come along into a session of this folder. */
export const settings: Examination = async ({ config, paths }, { engine }) => {
  const name = "your Claude's settings come along into sessions"
  const text = await readUserSettings(paths.claudeDir)
  if (text === null) return []
  const found = await fitSettings({
    text,
    home: paths.home,
    claudeDir: paths.claudeDir,
    workspace: process.cwd(),
    isProxied: config.network.mode !== 'bridge',
    // A login in them counts where no other one is set up; that is told at the start.
    lendsOwn: true,
    look: (names) => lookIntoImage({ engine, image: config.docker.image, id: newSessionId() }, names),
  }).catch(() => null)
  // Without Docker or the image nobody can tell, and that is a finding of its own.
  if (found === null) return []
  if (found.leftOut.length === 0) return [well(name)]
  const remedy = 'Sessions start without it; your Claude on this machine has it all the same.'
  return found.leftOut.map((problem) => ({ name, problem, remedy, isMinor: true }))
}
