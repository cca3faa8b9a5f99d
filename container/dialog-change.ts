/** What became of a dialog after a key. Pure. */
import type { Dialog } from './screen/dialog.ts'

/**
 * Whether all that has changed is the text of the row under the cursor: the key was typed into it, and answered nothing.
 * A box that has been ticked is a change.
 */
export function isOnlyTyped(before: Dialog, after: Dialog): boolean {
  if (before.body !== after.body || before.options.length !== after.options.length) return false
  return before.options.every((was, index) => {
    const is = after.options[index]
    if (is === undefined || was.label === is.label) return is !== undefined
    const isTicked = withoutBox(was.label) === withoutBox(is.label)
    return (was.selected || is.selected) && !isTicked
  })
}

function withoutBox(label: string): string {
  return label.replace(/^\[.\] /, '')
}
