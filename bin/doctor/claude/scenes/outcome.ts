/** What Claude leaves behind of a call, by which our witness tells what came of an answer. */

import { runsCommand } from '../../../../hooks/client/running.ts'
import { watchCall } from '../../../../hooks/client/transcript.ts'
import type { Scene } from '../facts.ts'
import { decision } from '../recorder.ts'
import type { Stage } from '../stage.ts'
import { bash, GUARDED, guardedSettings } from './guarded.ts'

const RUNS = `touch runs.txt && echo "it's" && sleep 60`

export const outcomeScene: Scene = {
  name: 'what is left of a call',
  args: GUARDED,
  settings: guardedSettings,
  scripts: {
    'mark-word': [bash('touch word.txt'), { text: 'Done word.' }],
    'mark-no': [bash('touch no.txt'), { text: 'Done no.' }],
    'mark-runs': [bash(RUNS), { text: 'Done runs.' }],
  },
  facts: [
    { id: 'word', fact: "the transcript says that a hook decided, before the call's result" },
    { id: 'when', fact: "the line of a call's result says when it ended" },
    {
      id: 'never-ran',
      fact: 'after Esc to a dialog the result says that the tool never ran',
      since: '2.1.330',
    },
    { id: 'shell', fact: 'a child of Claude runs the command, and carries it after eval' },
    { id: 'stopped', fact: 'after Esc into a running tool it says rejected, and not that it never ran' },
  ],
  async play(stage, see) {
    const allow = { stdout: decision({ behavior: 'allow' }) }
    await see('word', async () => {
      const before = Date.now()
      const end = await play(stage, 'mark-word', 'touch word.txt', allow, async () => {})
      await see('when', async () => end.at >= before || `it says ${end.at}, and it was ${before} before`)
      return end.hook === 'allow' || `the hook's word is ${end.hook}`
    })
    await stage.idle()
    await see('never-ran', async () => {
      const end = await play(stage, 'mark-no', 'touch no.txt', { delayMs: 30_000 }, async () => {
        await stage.claude.answer('Escape')
      })
      return (end.rejected && end.neverRan) || `rejected ${end.rejected}, never ran ${end.neverRan}`
    })
    await stage.idle()
    await see('stopped', async () => {
      const end = await play(stage, 'mark-runs', RUNS, allow, async () => {
        const [{ pid } = {}] = await stage.registry()
        await see('shell', async () =>
          stage.wait('the shell of the command', async () => runsCommand([Number(pid)], RUNS)),
        )
        await stage.wait('the command to have begun', async () => stage.made('runs.txt'))
        await stage.claude.press('Escape')
      })
      return (end.rejected && !end.neverRan) || `rejected ${end.rejected}, never ran ${end.neverRan}`
    })
    await stage.idle()
  },
}

type Behaviour = Parameters<Stage['ask']>[1]

/** How the call ends that `prompt` leads to, when the hook does this and the person then does `deed`. */
async function play(
  stage: Stage,
  prompt: string,
  command: string,
  behaviour: Behaviour,
  deed: () => Promise<void>,
) {
  const since = Date.now()
  const asked = await stage.ask(prompt, behaviour)
  const { input = {} } = await asked.heard('PermissionRequest')
  const watch = watchCall([String(input['transcript_path'])], { tool: 'Bash', input: { command } }, { since })
  await stage.wait('the call in the transcript', async () => watch.id() !== null)
  await deed()
  return await stage.wait('the result in the transcript', async () => watch.end())
}
