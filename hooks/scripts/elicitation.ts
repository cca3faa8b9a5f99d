import { ask } from '../client/ask.ts'
import { elicitation } from '../events/elicitation.ts'

void ask(elicitation)
