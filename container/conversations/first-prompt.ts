/**
 * What became of a session's first prompt, as Claude's own transcript tells. The session writes it, so it is believed
 * about nothing but the session itself.
 */
import { openPlain } from '../workspace/files.ts'
import { listTranscripts } from './transcripts.ts'

/** The beginning of a transcript says it; what follows may be long. */
const MOST_BYTES = 256 * 1024
/** The words of 2.1.197 and 2.1.332, in an entry that ends the turn. */
const BLOCKED = /^UserPromptSubmit operation blocked by hook:\s*(.*?)\s*(?:Original prompt:|$)/s
const LONGEST = 500

/**
 * Null while Claude has not begun with a prompt since `startedAt` (milliseconds since 1970); `blocked` is what a hook said
 * that kept it away from Claude. Never rejects.
 */
export async function readFirstPrompt(
  folder: string,
  startedAt: number,
): Promise<{ blocked?: string } | null> {
  for (const { path, changedAt } of await listTranscripts(folder)) {
    if (changedAt < startedAt) return null
    const begun = judge(await readStart(path), startedAt)
    if (begun !== null) return begun
  }
  return null
}

async function readStart(path: string): Promise<string> {
  const file = await openPlain(path)
  if (file === null) return ''
  try {
    const { size } = await file.stat()
    // A conversation that is gone on with has its new lines at the end.
    const at = Math.max(0, size - MOST_BYTES)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MOST_BYTES), 0, MOST_BYTES, at)
    return buffer.toString('utf8', 0, bytesRead)
  } catch {
    // It is being written or taken away: the next look will tell.
    return ''
  } finally {
    await file.close()
  }
}

function judge(text: string, startedAt: number): { blocked?: string } | null {
  for (const line of text.split('\n')) {
    const entry = parse(line)
    if (!(Date.parse(String(entry['timestamp'])) >= startedAt)) continue
    if (entry['type'] === 'user' || entry['type'] === 'assistant') return {}
    const words = entry['type'] === 'system' ? BLOCKED.exec(String(entry['content'])) : null
    if (words !== null) return { blocked: (words[1] || 'it said nothing').slice(0, LONGEST) }
  }
  return null
}

function parse(line: string): Record<string, unknown> {
  try {
    return (JSON.parse(line) ?? {}) as Record<string, unknown>
  } catch {
    return {}
  }
}
