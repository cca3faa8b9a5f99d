/** One Claude under test: its hooks record, its model plays scripts, and what was seen can be asked for. */
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readScreen, type Screen } from '../../../container/screen/screen.ts'
import { type Step, startScriptedModel } from '../../demo/scripted-model.ts'
import { type HostClaude, type HostClaudeOptions, startHostClaude } from './host-claude.ts'
import { type Behaviour, type HookRecord, RECORDER } from './recorder.ts'
import { until } from './until.ts'

/** How a scene's Claude is set up. `settings` is told the recorder's folder. */
export type StageOptions = Pick<HostClaudeOptions, 'args' | 'state' | 'awaits'> & {
  scripts: Record<string, Step[]>
  settings: (folder: string) => object
  /** Likewise; such a scene is played only where the machine allows it. */
  managed?: (folder: string) => object
}

export type Stage = Awaited<ReturnType<typeof openStage>>

/** How long anything may take that Claude does by itself, in milliseconds. */
const PATIENCE_MS = 15_000

/** Starts a Claude for one scene. `close` leaves nothing behind. */
export async function openStage(program: string, { scripts, settings, managed, ...options }: StageOptions) {
  const folder = await mkdtemp(join(tmpdir(), 'rc-contract-'))
  const model = await startScriptedModel({ scripts })
  const discard = () => Promise.all([model.close(), rm(folder, { recursive: true, force: true })])
  let claude: HostClaude
  try {
    await writeFile(join(folder, 'recorder.cjs'), RECORDER)
    claude = await startHostClaude({
      program,
      modelUrl: model.url,
      settings: settings(folder),
      managed: managed?.(folder),
      ...options,
    })
  } catch (error) {
    await discard()
    throw error
  }

  const records = async (): Promise<HookRecord[]> => {
    const text = await readFile(join(folder, 'records.jsonl'), 'utf8').catch(() => '')
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as HookRecord)
  }
  const screen = async (): Promise<Screen> => readScreen(await claude.capture())
  const wait = <T>(what: string, look: () => Promise<T | false | undefined | null>) =>
    until(what, look, claude.screen, PATIENCE_MS)

  return {
    /** The recorder's. */
    folder,
    claude,
    model,
    screen,
    wait,
    made: (file: string) => existsSync(join(claude.project, file)),
    /** Waits for Claude's prompt with nothing in it. */
    idle: () => wait('the prompt', async () => (await screen()).kind === 'idle'),
    dialog: () =>
      wait('a dialog', async () => {
        const seen = await screen()
        return seen.kind === 'dialog' && seen
      }),
    /** The session registry's files, parsed. */
    async registry(): Promise<Record<string, unknown>[]> {
      const sessions = join(claude.home, '.claude/sessions')
      const names = await readdir(sessions).catch(() => [])
      const files = names.filter((name) => name.endsWith('.json'))
      const texts = await Promise.all(
        files.map((name) => readFile(join(sessions, name), 'utf8').catch(() => '')),
      )
      return texts.flatMap((text, at) => {
        try {
          return [{ file: files[at], ...(JSON.parse(text) as object) }]
        } catch {
          return []
        }
      })
    },
    /** Sets what the hook of PermissionRequest does, types a prompt, and gives what hooks record from then on. */
    async ask(prompt: string, behaviour: Behaviour = {}, event = 'PermissionRequest') {
      await writeFile(join(folder, `${event}.json`), JSON.stringify(behaviour))
      const before = (await records()).length
      await claude.type(prompt)
      const since = async () => (await records()).slice(before)
      return {
        since,
        heard: (name: string, phase: HookRecord['phase'] = 'start') =>
          wait(`${phase} of the hook of ${name}`, async () =>
            (await since()).find((one) => one.event === name && one.phase === phase),
          ),
      }
    },
    records,
    async close() {
      await claude.stop()
      await discard()
    },
  }
}
