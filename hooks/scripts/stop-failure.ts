import { tell } from '../client/run.ts'
import { stopFailure } from '../events/telling.ts'

void tell(stopFailure)
