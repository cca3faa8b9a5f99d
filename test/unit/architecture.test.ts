/** Keeps the house as it was drawn: who may import whom, which file may do what. */
import { globSync, readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

/** Which rooms may import which. The first line that fits a file counts. `ours` are beginnings of paths, `packages` names. */
const TABLE: { files: RegExp; ours: string[]; packages: string[]; types?: string[] }[] = [
  { files: /^server\/protocol\.ts$/, ours: [], packages: ['zod'] },
  // The configuration is put together from these, so every command loads them.
  {
    files: /^server\/push\/(services\/.*|options|port)\.ts$/,
    ours: ['server/push/', 'server/attention/'],
    packages: ['zod'],
    types: ['server/ports.ts'],
  },
  { files: /^server\/push\/mail\.ts$/, ours: ['server/'], packages: ['nodemailer'] },
  {
    files: /^server\//,
    ours: ['server/'],
    packages: ['hono', '@hono/node-server', 'diff', 'jose', 'zod', 'undici'],
  },
  { files: /^hooks\/install\//, ours: ['hooks/', 'server/protocol.ts'], packages: ['jsonc-parser', 'zod'] },
  { files: /^hooks\/events\//, ours: ['hooks/events/', 'server/protocol.ts'], packages: [] },
  { files: /^hooks\//, ours: ['hooks/', 'server/protocol.ts'], packages: ['zod'] },
  {
    files: /^container\//,
    ours: [
      'container/',
      'server/protocol.ts',
      'server/text/characters.ts',
      'server/doors/kept.ts',
      'server/doors/listen.ts',
      'hooks/install/command.ts',
      'hooks/client/is-alive.ts',
    ],
    packages: ['diff', 'dockerode', 'execa', 'tldts', 'zod'],
    types: ['server/ports.ts', 'hooks/settings.ts'],
  },
  {
    files: /^setup\//,
    ours: [
      'setup/',
      'server/options.ts',
      'server/push/options.ts',
      'container/options.ts',
      'container/places.ts',
      'hooks/options.ts',
      'hooks/events/',
      'server/protocol.ts',
    ],
    packages: ['zod', 'yaml', 'execa', 'esbuild'],
  },
  {
    files: /^bin\//,
    ours: ['bin/', 'server/', 'hooks/', 'container/', 'setup/'],
    packages: ['commander', '@clack/prompts', 'fast-string-width', 'uqr', 'yaml', 'execa', 'zod'],
  },
  { files: /^(test|bench)\//, ours: [''], packages: ['*'] },
]

/**
 * Each room from its ground up. What shares a floor does not know of each other; everything may stand on any floor
 * below its own. Of a file in the way of two, the longer one counts.
 */
const FLOORS: Record<string, string[]> = {
  server: [
    'budgets errors protocol text',
    'attention',
    'claude options ports',
    'asks owner-views timers',
    'endings pages store',
    'audit links',
    'devices push',
    'desk',
    'inbox',
    'doors',
    'client foreign phone',
    'responder-options',
    'responder',
  ],
  container: [
    'errors options places screen',
    'docker door-socket host workspace',
    'conversations egress gate keys settings',
    'credentials git guests image planted',
    'home',
    'session',
    'sessions terminal',
    'doors foreign',
  ],
  hooks: [
    'default-rules events install/errors versions',
    'client install/text options',
    'install/file settings',
    'install',
  ],
  setup: ['build errors machine', 'config needs paths'],
  bin: [
    'cli doctor/box/hostile version',
    'asks house notify pair setup',
    'hooks sessions',
    'demo doctor',
    'doctor/box doctor/claude',
    'doctor/claude/scenes',
    'doctor/claude/run',
    'doctor/claude/check',
    'commands',
    'arguments help',
    'main',
    'rc',
  ],
}

/** Shelves and files that are pure, besides whatever says so itself in its first comment: `Pure.` */
const PURE =
  /^(server\/((asks|claude|text)\/|(protocol|budgets|push\/(words\/.*|port|options|services\/.*)|endings\/end-of-hook)\.ts)|container\/(screen\/|session\/plan\.ts)|hooks\/(events\/|install\/(text\/|command\.ts)))/

/** What pure files may take from elsewhere. Every other module of Node's is I/O to us. */
const PURE_MODULES = [
  ...['node:path', 'node:path/posix', 'node:util', 'node:url', 'node:crypto', 'node:buffer'],
  ...['zod', 'jsonc-parser', 'diff', 'fast-string-width', 'tldts'],
]
/** The only parts of `node:net` that talk to nobody. */
const PURE_OF_NET = ['isIP', 'BlockList']
const TOUCHES = /\b(Date\.now|new Date\(\)|setTimeout|setInterval|Math\.random|randomUUID|process\.)/

const TOP_LEVEL = [
  'bench',
  'bin',
  'container',
  'docs',
  'hooks',
  'server',
  'setup',
  'test',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'LICENSE',
  'README.md',
  'package-lock.json',
  'package.json',
  'tsconfig.json',
  // Made on the machine, not kept in the repository.
  'dist',
  'node_modules',
]

const MAX_LINES = 200
/** Files that are one long table, or one contract. */
const LONGER: Record<string, number> = {
  'server/protocol.ts': 340,
  'server/errors.ts': 260,
  'server/ports.ts': 220,
  'bin/commands/index.ts': 260,
}

type Import = { file: string; to: string; isType: boolean; names: string[] }

const sources = globSync('{bin,bench,container,hooks,server,setup,test}/**/*.{ts,tsx}', { cwd: ROOT }).filter(
  (file) => !file.startsWith('test/fixtures/'),
)
/** The one that you are reading. */
const own = 'test/unit/architecture.test.ts'
const product = sources.filter((file) => !/^(test|bench)\//.test(file))
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')

/** Static, type, dynamic and re-exporting imports; our own files as paths from the root, packages by name. */
function importsOf(file: string): Import[] {
  const text = withoutComments(read(file))
  const statements = text.matchAll(
    /^\s*(import|export)\s+(type\s)?(?:([^'";]*?)\sfrom\s*)?['"]([^'"]+)['"]/gm,
  )
  const calls = text.matchAll(/\b(?:import|require)\(\s*['"]([^'"]+)['"]/g)
  return [
    ...[...statements].map(([, , type, names = '', to = '']) => ({
      file,
      to: resolve(file, to),
      isType: type !== undefined,
      names: names.match(/\w+/g) ?? [],
    })),
    ...[...calls].map(([, to = '']) => ({ file, to: resolve(file, to), isType: false, names: [] })),
  ]
}

function resolve(file: string, to: string): string {
  if (to.startsWith('.')) return relative('.', join(dirname(file), to))
  if (to.startsWith('node:') || builtinModules.includes(to)) return to
  return to.startsWith('@') ? to.split('/').slice(0, 2).join('/') : (to.split('/')[0] ?? to)
}

function withoutComments(text: string): string {
  return text.replace(/^\s*(\/\/.*|\/?\*.*)$/gm, '')
}

const imports = sources.flatMap(importsOf)
const rowOf = (file: string) => TABLE.find(({ files }) => files.test(file))
const isOurs = (to: string) => /^(bin|bench|container|hooks|server|setup|test)\//.test(to)
const show = ({ file, to }: Import) => `${file} imports ${to}`

test('every room has its line in the table, and something to read', () => {
  expect(sources.filter((file) => rowOf(file) === undefined)).toEqual([])
  expect(imports.length).toBeGreaterThan(50)
})

test('a room imports only the rooms it may', () => {
  const wrong = imports.filter(({ file, to, isType }) => {
    if (!isOurs(to)) return false
    const { ours = [], types = [] } = rowOf(file) ?? {}
    return ![...ours, ...(isType ? types : [])].some((start) => to.startsWith(start))
  })
  expect(wrong.map(show)).toEqual([])
})

test('a room imports only the packages it may', () => {
  const wrong = imports.filter(({ file, to }) => {
    if (isOurs(to) || to.startsWith('node:') || to.startsWith('.') || to === 'package.json') return false
    const { packages = [] } = rowOf(file) ?? {}
    return !packages.includes('*') && !packages.includes(to)
  })
  expect(wrong.map(show)).toEqual([])
})

test("Node's own modules are imported by their node: names", () => {
  expect(
    imports.filter(({ to }) => !to.startsWith('node:') && builtinModules.includes(to)).map(show),
  ).toEqual([])
})

const isPure = (file: string) => PURE.test(file) || /\bPure\b/.test(read(file).split('*/')[0] ?? '')

test('a pure file touches nothing and looks at no clock, and neither does what it imports', () => {
  const pure = product.filter(isPure)
  expect(pure).toEqual(expect.arrayContaining(['server/protocol.ts', 'container/keys/wire.ts']))
  const isAllowed = ({ to, names }: Import) =>
    PURE_MODULES.includes(to) || (to === 'node:net' && names.every((name) => PURE_OF_NET.includes(name)))
  const impure: string[] = []
  const follow = (file: string, from: string, seen: Set<string>) => {
    if (seen.has(file)) return
    seen.add(file)
    if (TOUCHES.test(withoutComments(read(file)))) impure.push(`${from} reaches the world through ${file}`)
    for (const one of imports.filter((each) => each.file === file && !each.isType)) {
      if (isOurs(one.to)) follow(one.to, from, seen)
      else if (!isAllowed(one)) impure.push(`${from} reaches ${one.to} through ${file}`)
    }
  }
  for (const file of pure) follow(file, file, new Set())
  expect(impure).toEqual([])
})

test('no circle, of types or of values', () => {
  const done = new Set<string>()
  const findCircles = (file: string, way: string[]): string[] => {
    if (way.includes(file)) return [[...way.slice(way.indexOf(file)), file].join(' -> ')]
    if (done.has(file)) return []
    const found = imports
      .filter((one) => one.file === file && isOurs(one.to))
      .flatMap(({ to }) => findCircles(to, [...way, file]))
    done.add(file)
    return found
  }
  expect(product.flatMap((file) => findCircles(file, []))).toEqual([])
})

/** The floor that a file of the product stands on, and its shelf there; null for one that has none. */
function placeOf(path: string): { floor: number; shelf: string } | null {
  const [room = '', ...rest] = path.replace(/\.tsx?$/, '').split('/')
  const shelves = (FLOORS[room] ?? []).flatMap((line, floor) =>
    line.split(' ').map((shelf) => ({ floor, shelf })),
  )
  const fits = shelves.filter(({ shelf }) => `${rest.join('/')}/`.startsWith(`${shelf}/`))
  return fits.toSorted((left, right) => right.shelf.length - left.shelf.length)[0] ?? null
}

test('every file stands on a floor of its room, and every floor holds something', () => {
  expect(product.filter((file) => placeOf(file) === null)).toEqual([])
  const used = new Set(product.map((file) => `${file.split('/')[0]}/${placeOf(file)?.shelf}`))
  const named = Object.entries(FLOORS).flatMap(([room, lines]) =>
    lines.flatMap((line) => line.split(' ').map((shelf) => `${room}/${shelf}`)),
  )
  expect(named.filter((shelf) => !used.has(shelf))).toEqual([])
})

test('inside a room a shelf imports only what stands on a floor below it', () => {
  const wrong = imports.filter(({ file, to }) => {
    const [from, at] = [placeOf(file), placeOf(to)]
    if (from === null || at === null || file.split('/')[0] !== to.split('/')[0]) return false
    return at.shelf !== from.shelf && at.floor >= from.floor
  })
  expect(wrong.map(show)).toEqual([])
})

/** Lists of one kind, which are as long as there are such things. */
const LISTS = ['bin/commands', 'bin/doctor/box/hostile']
const LOOSE = 10
const ON_A_SHELF = 16

test(`a room has at most ${LOOSE} loose files, and a shelf ${ON_A_SHELF}, but for lists of one kind`, () => {
  const full = Object.entries(Object.groupBy(product, dirname)).filter(
    ([shelf, files = []]) => files.length > (shelf.includes('/') ? ON_A_SHELF : LOOSE),
  )
  expect(full.map(([shelf]) => shelf).sort()).toEqual(LISTS)
})

test('tests stand on the shelves of what they test', () => {
  const shelves = new Set(product.map(dirname))
  const beside = sources.filter((file) => /^test\/(unit|tools)\/./.test(file) && file !== own)
  expect(
    beside.filter((file) => !shelves.has(relative(file.split('/').slice(0, 2).join('/'), dirname(file)))),
  ).toEqual([])
})

test('which characters mislead a reader is said in one file', () => {
  const users = product.filter((file) => /\\u(061c|200[b-f]|202[0-9a-e]|206[0-9])/i.test(read(file)))
  expect(users).toEqual(['server/text/characters.ts'])
})

test('only container/docker/ talks to Docker through dockerode', () => {
  const users = imports.filter(({ to, file }) => to === 'dockerode' && !file.startsWith('test/'))
  expect(users.map(({ file }) => file).filter((file) => !file.startsWith('container/docker/'))).toEqual([])
})

test('the responder starts no processes', () => {
  const wrong = imports.filter(({ file, to }) => file.startsWith('server/') && to === 'node:child_process')
  expect(wrong.map(show)).toEqual([])
})

test('a hook script needs nothing but Node and the contract', () => {
  const reach = (file: string, seen: Set<string>): string[] => {
    if (seen.has(file) || !sources.includes(file)) return []
    seen.add(file)
    return importsOf(file)
      .filter(({ isType }) => !isType)
      .flatMap(({ to }) => (isOurs(to) ? reach(to, seen) : to.startsWith('node:') ? [] : [`${file}: ${to}`]))
  }
  const scripts = globSync('hooks/{client,events}/*.ts', { cwd: ROOT })
  expect(scripts.flatMap((file) => reach(file, new Set()))).toEqual([])
})

test('nothing but a test imports a test', () => {
  expect(
    imports.filter(({ file, to }) => product.includes(file) && /^(test|bench)\//.test(to)).map(show),
  ).toEqual([])
})

test('only bin/rc.ts ends the process', () => {
  const users = product.filter((file) => /\bprocess\.exit\(/.test(withoutComments(read(file))))
  // The relay and the hook scripts are programs of their own, which run in the container.
  expect(
    users.filter(
      (file) => file !== 'bin/rc.ts' && file !== 'container/image/relay.ts' && !file.startsWith('hooks/'),
    ),
  ).toEqual([])
})

test('only bin/ writes to stdout, through one file; hook scripts answer Claude on theirs, the relay its entrypoint', () => {
  const users = product.filter((file) => /\bconsole\.|\bprocess\.stdout\b/.test(withoutComments(read(file))))
  expect(
    users.filter(
      (file) =>
        !/^(bin\/(cli\/output|main|rc)|container\/image\/relay)\.ts$/.test(file) &&
        !file.startsWith('hooks/'),
    ),
  ).toEqual([])
})

test('the top level holds the fixed list and nothing else', () => {
  const extra = readdirSync(ROOT).filter((name) => !name.startsWith('.') && !TOP_LEVEL.includes(name))
  expect(extra).toEqual([])
})

test(`no file has more than ${MAX_LINES} lines, but for the named ones`, () => {
  const long = product
    .map((file) => ({ file, lines: read(file).split('\n').length - 1 }))
    .filter(({ file, lines }) => lines > (LONGER[file] ?? MAX_LINES))
  expect(long).toEqual([])
})

test('the named exceptions exist and need to be ones', () => {
  const needless = Object.keys(LONGER).filter(
    (file) => !product.includes(file) || read(file).split('\n').length - 1 <= MAX_LINES,
  )
  expect(needless).toEqual([])
})

const texts = globSync('{bin,bench,container,docs,hooks,server,setup,test,.ci}/**/*', {
  cwd: ROOT,
  exclude: (name) => typeof name === 'string' && name.includes('fixtures'),
}).filter((file) => /\.(tsx?|sh|md|ya?ml)$|Dockerfile$|^bin\/(rc|with-node)$|^\.ci\/run$/.test(file))

test.each([
  [
    'a host name of a package registry',
    /\b(registry\.npmjs\.org|registry\.yarnpkg\.com|deb\.debian\.org|registry-1\.docker\.io)\b/,
  ],
  ['an open TODO', /\b(TODO|FIXME|XXX)\b/],
  ['a path of the machine it was written on', /(^|[\s'"`(])\/(root|work)\//],
  ['a default export', /^export default /],
  ['an address where a path belongs, which fails in a folder with a space', /import\.meta\.url\)\.pathname/],
  ['a namespace of zod by name', /import \{ ?z ?\} from 'zod'/],
])('no file holds %s', (_, pattern) => {
  const found = [...texts, 'README.md', 'CHANGELOG.md']
    .filter((file) => file !== own && file !== 'test/vitest.config.ts')
    .flatMap((file) =>
      read(file)
        .split('\n')
        .map((line, at) => ({ line, at: `${file}:${at + 1}` }))
        .filter(({ line }) => pattern.test(line))
        .map(({ at }) => at),
    )
  expect(found).toEqual([])
})
