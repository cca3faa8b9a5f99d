import { ask } from '../client/ask.ts'
import { permissionRequest } from '../events/permission-request.ts'

void ask(permissionRequest)
