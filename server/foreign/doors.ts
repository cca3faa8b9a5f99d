/**
 * The doors of sites: this machine's, a socket in a folder that only we can enter; a guest's over the gate, the same
 * behind a carrier; a guest's over TCP, where a token says which guest it is.
 */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Hono } from 'hono'
import type { Desk } from '../desk/desk.ts'
import type { Callers } from '../doors/callers.ts'
import { createHookDoor } from '../doors/hooks.ts'
import { createKept } from '../doors/kept.ts'
import { closeServer, createServer, listenOnPort, listenOnSocket } from '../doors/sockets.ts'
import { createTokenDoor } from '../doors/tokens.ts'
import { type Guest, HOST } from '../owner-views.ts'
import type { Log } from '../ports.ts'
import { GATE_SOCKETS } from '../protocol.ts'
import type { Probes } from './probes.ts'
import type { Site, Sites } from './sites.ts'

type Parts = {
  desk: Desk
  sites: Sites
  probes: Probes
  guests: () => Guest[]
  stateDir: string
  tokenKey: Uint8Array
  log: Log
  testedClaude: readonly string[]
  /** Of every TCP door. */
  port: number
}

/** The folder of a site's door. */
export function siteFolder(stateDir: string, id: string): string {
  return join(stateDir, 'sites', id)
}

/** Nothing listens before `keep`. */
export function createSiteDoors({ desk, sites, probes, guests, stateDir, tokenKey, log, ...options }: Parts) {
  const { testedClaude, port } = options
  const apps = new Map<string, Hono>()

  const siteOf = (id: string, name: string): Site => ({ id, name, gate: siteFolder(stateDir, id) })

  function appOf(site: Site): Hono {
    const app =
      apps.get(site.id) ?? createHookDoor({ desk, callers: anyOf(sites, site, probes), log, testedClaude })
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

  const sockets = createKept({
    make(site: Site) {
      const server = createServer(appOf(site))
      return {
        async open() {
          mkdirSync(site.gate, { recursive: true, mode: 0o700 })
          await listenOnSocket(server, join(site.gate, GATE_SOCKETS.hooks), 0o600)
        },
        async close() {
          apps.delete(site.id)
          await closeServer(server)
        },
      }
    },
    onFailure: ({ id: site }, error) =>
      log('error', 'the hook door of a site could not be opened', { site, error: String(error) }),
  })

  const listeners = createKept({
    make(address: string) {
      const server = createServer(tokenDoor)
      return {
        async open() {
          await listenOnPort(server, address, port)
        },
        close: () => closeServer(server),
      }
    },
    onFailure: (address, error) =>
      log('error', 'the hook door for tokens could not be opened', { address, error: String(error) }),
  })

  return {
    /** Doors follow the guests: of those that were revoked they close. This machine's is always open. */
    async keep(): Promise<void> {
      const heard = guests().filter(({ revokedAt }) => revokedAt === null)
      const gated = heard.filter(({ address }) => address === null)
      const sites = [siteOf(HOST, ''), ...gated.map(({ id, name }) => siteOf(id, name))]
      const addresses = heard.flatMap(({ address }) => address ?? [])
      await Promise.all([
        sockets.keep(new Map(sites.map((site) => [site.id, site]))),
        listeners.keep(new Map(addresses.map((address) => [address, address]))),
      ])
    },

    /** Ids of sites whose sockets are open, and addresses that listen. */
    open: () => ({
      sockets: sockets.all().map(([, { id }]) => id),
      addresses: listeners.all().map(([, address]) => address),
    }),

    async close(): Promise<void> {
      await Promise.all([sockets.close(), listeners.close()])
    },
  }
}

/** A site's door: any Claude of that site, and none of another. */
function anyOf(sites: Sites, site: Site, probes: Probes): Callers {
  return {
    // They are started on this machine: a guest that says so is none.
    isProbe: (context, event) => site.id === HOST && probes.note(context, event),
    enter(context, event, asks) {
      if (asks) sites.checkPending(site)
      return sites.hear(site, context, event)
    },
    has: (id) => sites.has(site, id),
    leave: sites.forget,
  }
}
