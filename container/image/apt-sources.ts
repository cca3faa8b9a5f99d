/** Finds the mirror this machine itself installs from, in its apt configuration. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Where a release can be had. */
export type Mirror = {
  uri: string
  components: string[]
  /** Keyring file that its Release file is signed with; null when the configuration names none. */
  keyring: string | null
  /** Where the release's security updates are; null when the configuration has none. */
  securityUri: string | null
}

type Source = { uris: string[]; suites: string[]; components: string[]; signedBy: string | null }

/** The mirror for `codename` in /etc/apt, or null. */
export async function findMirror(codename: string, folder = '/etc/apt'): Promise<Mirror | null> {
  const parts = join(folder, 'sources.list.d')
  const names = (await readdir(parts).catch(() => [])).sort().map((name) => join(parts, name))
  const texts = await Promise.all(
    [join(folder, 'sources.list'), ...names].map(async (name) => ({
      name,
      text: await readFile(name, 'utf8').catch(() => ''),
    })),
  )
  const found = mirrorFrom(texts, codename)
  if (found === null) return null
  const [uri, securityUri] = await Promise.all([found.uri, found.securityUri].map(readMirrorList))
  // Only apt itself knows the other ways to get packages, such as discs.
  return uri && /^(https?|file):/.test(uri) ? { ...found, uri, securityUri: securityUri ?? null } : null
}

/** The first entry of a mirror list, which Debian's images for clouds have; any other place is itself. */
async function readMirrorList(uri: string | null): Promise<string | null> {
  const list = /^mirror\+file:(?:\/\/)?(\/.*)/.exec(uri ?? '')?.[1]
  if (list === undefined) return uri
  const text = await readFile(list, 'utf8').catch(() => '')
  return /^[^#\s]\S*/m.exec(text)?.[0] ?? null
}

/** The same, from the files' texts: `.sources` files are deb822 paragraphs, `.list` files one line a source. */
export function mirrorFrom(files: Array<{ name: string; text: string }>, codename: string): Mirror | null {
  const sources = files.flatMap(({ name, text }) =>
    name.endsWith('.sources') ? parseParagraphs(text) : name.endsWith('.list') ? parseLines(text) : [],
  )
  const main = sources.find(
    (source) => source.suites.includes(codename) && source.components.includes('main'),
  )
  const security = sources.find((source) => source.suites.includes(`${codename}-security`))
  const uri = main?.uris[0]
  if (!main || uri === undefined) return null
  return { uri, components: main.components, keyring: main.signedBy, securityUri: security?.uris[0] ?? null }
}

function parseParagraphs(text: string): Source[] {
  const bare = text.replace(/^#.*\n?/gm, '')
  return bare.split(/\n\s*\n/).flatMap((paragraph) => {
    const field = (name: string): string[] =>
      new RegExp(`^${name}:((?:.*)(?:\\n[ \\t].*)*)`, 'im')
        .exec(paragraph)?.[1]
        ?.split(/\s+/)
        .filter(Boolean) ?? []
    if (!field('Types').includes('deb') || field('Enabled')[0] === 'no') return []
    const signedBy = field('Signed-By')[0]
    return [
      {
        uris: field('URIs'),
        suites: field('Suites'),
        components: field('Components'),
        signedBy: signedBy?.startsWith('/') ? signedBy : null,
      },
    ]
  })
}

function parseLines(text: string): Source[] {
  return text.split('\n').flatMap((line) => {
    const found = /^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+([^#]*)/.exec(line.trim())
    if (!found) return []
    const [, options = '', uri = '', suite = '', components = ''] = found
    return [
      {
        uris: [uri],
        suites: [suite],
        components: components.split(/\s+/).filter(Boolean),
        signedBy: /signed-by=(\/[^\s,]+)/i.exec(options)?.[1] ?? null,
      },
    ]
  })
}
