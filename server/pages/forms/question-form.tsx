/** The form for Claude's own questions. */

import { furtherInput, type Question, readQuestions } from '../../claude/questions.ts'
import type { AskView } from '../../protocol.ts'
import { showHidden } from '../../text/preview.ts'
import { Choice, DenyForm, Digest } from '../parts.tsx'

export function QuestionForm({ ask }: { ask: AskView }) {
  const further = furtherInput(ask.input)
  return (
    <>
      <form method="post">
        <Digest ask={ask} />
        {readQuestions(ask.input).map((question, index) => (
          <QuestionField question={question} index={index} />
        ))}
        {further !== null && (
          <>
            <h2>Further input</h2>
            <pre tabindex={0}>{showHidden(JSON.stringify(further, null, 2))}</pre>
          </>
        )}
        <Choice value="allow" label="Answer" class="yes" />
      </form>
      <DenyForm ask={ask} label="Do not answer" />
    </>
  )
}

function QuestionField({ question, index }: { question: Question; index: number }) {
  return (
    <fieldset>
      <legend class="agent">
        {question.header !== '' && <span class="soft">{showHidden(question.header)}: </span>}
        {showHidden(question.text)}
      </legend>
      {question.options.map((option, at) => (
        <>
          <label class="choice">
            <input
              type={question.isMultiple ? 'checkbox' : 'radio'}
              name={`choice-${index}`}
              value={String(at)}
            />
            <span>
              {showHidden(option.label)}
              {option.description !== '' && <span class="soft"> {showHidden(option.description)}</span>}
            </span>
          </label>
          {option.preview !== '' && <pre tabindex={0}>{showHidden(option.preview)}</pre>}
        </>
      ))}
      <label>
        {question.isMultiple ? 'Something else as well' : 'Something else instead'}
        <input type="text" name={`other-${index}`} autocomplete="off" />
      </label>
    </fieldset>
  )
}
