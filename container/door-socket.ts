/** The file of a listening unix socket: where it may be, and what is left of an earlier one. */

import { chmodSync, lstatSync, rmSync } from 'node:fs'
import { connect, type Server } from 'node:net'
import { ContainerError } from './errors.ts'

/** Linux takes 107 bytes, macOS 103; longer paths are cut off without a word by some callers. */
const MAX_PATH_BYTES = 100

/** Removes the socket file of a process that is gone. Rejects when the path is too long, in use, or something else. */
export async function freeSocketPath(path: string): Promise<void> {
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) {
    throw new ContainerError(
      'socket-path-too-long',
      `The socket path ${path} is longer than ${MAX_PATH_BYTES} bytes, which unix sockets do not allow.`,
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
  if (await answers(path)) {
    throw new ContainerError(
      'socket-in-use',
      `Another process already listens at ${path}.`,
      'Stop the other responder with rc server stop, then try again.',
    )
  }
  rmSync(path, { force: true })
}

/**
 * Lets the session's user connect, whatever its uid: connecting needs write permission on the file. Who may come near
 * the file is up to the folder above it.
 */
export function openToContainer(path: string): void {
  chmodSync(path, 0o666)
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

export function listenAt(server: Server, socketPath: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error) =>
      reject(
        new ContainerError(
          'egress-door-closed',
          `The egress door could not be opened at ${socketPath}: ${cause.message}.`,
          'Check that the folder exists and is yours, then start the session again.',
          { cause },
        ),
      )
    server.once('error', fail)
    server.listen(socketPath, () => {
      server.off('error', fail)
      resolve()
    })
  })
}
