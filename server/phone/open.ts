/** Opens the phone door where the configuration wants it. */
import type { Server } from 'node:http'
import { createServer, listenOnPort } from '../doors/sockets.ts'
import { knownHosts, phoneUrlOf } from './address.ts'
import { createPhoneDoor, type PhoneDoorOptions } from './door.ts'

type Where = { host: string; port: number; public_url?: string | undefined }

/** The listening server, and where its links lead. */
export async function openPhoneDoor(
  parts: Omit<PhoneDoorOptions, 'hosts' | 'origins'>,
  where: Where,
): Promise<{ phone: Server; url: string }> {
  let url: string | null = null
  const door = createPhoneDoor({
    ...parts,
    hosts: () => knownHosts(where),
    origins: () => new Set(url === null ? [] : [url]),
  })
  const phone = createServer(door)
  url = phoneUrlOf(where, await listenOnPort(phone, where.host, where.port))
  return { phone, url }
}
