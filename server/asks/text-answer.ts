/** What a text means that somebody sends as the reply to a push. Pure. */
import { readQuestions } from '../claude/questions.ts'
import type { Answer } from '../protocol.ts'
import type { Ask } from './ask.ts'

const YES = /^(y|yes|yep|ok|okay|sure|allow|approve|approved|go|go ahead|do it|always|👍|✅)[.!]*$/iu
const NO = /^(n|no|nope|deny|denied|reject|stop|👎|❌)[.!]*$/iu

/**
 * A reply's text, a question's own answer, or the reason of a No. A sentence instead, where it is none of these: a bare yes
 * to a call is not taken for a reason to refuse it, and not for a Yes either, which only a button can give.
 */
export function toTextAnswer(ask: Pick<Ask, 'kind' | 'input'>, text: string): Answer | { why: string } {
  const words = text.trim()
  switch (ask.kind) {
    case 'reply':
      return { answer: 'reply', message: words }
    case 'question': {
      const [only, ...more] = readQuestions(ask.input)
      if (only === undefined || more.length > 0) return { why: 'This one has several parts: open its page.' }
      return { answer: 'allow', choices: { [only.text]: words } }
    }
    case 'permission':
    case 'plan':
      if (YES.test(words))
        return { why: 'A text is taken for the reason of a No. For a Yes use the button, or the page.' }
      return NO.test(words) ? { answer: 'deny' } : { answer: 'deny', message: words }
    default:
      return { why: 'This one takes no text: open its page.' }
  }
}
