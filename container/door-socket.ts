/** The file of a listening unix socket: where it may be, and what is left of an earlier one. */

import { chmodSync, lstatSync, rmSync } from 'node:fs'
import type { Server } from 'node:net'
import { isAnswered, listen } from '../server/doors/listen.ts'
import { MAX_SOCKET_PATH } from '../server/protocol.ts'
import { ContainerError } from './errors.ts'

/**
 * Listens at a path where a container may come near. Throws `code`, whose sentence begins with the door's name, when the
 * system does not let us; and what is wrong with the path.
 */
export async function openDoorSocket(
  server: Server,
  path: string,
  door: { name: string; code: string },
): Promise<void> {
  await freeSocketPath(path)
  try {
    await listen(server, { path })
  } catch (cause) {
    throw new ContainerError(
      door.code,
      `The ${door.name} could not be opened at ${path}: ${(cause as Error).message}.`,
      'Check that the folder exists and is yours, then start the session again.',
      { cause },
    )
  }
  // The session's user may connect, whatever its uid: connecting needs write permission on the file. Who may come near
  // the file is up to the folder above it.
  chmodSync(path, 0o666)
}

/** Removes the socket file of a process that is gone. Rejects when the path is too long, in use, or something else. */
async function freeSocketPath(path: string): Promise<void> {
  if (Buffer.byteLength(path) > MAX_SOCKET_PATH) {
    throw new ContainerError(
      'socket-path-too-long',
      `The socket path ${path} is longer than ${MAX_SOCKET_PATH} bytes, which unix sockets do not allow.`,
      'Set XDG_STATE_HOME to a shorter folder.',
    )
  }
  const file = lstatSync(path, { throwIfNoEntry: false })
  if (file === undefined) return
  if (!file.isSocket()) {
    throw new ContainerError(
      'not-a-socket',
      `${path} exists and is not a socket.`,
      'Move it away, then start the session again.',
    )
  }
  if (await isAnswered(path)) {
    throw new ContainerError(
      'socket-in-use',
      `Another process already listens at ${path}.`,
      'Stop the other responder with rc server stop, then try again.',
    )
  }
  rmSync(path, { force: true })
}
