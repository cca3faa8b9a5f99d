/** What the model does in stories of Claudes that are not ours: one of each kind. */
import { askUser, COLOUR } from './questions.ts'

/** A call that runs one command. */
export const bash = (command: string) => ({ name: 'Bash', input: { command } })
/** By the word in the prompt. */
export const scripts = {
  'make-it': [{ tools: [bash('touch made.txt')] }, { text: 'Made it.' }],
  'make-more': [{ tools: [bash('touch more.txt')] }, { text: 'Made more.' }],
  'ask-me': [{ tools: [askUser(COLOUR)] }, { text: 'Thanks.' }],
  'plan-it': [{ tools: [{ name: 'ExitPlanMode', input: {} }] }, { text: 'Planned.' }],
  'serve-it': [
    {
      tools: [
        { name: 'Bash', input: { command: 'sleep 60', run_in_background: true, description: 'Serve' } },
      ],
    },
    { text: 'Serving.' },
  ],
  'just-talk': [{ text: 'Here I am.' }],
}
