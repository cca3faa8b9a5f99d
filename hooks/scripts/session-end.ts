import { tell } from '../client/run.ts'
import { sessionEnd } from '../events/telling.ts'

void tell(sessionEnd)
