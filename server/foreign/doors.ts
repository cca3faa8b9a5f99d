/**
 * The doors of sites: this machine's, a socket in a folder that only we can enter; a guest's over the gate, the same
 * behind a carrier; a guest's over TCP, where a token says which guest it is.
 */

import { mkdirSync } from 'node:fs'
import type { Server } from 'node:http'
import { join } from 'node:path'
import type { Hono } from 'hono'
import type { Desk } from '../desk/desk.ts'
import type { Callers } from '../doors/callers.ts'
import { createHookDoor } from '../doors/hooks.ts'
import { closeServer, createServer, listenOnPort, listenOnSocket } from '../doors/sockets.ts'
import { createTokenDoor } from '../doors/tokens.ts'
import { type Guest, HOST } from '../owner-views.ts'
import type { Log } from '../ports.ts'
import { GATE_SOCKETS } from '../protocol.ts'
import type { Site, Sites } from './sites.ts'

type Parts = {
  desk: Desk
  sites: Sites
  guests: () => Guest[]
  stateDir: string
  tokenKey: Uint8Array
  log: Log
  testedClaude: readonly string[]
  /** Of every TCP door. */
  port: number
}

export type SiteDoors = ReturnType<typeof createSiteDoors>

/** The folder of a site's door. */
export function siteFolder(stateDir: string, id: string): string {
  return join(stateDir, 'sites', id)
}

/** Nothing listens before `keep`. */
export function createSiteDoors({ desk, sites, guests, stateDir, tokenKey, log, ...options }: Parts) {
  const { testedClaude, port } = options
  const apps = new Map<string, Hono>()
  const sockets = new Map<string, Server>()
  const listeners = new Map<string, Server>()

  const siteOf = (id: string, name: string): Site => ({ id, name, gate: siteFolder(stateDir, id) })

  function appOf(site: Site): Hono {
    const app = apps.get(site.id) ?? createHookDoor({ desk, callers: anyOf(sites, site), log, testedClaude })
    apps.set(site.id, app)
    return app
  }

  const tokenDoor = createTokenDoor({
    tokenKey,
    log,
    doorOf: (id, token) => {
      const guest = guests().find((one) => one.id === id)
      if (guest === undefined || guest.revokedAt !== null || guest.token !== token) return null
      return appOf(siteOf(id, guest.name))
    },
  })

  async function openSocket(site: Site): Promise<void> {
    if (sockets.has(site.id)) return
    mkdirSync(site.gate, { recursive: true, mode: 0o700 })
    const server = createServer(appOf(site))
    try {
      await listenOnSocket(server, join(site.gate, GATE_SOCKETS.hooks), 0o600)
      sockets.set(site.id, server)
    } catch (error) {
      log('error', 'the hook door of a site could not be opened', { site: site.id, error: String(error) })
    }
  }

  async function openPort(address: string): Promise<void> {
    if (listeners.has(address)) return
    const server = createServer(tokenDoor)
    try {
      await listenOnPort(server, address, port)
      listeners.set(address, server)
    } catch (error) {
      log('error', 'the hook door for tokens could not be opened', { address, error: String(error) })
    }
  }

  return {
    /** Doors follow the guests: of those that were revoked they close. This machine's is always open. */
    async keep(): Promise<void> {
      const heard = guests().filter(({ revokedAt }) => revokedAt === null)
      const gated = heard.filter(({ address }) => address === null)
      for (const [id, server] of sockets) {
        if (id === HOST || gated.some((guest) => guest.id === id)) continue
        sockets.delete(id)
        apps.delete(id)
        await closeServer(server)
      }
      const wanted = [...new Set(heard.flatMap(({ address }) => address ?? []))]
      for (const [address, server] of listeners) {
        if (wanted.includes(address)) continue
        listeners.delete(address)
        await closeServer(server)
      }
      await openSocket(siteOf(HOST, ''))
      for (const { id, name } of gated) await openSocket(siteOf(id, name))
      for (const address of wanted) await openPort(address)
    },

    /** Ids of sites whose sockets are open, and addresses that listen. */
    open: () => ({ sockets: [...sockets.keys()], addresses: [...listeners.keys()] }),

    async close(): Promise<void> {
      await Promise.all([...sockets.values(), ...listeners.values()].map(closeServer))
      sockets.clear()
      listeners.clear()
    },
  }
}

/** A site's door: any Claude of that site, and none of another. */
export function anyOf(sites: Sites, site: Site): Callers {
  return {
    enter(context, event, asks) {
      if (asks) sites.checkPending(site)
      return sites.hear(site, context, event)
    },
    has: (id) => sites.has(site, id),
    leave: sites.forget,
  }
}
