/** What has to be there before a session can start: Docker, tmux, the image, the responder. */

import { confirm, isCancel } from '@clack/prompts'
import { buildImage, type ImageRequest, imageIsCurrent } from '../../container/image/build.ts'
import type { Machine } from '../../setup/machine.ts'
import { createMachine, ensureRequirements, type Need } from '../../setup/needs/requirements.ts'
import type { Output } from '../cli/output.ts'
import type { Box } from '../house/box.ts'
import type { House } from '../house/house.ts'
import { showBuild } from './show-build.ts'

type Preparation = { house: House; box: Box; output: Output; yes: boolean; needs?: Need[] }

/** Installs with consent what is missing. Throws a sentence where nobody can consent. */
export async function prepareMachine({ house, box, output, yes, needs = [] }: Preparation): Promise<void> {
  const isInteractive = process.stdin.isTTY === true && output.isNoteTerminal
  const machine = createMachine(house.env, { interactive: isInteractive })
  const docker: Need[] = (await isDockerThere(box, machine)) ? [] : ['docker']
  // Only root has folders that sessions cannot use without being given access.
  const acl: Need[] = machine.uid === 0 ? ['acl'] : []
  await ensureRequirements({
    need: [...docker, 'tmux', ...acl, ...needs],
    machine,
    yes,
    ask: isInteractive ? askConsent : null,
    onProgress: (line) => output.note(line),
    dockerdLog: house.paths.dockerdLog,
  })
}

/** Asking the engine itself is much faster than running its command, which is needed for panes all the same. */
async function isDockerThere({ engine }: Box, machine: Machine): Promise<boolean> {
  const [answers, hasCommand] = await Promise.all([
    engine.ping().then(
      () => true,
      () => false,
    ),
    machine.has('docker'),
  ])
  return answers && hasCommand
}

/** Builds the image unless it is what this version wants. */
export async function prepareImage({ house, box, output, yes }: Preparation): Promise<void> {
  const request = imageRequest(house, box)
  if (await imageIsCurrent(request)) return
  output.note('The image for sessions has to be built; this takes a few minutes, once.')
  await runBuild({ house, box, output, yes }, request)
}

/** Builds the image; what only a build without a registry needs is installed when it turns out to be missing. */
export async function runBuild(preparation: Preparation, request: ImageRequest): Promise<void> {
  const progress = showBuild(preparation.output)
  try {
    await buildImage({ ...request, onProgress: progress.report })
  } catch (error) {
    if ((error as { code?: string }).code !== 'debootstrap-missing') throw error
    progress.end()
    await prepareMachine({ ...preparation, needs: ['debootstrap'] })
    await buildImage({ ...request, onProgress: progress.report })
  } finally {
    progress.end()
  }
}

/** The image as the configuration wants it. */
export function imageRequest({ config, dist, paths, env }: House, { engine }: Box): ImageRequest {
  return {
    engine,
    tag: config.docker.image,
    base: config.docker.base_image,
    claudeVersion: config.docker.claude_version,
    imageDir: dist.imageDir,
    relayPath: dist.relay,
    gatePath: dist.gate,
    cacheDir: paths.cacheDir,
    refresh: false,
    env,
  }
}

async function askConsent(question: string): Promise<boolean> {
  const answer = await confirm({ message: question, output: process.stderr })
  return !isCancel(answer) && answer
}
