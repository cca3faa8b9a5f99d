/** Which settings nobody should see by chance, and the configuration without them. */
import { serviceSecrets } from '../../server/push/options.ts'

const MASK = '********'
const SECRET_NAME = /(key|token|secret|password|passwd|credentials?|authorization|cookie)s?$/i

/**
 * Whether a setting's value is a secret. `claude.env` counts as one whole: people put tokens under any
 * name there. What a push service calls one is masked in a wrong place of the file, too.
 */
export function isSecret(path: readonly PropertyKey[], services = serviceSecrets()): boolean {
  if (path[0] === 'claude' && path[1] === 'env' && path.length > 2) return true
  const names = path.filter((part) => typeof part === 'string')
  return (
    SECRET_NAME.test(names.at(-1) ?? '') ||
    services.some((secret) => `.${names.join('.')}`.endsWith(`.${secret}`))
  )
}

/** A copy in which secret texts are masked. Addresses in `claude.env` stay, without user, password and query. */
export function maskSecrets(value: unknown, path: readonly PropertyKey[] = []): unknown {
  if (Array.isArray(value)) return value.map((item, at) => maskSecrets(item, [...path, at]))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, maskSecrets(item, [...path, key])]),
    )
  }
  if (typeof value !== 'string' || value === '' || !isSecret(path)) return value
  return path[0] === 'claude' && !SECRET_NAME.test(String(path.at(-1))) ? maskText(value) : MASK
}

/** Whether anything in it would be masked. */
export function hasSecrets(value: unknown): boolean {
  return JSON.stringify(maskSecrets(value)) !== JSON.stringify(value)
}

function maskText(text: string): string {
  if (/^(true|false|\d{1,6})$/.test(text)) return text
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return MASK
  const { origin, pathname, username, search } = new URL(text)
  return username === '' && search === '' ? text : `${origin}${pathname}`
}
