/**
 * Names under which anybody can get a name of their own, so that a wildcard there would be a way out to everybody: the
 * public suffix list (its ICANN and its private part, through tldts), and what that list lacks.
 */
import { getPublicSuffix } from 'tldts'

/** Hosting that never asked to be listed. */
const UNLISTED = new Set(
  `azurecontainerapps.io backblazeb2.com firebaseio.com glitch.me googleusercontent.com lambda-url.amazonaws.com loca.lt
   nip.io r2.cloudflarestorage.com railway.app sslip.io storage.googleapis.com weebly.com`.split(/\s+/),
)

/** Whose regions have a name below them each, and everybody's names are below that. */
const REGIONAL = /^[a-z0-9-]+\.(azurecontainerapps\.io|cloudapp\.azure\.com)$/

/** Above listed suffixes, of the clouds whose customers have most of the names there. */
const ABOVE = new Set(
  'amazonaws.com azure.com cloudapp.azure.com core.windows.net on.aws windows.net'.split(' '),
)

/** A name comes here in its one spelling (see target.ts), so tldts has nothing to find or to judge in it. */
const AS_IT_IS = {
  allowPrivateDomains: true,
  extractHostname: false,
  validateHostname: false,
  detectIp: false,
}

/** Whether anybody can register a name directly under `domain`, or each name under it is for anybody to register below. */
export function isOpenToEverybody(domain: string): boolean {
  if (UNLISTED.has(domain) || ABOVE.has(domain) || REGIONAL.test(domain)) return true
  // Blogger has a name under each country's suffix; the list has had some of them, at times.
  if (domain.startsWith('blogspot.') && isPublicSuffix(domain.slice('blogspot.'.length))) return true
  // The second for rules such as `*.compute.amazonaws.com`, which do not make what stands behind the star a suffix.
  return isPublicSuffix(domain) || isPublicSuffix(`any.${domain}`)
}

function isPublicSuffix(domain: string): boolean {
  return getPublicSuffix(domain, AS_IT_IS) === domain
}
