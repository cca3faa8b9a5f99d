/** Whether and how an ask reaches the phone. Pure. */

import type { Ask } from '../../asks/ask.ts'
import type { Priority } from '../../attention/priority.ts'
import { summary } from '../../claude/summary.ts'
import { knownToolName } from '../../claude/tool-name.ts'
import type { Push } from '../../ports.ts'
import { brief, showHidden } from '../../text/preview.ts'

/** Longest text of a push, in characters; services with a smaller limit shorten it further. */
const MESSAGE_LENGTH = 900

/** The push for a new ask. Its texts are masked: they travel through somebody else's servers. */
export function toPush(ask: Ask, url: string | null, priority: Priority): Push {
  const text = ask.text ?? `${quotedName(ask.tool)}${summary(ask.tool, ask.input)}`
  return {
    ask: ask.id,
    session: ask.sessionName,
    title: showHidden(`${ask.sessionName}: ${headline(ask)}`),
    message: brief(text, MESSAGE_LENGTH) || '(no text)',
    url,
    urlTitle: ask.kind === 'reply' ? 'Reply' : 'Answer',
    priority,
    ttlSeconds: Math.max(30, Math.round((ask.deadline - ask.createdAt) / 1000)),
    buttons: [],
  }
}

/** The one push that tells of questions which wait; `url` leads to the first of them. */
export function toDigest({ session, count, url, why }: Digest): Push {
  const [question, wait] = count === 1 ? ['question', 'waits'] : ['questions', 'wait']
  return {
    ask: null,
    session,
    title: showHidden(
      `${session}: ${count} ${why === 'still' ? '' : 'more '}${question} ${why === 'still' ? 'still ' : ''}${wait}`,
    ),
    message: `${WHY[why]} On your machine, rc asks lists them all.`,
    url,
    urlTitle: 'Answer the first of them',
    priority: 'high',
    ttlSeconds: 60 * 60,
    buttons: [],
  }
}

type Digest = { session: string; count: number; url: string | null; why: keyof typeof WHY }

const WHY = {
  'used-up':
    'This session has used up its pushes for now, so they reach the phone one by one, some minutes apart.',
  still: 'Nobody has answered so far.',
  crowd: 'They came so close together that this one push stands for all of them.',
} as const

/** A name that anybody in the session may have chosen stands in the session's part. */
function quotedName(tool: string | null): string {
  return tool === null || knownToolName(tool) !== null ? '' : `${JSON.stringify(tool)}: `
}

function headline(ask: Ask): string {
  switch (ask.kind) {
    case 'permission':
      return `${knownToolName(ask.tool) ?? 'a tool'} needs approval`
    case 'question':
      return 'Claude has a question'
    case 'plan':
      return 'a plan to approve'
    case 'form':
      return 'a form to fill in'
    case 'reply':
      return 'Claude is waiting for you'
    case 'dialog':
      return 'a dialog is open'
    case 'test':
      return 'a test'
    case 'domain':
      return 'wants to reach a host'
    case 'key':
      return 'wants a signature'
  }
}
