/**
 * The conversations of sessions. A session has a folder of its own for them, made again at each start; what it leaves there
 * is kept per workspace, where no session can write, so that the next one can go on.
 *
 *   ~/.claude/projects/P ──(read)──┐
 *                                  ├─► sessions/ID/conversations ◄── mounted, the session writes
 *   conversations/P ───────────────┘            │
 *        ▲──────────────(restart, kill, take)───┘
 */
import { createHash } from 'node:crypto'
import { chown, mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { sessionFolders, transcriptFolderName } from '../places.ts'
import type { Owner } from '../workspace/workspace.ts'
import { MOST_BYTES } from './size.ts'
import { copyTranscript, listTranscripts, removeWritten, type Transcript } from './transcripts.ts'

/** A session begins with less than it may hold, or it could not go on. */
const MOST_GIVEN = (MOST_BYTES * 3) / 4
const MOST_KEPT_FILES = 500

type Parts = {
  stateDir: string
  /** The folder of the user's own Claude. */
  claudeDir: string
}

type Whose = { id: string; workspace: string }

export type Conversations = ReturnType<typeof createConversations>

/** Making this does nothing. */
export function createConversations({ stateDir, claudeDir }: Parts) {
  /** Two workspaces may have one name with Claude; here they have two. */
  function keptIn(workspace: string): string {
    const digest = createHash('sha256').update(workspace).digest('hex').slice(0, 12)
    const name = workspace.replace(/[^a-zA-Z0-9]/g, '-').slice(-60)
    return join(stateDir, 'conversations', `${name}-${digest}`)
  }

  const folderOf = (id: string) => sessionFolders(stateDir, id).conversations

  /** Keeps what the session has written, as it is now. Nothing but transcripts, the newest of each. */
  async function collect({ id, workspace }: Whose): Promise<void> {
    const written = await listTranscripts(folderOf(id))
    if (written.length === 0) return
    const store = keptIn(workspace)
    await mkdir(store, { recursive: true, mode: 0o700 })
    const kept = new Map((await listTranscripts(store)).map((one) => [one.id, one]))
    let room = MOST_BYTES
    for (const one of written) {
      const before = kept.get(one.id)
      const isKnown =
        before !== undefined &&
        (before.changedAt > one.changedAt || (before.changedAt === one.changedAt && before.size === one.size))
      if (isKnown || one.size > room) continue
      room -= one.size
      await copyTranscript(one, join(store, `${one.id}.jsonl`))
    }
    await forgetOldest(store)
  }

  async function forgetOldest(store: string): Promise<void> {
    let room = MOST_BYTES
    for (const [at, { path, size }] of (await listTranscripts(store)).entries()) {
      room -= size
      if (room < 0 || at >= MOST_KEPT_FILES) await rm(path, { force: true })
    }
  }

  return {
    collect,

    /**
     * A new folder for the session, with the last conversations of its workspace, in sessions and on this machine: of each
     * the one that went on last. Gives what a person should know about it.
     */
    async prepare(session: Whose, owner: Owner, wanted?: string): Promise<string[]> {
      await collect(session)
      const folder = folderOf(session.id)
      await removeWritten(folder)
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const found = new Map<string, Transcript>()
      for (const one of [
        ...(await listTranscripts(keptIn(session.workspace))),
        ...(await atHome(claudeDir, session.workspace)),
      ]) {
        if ((found.get(one.id)?.changedAt ?? 0) < one.changedAt) found.set(one.id, one)
      }
      const newest = [...found.values()].sort((left, right) => right.changedAt - left.changedAt)
      const chosen = newest.filter(({ id }) => id === wanted)
      const leftOut: Transcript[] = []
      let room = MOST_GIVEN
      for (const one of [...chosen, ...newest.filter(({ id }) => id !== wanted)]) {
        const to = join(folder, `${one.id}.jsonl`)
        if (one.size > room || !(await copyTranscript(one, to))) {
          leftOut.push(one)
          continue
        }
        room -= one.size
        if (process.getuid?.() === 0) await chown(to, owner.uid, owner.gid)
      }
      if (process.getuid?.() === 0) await chown(folder, owner.uid, owner.gid)
      // Older ones that no longer fit are missed by nobody.
      const missed = leftOut.find((one) => one === newest[0] || one.id === wanted)
      return missed === undefined
        ? []
        : [
            `The conversation ${missed.id} is too large (${Math.ceil(missed.size / 1024 ** 2)} MB) to go on with in a session.`,
          ]
    },

    /** What `rc take` can bring home: those of the session, or where it has none left, those kept of its workspace. */
    async list(session: Whose): Promise<Transcript[]> {
      await collect(session)
      const kept = await listTranscripts(keptIn(session.workspace))
      const own = new Set((await listTranscripts(folderOf(session.id))).map(({ id }) => id))
      return own.size === 0 ? kept : kept.filter(({ id }) => own.has(id))
    },

    /** The last conversation of a folder may be one of a session beside the one that begins. */
    async collectAll(sessions: Whose[]): Promise<void> {
      for (const session of sessions) await collect(session)
    },

    /** Keeps what a session that has ended has written, and removes its folder. */
    async putAway(session: Whose): Promise<void> {
      await collect(session)
      await removeWritten(folderOf(session.id))
    },

    /** Leaves an empty folder, so that the container that has it can be started. */
    async empty(id: string): Promise<void> {
      const { uid, gid } = await stat(folderOf(id))
      await removeWritten(folderOf(id))
      await mkdir(folderOf(id), { mode: 0o700 })
      await chown(folderOf(id), uid, gid)
    },

    /** False of a session from before this folder: its conversations stand among those of the user's own Claude. */
    async hasOwn(id: string): Promise<boolean> {
      return await stat(folderOf(id)).then(
        () => true,
        () => false,
      )
    },
  }
}

/** Of the user's own Claude, none for a workspace whose folder has another name than its path. */
async function atHome(claudeDir: string, workspace: string): Promise<Transcript[]> {
  const name = transcriptFolderName(workspace)
  return name === null ? [] : await listTranscripts(join(claudeDir, 'projects', name))
}
