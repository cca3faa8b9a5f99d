/** The hook door at a TCP address: a bearer token says which guest speaks, and opens that guest's door only. */
import { Hono } from 'hono'
import { problem } from '../errors.ts'
import type { Log } from '../ports.ts'
import { readHookToken } from './hook-token.ts'
import { respondProblem, toProblem } from './problems.ts'

type Options = {
  tokenKey: Uint8Array
  log: Log
  /** The door of a guest, as long as the token of that id is the one it was given last; null otherwise. */
  doorOf: (guest: string, tokenId: string) => Hono | null
}

/** The door, without a port. Nothing of a body is read before the token is found good. */
export function createTokenDoor({ tokenKey, log, doorOf }: Options): Hono {
  const door = new Hono()
  door.all('*', async (c) => {
    const [, token = ''] = /^Bearer ([\w.-]{1,1000})$/.exec(c.req.header('authorization') ?? '') ?? []
    const said = token === '' ? null : await readHookToken(tokenKey, token)
    const own = said === null ? null : doorOf(said.guest, said.id)
    if (own === null) throw problem('token-refused')
    return await own.fetch(c.req.raw)
  })
  door.onError((error, c) => respondProblem(c, toProblem(error, log)))
  return door
}
