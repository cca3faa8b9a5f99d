/** Questions that the scripted model asks. */

const option = (label: string) => ({ label, description: label })

export const COLOUR = {
  question: 'Which colour?',
  header: 'Colour',
  multiSelect: false,
  options: ['Red', 'Blue'].map(option),
}

export const PARTS = {
  question: 'Which parts, all told?',
  header: 'Parts',
  multiSelect: true,
  options: ['Auth', 'Cache', 'Log'].map(option),
}

/** A call that asks them at once. */
export const askUser = (...questions: object[]) => ({ name: 'AskUserQuestion', input: { questions } })

/** Choices that are to be compared by their previews. */
export const LAYOUT = {
  question: 'Which layout?',
  header: 'Layout',
  multiSelect: false,
  options: [
    { label: 'Wide', description: 'One column', preview: '+------+\n| wide |' },
    { label: 'Tall', description: 'Two columns', preview: '+--+--+\n|tall |' },
  ],
}
