/** A container that is not ours, on Docker's own network, and sends the secret to whoever connects. */

import { execa } from 'execa'
import { CommandError } from '../../cli/errors.ts'
import type { Box } from '../../house/box.ts'
import type { House } from '../../house/house.ts'

const PORT = 7777

export type Neighbour = { address: string; port: number; remove(): Promise<void> }

/** Started like any container of the user's; it is shown to answer before it counts. */
export async function startNeighbour(house: House, { engine }: Box, secret: string): Promise<Neighbour> {
  const docker = (...args: string[]) =>
    execa('docker', ['-H', `unix://${engine.socket}`, ...args], { env: house.env, stdin: 'ignore' })
  const serve = `require('node:net').createServer((s) => s.on('error', () => {}).end('${secret}')).listen(${PORT})`
  const run = ['run', '-d', '--rm', '--network', 'bridge', '--entrypoint', 'node']
  const { stdout: id } = await docker(...run, house.config.docker.image, '-e', serve)
  const remove = async () => void (await docker('rm', '-f', id).catch(() => {}))
  try {
    const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}'
    const address = (await docker('inspect', '--format', format, id)).stdout.trim()
    const ask = `const s = require('node:net').connect(${PORT}, '${address}').on('data', (d) => require('node:fs').writeSync(1, d))
      .on('error', () => setTimeout(() => { process.exitCode = 1 }, 100))`
    for (let left = 30; left > 0; left--) {
      const heard = await docker('exec', id, 'node', '-e', ask).catch(() => null)
      if (heard?.stdout === secret) return { address, port: PORT, remove }
    }
    throw new CommandError(
      'neighbour-silent',
      `A container beside the session, at ${address}, does not answer.`,
      "Look at Docker's default network: docker network inspect bridge.",
    )
  } catch (error) {
    await remove()
    throw error
  }
}
