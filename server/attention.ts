/** Whether and how an ask reaches the phone. Pure. */
import type { Ask } from './ask.ts'
import type { Push } from './ports.ts'
import { maskSecrets, shorten, showHidden, summary } from './preview.ts'
import { knownToolName } from './tool-name.ts'

/** Longest text of a push, in characters; services with a smaller limit shorten it further. */
const MESSAGE_LENGTH = 900

/** The push for a new ask. Its texts are masked: they travel through somebody else's servers. */
export function toPush(ask: Ask, url: string | null): Push {
  const text = ask.text ?? `${quotedName(ask.tool)}${summary(ask.tool, ask.input)}`
  return {
    ask: ask.id,
    title: showHidden(`${ask.sessionName}: ${headline(ask)}`),
    message: shorten(maskSecrets(showHidden(text)), MESSAGE_LENGTH) || '(no text)',
    url,
    urlTitle: ask.kind === 'reply' ? 'Reply' : 'Answer',
    urgency: ask.kind === 'reply' ? 'normal' : 'high',
    ttlSeconds: Math.max(30, Math.round((ask.deadline - ask.createdAt) / 1000)),
  }
}

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
    case 'domain':
      return 'wants to reach a host'
    case 'key':
      return 'wants a signature'
  }
}
