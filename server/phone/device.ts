/**
 * Which browser a person answers with: a name from a list of ours and a few digits, so that two phones can be told apart
 * afterwards. It grants nothing, and whoever holds the link can choose it.
 */
import { createHash, randomBytes } from 'node:crypto'
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'

const COOKIE = 'rc-device'
const MARK = /^[A-Za-z0-9_-]{22}$/
/** Browsers keep no cookie for longer. */
const KEPT_S = 400 * 24 * 60 * 60

/** `iPhone Safari 4f2a1c`; without digits while the browser has no mark yet. */
export function deviceOf(c: Context): string {
  const mark = getCookie(c, COOKIE) ?? ''
  return MARK.test(mark) ? labelOf(c, mark) : browserName(c.req.header('user-agent') ?? '')
}

/** The same, and a browser without a mark gets one with this response. */
export function markedDeviceOf(c: Context): string {
  const known = getCookie(c, COOKIE) ?? ''
  const mark = MARK.test(known) ? known : randomBytes(16).toString('base64url')
  setCookie(c, COOKIE, mark, { path: '/a', httpOnly: true, sameSite: 'Strict', maxAge: KEPT_S })
  return labelOf(c, mark)
}

function labelOf(c: Context, mark: string): string {
  const digits = createHash('sha256').update(mark).digest('hex').slice(0, 6)
  return `${browserName(c.req.header('user-agent') ?? '')} ${digits}`
}

/** Words of our own only: what a browser says of itself can be anything. */
export function browserName(userAgent: string): string {
  const find = (list: readonly [RegExp, string][]) => list.find(([pattern]) => pattern.test(userAgent))?.[1]
  return [find(MACHINES), find(BROWSERS)].filter(Boolean).join(' ') || 'some program'
}

const MACHINES: readonly [RegExp, string][] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/CrOS/, 'Chromebook'],
  [/Macintosh/, 'Mac'],
  [/Linux/, 'Linux'],
]

/** Nearly all of them say Safari, and most of those say Chrome. */
const BROWSERS: readonly [RegExp, string][] = [
  [/Edg(?:e|A|iOS)?\//, 'Edge'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/OPR\//, 'Opera'],
  [/(?:Firefox|FxiOS)\//, 'Firefox'],
  [/(?:Chrome|CriOS)\//, 'Chrome'],
  [/Safari\//, 'Safari'],
]
