/** A question of Claude's to the person. */
import type { Scene } from '../facts.ts'
import { decision } from '../recorder.ts'
import { GUARDED, guardedSettings } from './guarded.ts'
import { stays } from './stays.ts'

const QUESTIONS = [
  {
    question: 'Which colour?',
    header: 'Colour',
    multiSelect: false,
    options: [
      { label: 'Red', description: 'warm' },
      { label: 'Blue', description: 'cold' },
    ],
  },
  {
    question: 'Which parts?',
    header: 'Parts',
    multiSelect: true,
    options: [
      { label: 'Auth', description: 'who' },
      { label: 'Cache', description: 'how fast' },
    ],
  },
]
const asks = { tools: [{ name: 'AskUserQuestion', input: { questions: QUESTIONS } }] }
const ANSWERS = { 'Which colour?': 'Blue', 'Which parts?': 'Auth, Cache' }

export const questionScene: Scene = {
  name: 'a question',
  args: GUARDED,
  settings: guardedSettings,
  scripts: { 'mark-bare': [asks, { text: 'Done bare.' }], 'mark-answer': [asks, { text: 'Done answer.' }] },
  facts: [
    {
      id: 'question-asks',
      fact: 'AskUserQuestion fires PermissionRequest in bypass mode, with its questions',
    },
    { id: 'question-bare', fact: 'a bare allow leaves the dialog of a question', since: '2.1.330' },
    {
      id: 'question-answer',
      fact: 'allow with updatedInput {questions, answers} answers a question, several choices too',
    },
  ],
  async play(stage, see) {
    await stays(stage, see, 'question-bare', 'mark-bare', { stdout: decision({ behavior: 'allow' }) })
    const updatedInput = { questions: QUESTIONS, answers: ANSWERS }
    const asked = await stage.ask('mark-answer', { stdout: decision({ behavior: 'allow', updatedInput }) })
    await see('question-asks', async () => {
      const { input = {} } = await asked.heard('PermissionRequest')
      const { questions } = (input['tool_input'] ?? {}) as { questions?: unknown[] }
      return (input['tool_name'] === 'AskUserQuestion' && questions?.length === 2) || JSON.stringify(input)
    })
    await see('question-answer', async () => {
      const result = await stage.wait('the answer', async () =>
        stage.model
          .toolResults()
          .map(({ content }) => JSON.stringify(content))
          .find((it) => it.includes('Blue')),
      )
      return result.includes('Auth, Cache') || result
    })
    await stage.idle()
  },
}
