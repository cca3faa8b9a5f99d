/** The forms that answer an ask. They work without any script. */

import { type Lasting, lastingsOf } from '../../asks/access-ask.ts'
import { HOOK_ENDED } from '../../asks/outcome-words.ts'
import type { AskView, HookEnd } from '../../protocol.ts'
import { showHidden } from '../../text/preview.ts'
import { Choice, DenyForm, Digest } from '../parts.tsx'
import { DialogForm } from './dialog-form.tsx'
import { ElicitationForm } from './elicitation-form.tsx'
import { PermissionForms } from './permission-form.tsx'
import { QuestionForm } from './question-form.tsx'

/** The form that fits the kind of ask; while its hook is gone, only what can still reach Claude. */
export function AnswerForms({ ask }: { ask: AskView }) {
  if (ask.hook_end !== null) return <RefusalForms ask={ask} hookEnd={ask.hook_end} />
  switch (ask.kind) {
    case 'permission':
      return <PermissionForms ask={ask} />
    case 'question':
      return <QuestionForm ask={ask} />
    case 'plan':
      return <PlanForms ask={ask} />
    case 'form':
      return <ElicitationForm ask={ask} />
    case 'reply':
      return <ReplyForm ask={ask} />
    case 'dialog':
      return <DialogForm ask={ask} />
    case 'test':
      return <TestForm ask={ask} />
    case 'domain':
    case 'key':
      return <DeedForm ask={ask} />
  }
}

function RefusalForms({ ask, hookEnd }: { ask: AskView; hookEnd: HookEnd }) {
  return (
    <>
      <p class="notice">
        {HOOK_ENDED[hookEnd]} A Yes from here cannot reach Claude any more: allow it at the keyboard of the
        session. No presses Esc there, and tells Claude to ask once more if it still has to.
      </p>
      <form method="post">
        <Digest ask={ask} />
        <Choice value="deny" label="No" class="no" />
        <Choice value="deny stop" label="No, and stop Claude" class="quiet" />
      </form>
      {ask.kind !== 'form' && <DenyForm ask={ask} label="No, and tell Claude what to do instead" />}
    </>
  )
}

function PlanForms({ ask }: { ask: AskView }) {
  return (
    <>
      <form method="post">
        <Digest ask={ask} />
        <Choice value="allow" label="Yes, go ahead" class="yes" />
        <Choice value="allow mode acceptEdits" label="Yes, and accept its edits" class="always" />
        <Choice value="allow mode default" label="Yes, and ask me about each edit" class="always" />
      </form>
      <DenyForm ask={ask} label="No, and tell Claude what to change" />
    </>
  )
}

function TestForm({ ask }: { ask: AskView }) {
  return (
    <form method="post">
      <Digest ask={ask} />
      <Choice value="allow" label="Yes" class="yes" />
      <Choice value="deny" label="No" class="no" />
    </form>
  )
}

function DeedForm({ ask }: { ask: AskView }) {
  return (
    <form method="post">
      <Digest ask={ask} />
      {lastingsOf(ask).map((lasting) => (
        <Choice
          value={`allow for ${lasting}`}
          label={LASTING_LABELS[lasting]}
          class={lasting === 'once' ? 'yes' : 'always'}
        />
      ))}
      <Choice value="deny" label="No" class="no" />
      {lastingsOf(ask).includes('always') && (
        <p class="soft">Always writes the host into network.allowed_domains, for every session.</p>
      )}
    </form>
  )
}

const LASTING_LABELS: Record<Lasting, string> = {
  once: 'Yes, this once',
  '10m': 'Yes, for ten minutes',
  session: 'Yes, for this session',
  always: 'Always',
}

function ReplyForm({ ask }: { ask: AskView }) {
  if (ask.untypable !== null) return <p class="notice">{showHidden(ask.untypable)}</p>
  return (
    <form method="post">
      <Digest ask={ask} />
      <label>
        Your reply
        <textarea name="message" required rows={4}></textarea>
      </label>
      <label class="choice">
        <input type="checkbox" name="as_command" value="yes" />
        <span>Send a leading / or ! as a command of Claude Code</span>
      </label>
      <Choice value="reply" label="Send" class="yes" />
    </form>
  )
}
