import { leaveAsk } from '../client/leave.ts'
import { stop } from '../events/stop.ts'

void leaveAsk(stop)
