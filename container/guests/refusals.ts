/** Why hooks cannot be brought into somebody's container, each with what to do about it. */
import { ContainerError } from '../errors.ts'

export function noSuchContainer(name: string): ContainerError {
  return new ContainerError(
    'no-such-container',
    `This engine has no container ${JSON.stringify(name)}.`,
    'See which there are with docker ps.',
  )
}

export function notRunning(name: string, state: string): ContainerError {
  return new ContainerError(
    'container-stopped',
    `The container ${name} does not run: it is ${state}.`,
    state === 'paused'
      ? `Let it go on with docker unpause ${name}, then try again.`
      : `Start it with docker start ${name}, then try again.`,
  )
}

export function isOurOwn(name: string): ContainerError {
  return new ContainerError(
    'container-is-ours',
    `The container ${name} belongs to a session of Remote Claude, which has hooks already.`,
    'See the sessions with rc list.',
  )
}

export function noLinux(name: string, platform: string): ContainerError {
  return new ContainerError(
    'guest-not-linux',
    `The container ${name} runs ${platform}, and hooks can only be brought into Linux.`,
    'Run Claude in a Linux container.',
  )
}

export function noSuchUser(name: string, user: string): ContainerError {
  return new ContainerError(
    'no-such-user',
    `The container ${name} has no user ${JSON.stringify(user)}.`,
    'Name the user that its Claude runs as.',
  )
}

export function noShell(name: string): ContainerError {
  return new ContainerError(
    'guest-without-shell',
    `The container ${name} has no shell, and Claude needs one as much as we do.`,
    'Name the container that Claude runs in.',
  )
}

export function notUnderstood(name: string): ContainerError {
  return new ContainerError(
    'guest-not-understood',
    `The container ${name} could not say which user and machine it has.`,
    'It needs the programs id and uname, which belong to coreutils or busybox.',
  )
}

export function readOnly(name: string, folder: string): ContainerError {
  return new ContainerError(
    'guest-read-only',
    `The container ${name} has a read-only root, so nothing can be copied into it.`,
    `Start it without --read-only, or with a volume for our files: -v remote-claude-hooks:${folder}.`,
  )
}

/** `because` ends a sentence. */
export function needsNode(name: string, because: string): ContainerError {
  return new ContainerError(
    'guest-needs-node',
    `Hooks need Node 22 or newer. The container ${name} has none, and this machine's cannot be used: ${because}.`,
    'Install Node 22 or newer in the container, on the PATH of its user, then try again.',
  )
}

export function notThere(name: string, folder: string): ContainerError {
  return new ContainerError(
    'guest-files-hidden',
    `What was copied to ${folder} in the container ${name} cannot be used by its user.`,
    `Look whether something is mounted there: docker inspect ${name}.`,
  )
}

export function notRemoved(folder: string, said: string): ContainerError {
  return new ContainerError(
    'guest-not-removed',
    `The folder ${folder} in the container could not be removed: ${said.replace(/\p{Cc}+/gu, ' ').slice(0, 200)}.`,
    'Remove it by hand with docker exec, or with the container.',
  )
}
