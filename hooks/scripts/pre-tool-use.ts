import { tell } from '../client/run.ts'
import { preToolUse } from '../events/telling.ts'

void tell(preToolUse)
