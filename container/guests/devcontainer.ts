/** What a devcontainer says of whom its tools run as, from the label that its makers leave on it. Pure. */

export type Devcontainer = {
  /** Whom tools run as; null where it is not said. */
  user: string | null
  /** Claude's folder, from `remoteEnv`; null where it is not said. */
  configDir: string | null
}

/**
 * `devcontainer.metadata` is an object or a list of them, of which the last one counts that says something
 * (containers.dev, "Image Metadata"). A value that refers to what is only known elsewhere, such as `${localEnv:…}`, counts
 * as not said.
 */
export function readDevcontainer({
  labels,
  environment,
}: Pick<Labelled, 'labels' | 'environment'>): Devcontainer {
  const parts = parse(labels['devcontainer.metadata'] ?? '')
  const last = (read: (part: Part) => unknown) =>
    parts.map(read).findLast((value) => typeof value === 'string')
  const user = last(({ remoteUser }) => remoteUser) ?? last(({ containerUser }) => containerUser)
  const told = last(({ remoteEnv }) => objectOf(remoteEnv)['CLAUDE_CONFIG_DIR'])
  const configDir = typeof told === 'string' ? resolve(told, environment) : ''
  return {
    user: typeof user === 'string' && /^[\w.][\w.:-]*$/.test(user) ? user : null,
    configDir: /^\/[^\p{Cc}$]*$/u.test(configDir) ? configDir : null,
  }
}

type Labelled = { labels: Record<string, string>; environment: Record<string, string> }
type Part = Record<string, unknown>

function parse(label: string): Part[] {
  try {
    const read: unknown = JSON.parse(label)
    return (Array.isArray(read) ? read : [read]).map(objectOf)
  } catch {
    return []
  }
}

function objectOf(value: unknown): Part {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Part) : {}
}

function resolve(text: string, environment: Record<string, string>): string {
  return text.replace(/\$\{containerEnv:(\w+)\}/g, (whole, name) => environment[name] ?? whole)
}
