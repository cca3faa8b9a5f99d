/** All connections that one gate carries. Both ends use this file; only the host's has somebody to distrust. */
import type { Socket } from 'node:net'
import { type Carried, carry, type Shared } from './carried.ts'
import { encodeFrame, type Frame, FrameError } from './frames.ts'

/** Connections at once through one door; more are closed unanswered. One busy door leaves the others free. */
export const MAX_CONNECTIONS = 256

type LinkOptions = {
  /** How many doors there are. */
  doors: number
  /** Takes bytes for the other end; false when it wants to be left alone until `drained` is called. */
  write(bytes: Buffer): boolean
  /** The door itself, connected to for one connection. Only the host's end is given one. */
  connect?: (door: number) => Socket
}

/** `receive` throws a FrameError at the first frame that breaks the rules; whoever gets it closes the link. */
export function createLink({ doors, write, connect }: LinkOptions) {
  const carried = new Map<number, { door: number; connection: Carried }>()
  const busy: number[] = Array.from({ length: doors }, () => 0)
  let lastId = 0
  let isFull = false
  let isClosed = false

  const shared: Shared = {
    send(frame) {
      if (!isClosed && !write(encodeFrame(frame))) isFull = true
    },
    isFull: () => isFull,
    forget(id) {
      const door = carried.get(id)?.door
      if (door === undefined) return
      carried.delete(id)
      busy[door] = (busy[door] ?? 0) - 1
    },
  }

  function add(id: number, door: number, socket: Socket): void {
    busy[door] = (busy[door] ?? 0) + 1
    carried.set(id, { door, connection: carry(id, socket, shared) })
  }

  function isTooMany(door: number): boolean {
    return (busy[door] ?? MAX_CONNECTIONS) >= MAX_CONNECTIONS
  }

  function receiveOpen({ id, door }: Extract<Frame, { type: 'open' }>): void {
    if (connect === undefined) throw new FrameError('only the gate opens connections')
    if (id <= lastId) throw new FrameError(`connection ${id} was there before`)
    if (door >= doors) throw new FrameError(`there is no door ${door}`)
    if (isTooMany(door)) throw new FrameError(`there are more than ${MAX_CONNECTIONS} connections at a door`)
    lastId = id
    add(id, door, connect(door))
  }

  return {
    /** Carries a connection that somebody made to a door here. */
    open(door: number, socket: Socket): void {
      if (isClosed || isTooMany(door)) return void socket.destroy()
      lastId += 1
      shared.send({ type: 'open', id: lastId, door })
      add(lastId, door, socket)
    },

    receive(frame: Frame): void {
      if (isClosed) return
      if (frame.type === 'hello') throw new FrameError('a hello comes once, and first')
      if (frame.type === 'open') {
        receiveOpen(frame)
        return
      }
      const known = carried.get(frame.id)
      if (known === undefined) throw new FrameError(`there is no connection ${frame.id}`)
      known.connection.receive(frame)
    },

    /** The other end takes bytes again. */
    drained(): void {
      isFull = false
      for (const { connection } of carried.values()) connection.pump()
    },

    /** Ends every connection, at once. */
    close(): void {
      isClosed = true
      for (const { connection } of carried.values()) connection.destroy()
      carried.clear()
    },
  }
}
