/** A plan with text, as a model makes one: it stands in a file, and the call that shows it is empty. */
import type { MessagesRequest, Step } from '../../demo/scripted-model.ts'

/** Where a plan goes is in Claude Code's own reminder to the model (2.1.197 and 2.1.330), and nowhere else. */
function planFile(asked: MessagesRequest): string {
  const file = /create your plan at (\S+?\.md)/.exec(JSON.stringify(asked.messages))?.[1]
  if (file === undefined) throw new Error('Claude Code has named no plan file')
  return file
}

/** The turns in which a plan is written and then shown to the person. In plan mode that file may be written unasked. */
export const planSteps = (text: string): Step[] => [
  { tools: (asked) => [{ name: 'Write', input: { file_path: planFile(asked), content: text } }] },
  { tools: [{ name: 'ExitPlanMode', input: {} }] },
]
