/** The cookie of a paired browser. */
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'

/** Browsers keep no cookie for longer. */
const KEPT_S = 400 * 24 * 60 * 60
/** With this beginning a browser takes it over https alone, for this host alone, and no subdomain can set it. */
const SECURE = '__Host-rc-paired'
const PLAIN = 'rc-paired'

/** Whether the browser came over https, as far as the configured address tells. */
export type IsSecure = (c: Context) => boolean

export function toIsSecure(origins: () => ReadonlySet<string>): IsSecure {
  return (c) => {
    const host = c.req.header('host')?.toLowerCase()
    return [...origins()].some((one) => one.startsWith('https://') && new URL(one).host === host)
  }
}

/** The cookie that was sent; empty where none was. On https the plain one counts for nothing: anybody on the way could set it. */
export function cookieOf(c: Context, isSecure: IsSecure): string {
  return getCookie(c, isSecure(c) ? SECURE : PLAIN) ?? ''
}

/** Lax, because a tap on a push comes from another app. Sent with each page, so that it never runs out in use. */
export function keepCookie(c: Context, cookie: string, isSecure: IsSecure): void {
  const secure = isSecure(c)
  const options = { path: '/', httpOnly: true, sameSite: 'Lax', maxAge: KEPT_S, secure } as const
  setCookie(c, secure ? SECURE : PLAIN, cookie, options)
}

export function dropCookie(c: Context, isSecure: IsSecure): void {
  const secure = isSecure(c)
  deleteCookie(c, secure ? SECURE : PLAIN, { path: '/', secure })
}
