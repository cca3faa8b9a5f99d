import { tell } from '../client/run.ts'
import { notification } from '../events/telling.ts'

void tell(notification)
