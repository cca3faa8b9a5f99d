/** What has to work inside for a refusal to mean anything. */
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { askProxy } from './ask-proxy.ts'
import { type Attempt, type Facts, notTried, type Verdict } from './attempt.ts'
import { perl, syscall } from './kernel.ts'
import { talk } from './network.ts'

const RELAY_MS = 15_000

export function controls(facts: Facts): Attempt[] {
  const { workspace, inside, mode, ports } = facts
  const listed = `host.docker.internal:${ports.listed}`
  const control = (id: string, tried: string, run: () => Promise<Verdict>): Attempt => ({
    id,
    group: 'controls',
    tried,
    run,
  })
  const always = [
    control('control-workspace', 'the workspace can be written', async () => {
      const file = join(workspace, 'mine')
      await writeFile(file, '')
      await rm(file)
      return works('a file was made and removed')
    }),
    control('control-kernel', 'system calls can be made', async () =>
      works(`getuid gives ${await perl(syscall('getuid'))}`),
    ),
    control('control-hook-door', 'the hook door answers', async () => {
      const answer = await talk(
        { path: inside.hookDoor },
        'GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      )
      return answer.includes('HTTP/1.1 404')
        ? works('404, as it should')
        : notTried(`it said ${answer.toString().slice(0, 60)}`)
    }),
  ]
  if (mode === 'bridge') return always
  const relay = control('control-relay', 'the relay takes connections', () => untilRelay(inside.proxyPort))
  if (mode === 'none') return [relay, ...always]
  return [
    relay,
    ...always,
    control('control-connect', 'a listed host can be reached by CONNECT', async () => {
      const { status, text } = await askProxy(facts, `CONNECT ${listed} HTTP/1.1\r\nHost: ${listed}\r\n\r\n`)
      return status === 200 ? works('200') : notTried(`${status}: ${text}`)
    }),
    control('control-get', 'a listed host can be reached by GET', async () => {
      const { status, text } = await askProxy(
        facts,
        `GET http://${listed}/ HTTP/1.1\r\nHost: ${listed}\r\nConnection: close\r\n\r\n`,
      )
      return status === 200 ? works('200') : notTried(`${status}: ${text}`)
    }),
  ]
}

function works(by: string): Verdict {
  return { outcome: 'works', by }
}

async function untilRelay(port: number): Promise<Verdict> {
  const end = Date.now() + RELAY_MS
  for (;;) {
    try {
      await talk({ host: '127.0.0.1', port }, '', 50)
      return works(`port ${port} is open`)
    } catch (error) {
      if (Date.now() > end) return notTried(`port ${port} stays closed: ${(error as Error).message}`)
      await sleep(100)
    }
  }
}
