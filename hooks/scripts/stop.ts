import { leaveAsk } from '../client/ask.ts'
import { stop } from '../events/stop.ts'

void leaveAsk(stop)
