/** The form that an MCP server asks to be filled in. Its words are the server's, and shown as such. */
import { whyNotHere } from '../../claude/form-content.ts'
import { type FormField, fieldsOf } from '../../claude/form-fields.ts'
import type { AskView } from '../../protocol.ts'
import { showHidden } from '../../text/preview.ts'
import { Choice, Digest } from '../parts.tsx'

export function ElicitationForm({ ask }: { ask: AskView }) {
  const { mode, url, server, schema } = ask.input
  const fields = fieldsOf(ask.input)
  const why = whyNotHere(fields)
  return (
    <>
      <p class="agent">
        <span class="soft">The MCP server {showHidden(String(server ?? 'without a name'))} says: </span>
        {showHidden(ask.text ?? '')}
      </p>
      <form method="post" novalidate>
        <Digest ask={ask} />
        {mode === 'url' ? (
          <pre tabindex={0}>{showHidden(String(url ?? ''))}</pre>
        ) : (
          why === null && fields.map((field, index) => <Field field={field} name={`field-${index}`} />)
        )}
        {why === null ? (
          <Choice value="allow" label={mode === 'url' ? 'I have opened it' : 'Send'} class="yes" />
        ) : (
          <>
            <p class="notice">{showHidden(why)}</p>
            <pre tabindex={0}>{showHidden(JSON.stringify(schema, null, 2))}</pre>
          </>
        )}
        <Choice value="deny" label="Decline" class="no" />
        <Choice value="deny stop" label="Cancel" class="quiet" />
      </form>
    </>
  )
}

function Field({ field, name }: { field: FormField; name: string }) {
  const title = `${showHidden(field.title)}${field.isRequired ? ' (required)' : ''}`
  const note = field.description !== '' && <span class="soft"> {showHidden(field.description)}</span>
  if (field.type === 'boolean') {
    return (
      <label class="choice">
        <input type="checkbox" name={name} value="true" checked={field.initial[0] === 'true'} />
        <span>
          {title}
          {note}
        </span>
      </label>
    )
  }
  if (field.type === 'choice' || field.type === 'list') {
    return (
      <fieldset>
        <legend>
          {title}
          {note}
        </legend>
        {field.choices.map(({ value, label }) => (
          <label class="choice">
            <input
              type={field.type === 'list' ? 'checkbox' : 'radio'}
              name={name}
              value={value}
              checked={field.initial.includes(value)}
            />
            <span>{showHidden(label)}</span>
          </label>
        ))}
      </fieldset>
    )
  }
  if (field.type === 'unknown') return null
  const id = `input-${name}`
  return (
    <p>
      <label for={id}>
        {title}
        {note}
      </label>
      {field.type === 'number' ? (
        <input
          type="text"
          inputmode={field.isInteger ? 'numeric' : 'decimal'}
          id={id}
          name={name}
          value={field.initial[0] ?? ''}
        />
      ) : (
        <input type={field.input} id={id} name={name} value={field.initial[0] ?? ''} autocomplete="off" />
      )}
    </p>
  )
}
