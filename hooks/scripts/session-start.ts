import { tell } from '../client/run.ts'
import { sessionStart } from '../events/telling.ts'

void tell(sessionStart)
