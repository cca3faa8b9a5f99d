/**
 * Keeps the owner's door a person's. Linux tells the process at the other end of a unix socket, Node does not: so the
 * caller says which one it is, and that one is looked at. A program that says another one's is believed.
 */
import type { MiddlewareHandler } from 'hono'
import { type Problem, problem } from '../errors.ts'
import type { Caller } from './claude-above.ts'

/** Header with the number of the process that calls. */
export const CALLER = 'x-rc-process'

export type PersonOptions = {
  whoIs: (pid: number) => Caller
  /** Told of a Claude that was refused: what it wanted, and its process. */
  onClaude: (what: string, pid: number | null) => void
}

/** Changes nothing that a person decides: containers come and go, and a screen is asked about. */
const HARMLESS = /^\/sessions\/(sync|[^/]+\/look)$/

export type Variables = { Variables: { caller: Caller } }

/** Everybody may read. Whatever changes something needs a person, unless it is listed as harmless. */
export function personGuard({ whoIs, onClaude }: PersonOptions): MiddlewareHandler<Variables> {
  return async function personGuard(c, next) {
    const told = c.req.header(CALLER) ?? ''
    const caller = /^[1-9]\d{0,9}$/.test(told) ? whoIs(Number(told)) : 'unknown'
    c.set('caller', caller)
    if (c.req.method === 'GET' || HARMLESS.test(c.req.path)) return await next()
    if (caller === 'person') return await next()
    if (caller === 'unknown') throw problem('caller-unknown')
    onClaude(c.req.query('command') ?? `${c.req.method} ${c.req.path}`, caller.claude)
    throw claudeMayNot(caller.claude)
  }
}

/** Why a Claude is refused. The same sentence at the door and in the command line. */
export function claudeMayNot(pid: number | null): Problem {
  return problem('claude-may-not', {
    which: pid === null ? 'a Claude Code' : `a Claude Code (process ${pid})`,
  })
}
