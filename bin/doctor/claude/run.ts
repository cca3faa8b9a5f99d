/** Runs the scenes against one Claude Code and gives the table's column. */
import { execa } from 'execa'
import { CommandError } from '../../cli/errors.ts'
import { type Finding, judge, type Scene, type See } from './facts.ts'
import { canManage } from './managed.ts'
import { SCENES } from './scenes/index.ts'
import { openStage, type Stage } from './stage.ts'

/** Scenes at a time: each is a Claude of its own and mostly waits. */
const AT_ONCE = 2

/** The version a binary says it is. Throws where it says none. */
export async function versionOf(program: string): Promise<string> {
  const { stdout, shortMessage } = await execa(program, ['--version'], { reject: false, timeout: 30_000 })
  const version = /^\d+\.\d+\.\d+/.exec(stdout ?? '')?.[0]
  if (version !== undefined) return version
  throw new CommandError(
    'no-claude',
    `${program} does not tell a version of Claude Code: ${shortMessage ?? stdout}`,
    "Give the path of Claude Code's native program, or a version such as 2.1.330.",
  )
}

type Options = { scenes?: readonly Scene[]; onScene: (name: string) => void; open?: typeof openStage }

/** Every fact of the table, in the table's order. `onScene` hears the name of each scene that begins. */
export async function runContract(
  { program, version }: { program: string; version: string },
  { scenes = SCENES, onScene, open = openStage }: Options,
): Promise<Finding[]> {
  const findings = new Map<Scene, Finding[]>()
  const isManageable = scenes.some(({ managed }) => managed !== undefined) && (await canManage())
  const played = scenes.filter(({ managed }) => managed === undefined || isManageable)
  for (const { name } of scenes.filter((scene) => !played.includes(scene)))
    onScene(`${name}: not played, this machine allows no mount namespace`)
  const waiting = [...played]
  const worker = async () => {
    for (let scene = waiting.shift(); scene !== undefined; scene = waiting.shift()) {
      onScene(scene.name)
      findings.set(scene, await runScene(scene, version, () => open(program, scene)))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return played.flatMap((scene) => findings.get(scene) ?? [])
}

async function runScene(scene: Scene, version: string, open: () => Promise<Stage>): Promise<Finding[]> {
  const seen = new Map<string, true | string>()
  const see: See = async (id, look) => {
    seen.set(id, await look().then((it) => it || 'it was not so', sentence))
  }
  let trouble = 'it was not looked at'
  try {
    const stage = await open()
    try {
      await scene.play(stage, see)
    } finally {
      await stage.close()
    }
  } catch (error) {
    trouble = sentence(error)
  }
  return scene.facts.map((fact) => judge(fact, version, seen.get(fact.id) ?? trouble))
}

function sentence(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
}
