/**
 * Ends a session whose conversations have grown beyond their limit: they are on the host's disk, where nothing else bounds
 * them. A session can write for the time between two looks; what it has deleted and holds open is not seen, and gone
 * when it ends.
 */
import { rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log, SessionRef } from '../../server/ports.ts'
import { sessionFolders } from '../places.ts'
import type { Conversations } from './conversations.ts'
import { isTooLarge, MOST_BYTES } from './size.ts'

const EVERY_MS = 500

type Session = SessionRef & { containerId: string }

type Parts = {
  stateDir: string
  conversations: Pick<Conversations, 'collect' | 'empty'>
  /** Ends the container at once. */
  end(containerId: string): Promise<void>
  log: Log
}

/** `keep` names the sessions that live. */
export function createConversationWatch({ stateDir, conversations, end, log }: Parts) {
  let living: Session[] = []
  const over = new Set<string>()
  let looking: Promise<void> = Promise.resolve()
  let isLooking = false
  const timer = setInterval(() => {
    if (isLooking) return
    isLooking = true
    looking = look().finally(() => {
      isLooking = false
    })
  }, EVERY_MS)
  timer.unref()

  async function look(): Promise<void> {
    for (const session of living) {
      if (over.has(session.containerId)) continue
      const folders = sessionFolders(stateDir, session.id)
      if (!(await isTooLarge(folders.conversations))) continue
      over.add(session.containerId)
      await endIt(session, folders.root).catch((error: Error) => {
        over.delete(session.containerId)
        log('error', 'a session with too many conversations could not be ended', {
          session: session.name,
          error: error.message,
        })
      })
    }
  }

  async function endIt(session: Session, root: string): Promise<void> {
    log('warn', 'a session was ended: its conversations had grown too large', { session: session.name })
    // First: whoever sees that it has ended asks why.
    await writeFile(join(root, MARK), '', { mode: 0o600 })
    await end(session.containerId)
    await conversations.collect(session)
    await conversations.empty(session.id)
  }

  return {
    keep(sessions: Session[]): void {
      living = sessions
    },
    async close(): Promise<void> {
      clearInterval(timer)
      await looking
    },
  }
}

const MARK = 'conversations-too-large'

/** Why a session was ended by the watch, as a sentence; null of one that was not. */
export async function whyEnded(stateDir: string, id: string): Promise<string | null> {
  const found = await stat(join(sessionFolders(stateDir, id).root, MARK)).catch(() => null)
  return found === null
    ? null
    : `it was ended because its conversations had grown beyond ${MOST_BYTES / 1024 ** 2} MB; what of them are transcripts within that is kept.`
}

/** A session that starts again has not been ended. */
export async function forgetWhyEnded(root: string): Promise<void> {
  await rm(join(root, MARK), { force: true })
}
