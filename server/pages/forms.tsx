/** The forms that answer an ask. They work without any script. */
import { type Lasting, lastingsOf } from '../door-ask.ts'
import { showHidden } from '../preview.ts'
import type { AskView } from '../protocol.ts'
import { type Question, readQuestions } from './questions.ts'

type Answerable = { ask: AskView; alwaysMeans: string }

/** The form that fits the kind of ask. */
export function AnswerForms({ ask, alwaysMeans }: Answerable) {
  switch (ask.kind) {
    case 'reply':
      return <ReplyForm ask={ask} />
    case 'question':
      return <QuestionForm ask={ask} />
    case 'plan':
      return (
        <>
          <form method="post">
            <Digest ask={ask} />
            <Choice value="allow" label="Yes, go ahead" class="yes" />
          </form>
          <DenyForm ask={ask} label="No, and tell Claude what to change" />
        </>
      )
    case 'domain':
    case 'key':
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
    default:
      return (
        <>
          <form method="post">
            <Digest ask={ask} />
            <Choice value="allow" label="Yes" class="yes" />
            <Choice value="always" label="Always" class="always" />
            <p class="soft">{showHidden(alwaysMeans)}.</p>
            <Choice value="deny" label="No" class="no" />
          </form>
          <DenyForm ask={ask} label="No, and tell Claude what to do instead" />
        </>
      )
  }
}

const LASTING_LABELS: Record<Lasting, string> = {
  once: 'Yes, this once',
  '10m': 'Yes, for ten minutes',
  session: 'Yes, for this session',
  always: 'Always',
}

function ReplyForm({ ask }: { ask: AskView }) {
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

function QuestionForm({ ask }: { ask: AskView }) {
  return (
    <form method="post">
      <Digest ask={ask} />
      {readQuestions(ask.input).map((question) => (
        <QuestionField question={question} />
      ))}
      <Choice value="allow" label="Answer" class="yes" />
      <Choice value="deny" label="Do not answer" class="quiet" />
    </form>
  )
}

function QuestionField({ question }: { question: Question }) {
  return (
    <fieldset>
      <legend>{showHidden(question.text)}</legend>
      {question.options.map((option) => (
        <label class="choice">
          <input
            type={question.isMultiple ? 'checkbox' : 'radio'}
            name={`choice:${question.text}`}
            value={option.label}
          />
          <span>
            {showHidden(option.label)}
            {option.description !== '' && <span class="soft"> {showHidden(option.description)}</span>}
          </span>
        </label>
      ))}
      <label>
        Something else
        <input type="text" name={`other:${question.text}`} />
      </label>
    </fieldset>
  )
}

function DenyForm({ ask, label }: { ask: AskView; label: string }) {
  return (
    <form method="post">
      <Digest ask={ask} />
      <label>
        {label}
        <textarea name="message" required rows={3}></textarea>
      </label>
      <Choice value="deny" label="No, with these words" class="quiet" />
    </form>
  )
}

function Choice({ value, label, class: style }: { value: string; label: string; class: string }) {
  return (
    <button type="submit" name="answer" value={value} class={style}>
      {label}
    </button>
  )
}

/** What was shown goes back with the answer, so that an answer to anything else is refused. */
function Digest({ ask }: { ask: AskView }) {
  return <input type="hidden" name="digest" value={ask.digest} />
}
