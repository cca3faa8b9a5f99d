import { tell } from '../client/run.ts'
import { userPromptSubmit } from '../events/telling.ts'

void tell(userPromptSubmit)
