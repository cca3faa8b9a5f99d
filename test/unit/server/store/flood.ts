/** A session that speaks at its hook door in a loop, and what the responder has become by it. */
import { readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createDoor } from '../../../../hooks/client/door.ts'
import { aDraft } from '../asks.ts'

/** A webhook that keeps what is posted to it. */
export async function startPhone() {
  const posts: { id?: string; title?: string; message?: string; ended?: string; at: number }[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      posts.push({ ...JSON.parse(Buffer.concat(chunks).toString()), at: Date.now() })
      response.end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    pushes: () => posts.filter(({ title }) => title !== undefined),
    close: () => server.close(),
  }
}

/** Opens that many questions of `bytes` each at the door in `gate`, taking each back at once; gives the statuses. */
export async function openAndWithdraw(gate: string, count: number, bytes: number): Promise<number[]> {
  const door = createDoor({ gate })
  const statuses: number[] = []
  for (let number = 0; number < count; number++) {
    const input = { command: `echo ${number} ${'x'.repeat(bytes)}` }
    const opened = await door('POST', '/asks', aDraft({ input }), 10_000)
    statuses.push(opened.status)
    const { id } = opened.body as { id?: string }
    if (id !== undefined) await door('POST', `/asks/${id}/withdraw`, { because: 'hook-gone' }, 10_000)
  }
  return statuses
}

/** Bytes of the database and its log on disk. */
export function databaseBytes(stateDir: string): number {
  return ['responder.db', 'responder.db-wal']
    .map((name) => statSync(join(stateDir, name), { throwIfNoEntry: false })?.size ?? 0)
    .reduce((sum, size) => sum + size, 0)
}

/** The most memory that the process has ever had, in bytes. */
export function peakMemory(pid: number): number {
  const found = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(found?.[1] ?? 0) * 1024
}
