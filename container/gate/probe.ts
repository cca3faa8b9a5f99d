/** Tries whether a container can connect to a socket in a mounted folder of this machine. */
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { Engine } from '../docker/engine.ts'
import { INSIDE } from '../places.ts'
import { GATE_USER } from './plan.ts'

const GIVE_UP_MS = 5000
const WORD = 'here'

/** Exit code 0 only when the other end said the word; a socket that shows but leads nowhere is not enough. */
const SCRIPT = `
const { connect } = process.getBuiltinModule('node:net')
const socket = connect('${INSIDE.gate}/probe.sock')
process.exitCode = 1
socket.on('data', (bytes) => { if (String(bytes) === '${WORD}') process.exitCode = 0 })
socket.on('error', () => {})
socket.setTimeout(${GIVE_UP_MS}, () => socket.destroy())
`

/** Makes a folder in `stateDir` and a container of the image, and leaves neither. Throws when none can be made. */
export async function canMountSockets({
  engine,
  image,
  stateDir,
}: {
  engine: Engine
  image: string
  stateDir: string
}): Promise<boolean> {
  await mkdir(stateDir, { recursive: true, mode: 0o700 })
  const folder = await mkdtemp(join(stateDir, 'probe-'))
  const server = createServer((socket) => socket.on('error', () => {}).end(WORD))
  let id: string | null = null
  try {
    await chmod(folder, 0o755)
    const socket = join(folder, 'probe.sock')
    await new Promise<void>((resolve, reject) => server.on('error', reject).listen(socket, resolve))
    await chmod(socket, 0o666)
    id = await engine.createContainer({
      name: `rc-${folder.slice(-6)}-probe`,
      Image: image,
      User: GATE_USER,
      Entrypoint: [INSIDE.node, '-e', SCRIPT],
      HostConfig: {
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges'],
        ReadonlyRootfs: true,
        NetworkMode: 'none',
        Mounts: [{ Type: 'bind', Source: folder, Target: INSIDE.gate, ReadOnly: true }],
      },
    })
    await engine.start(id)
    return (await engine.wait(id)) === 0
  } finally {
    if (id !== null) await engine.remove(id)
    server.close()
    await rm(folder, { recursive: true, force: true })
  }
}
