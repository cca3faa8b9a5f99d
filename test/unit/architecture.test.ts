/** Keeps the house as it was drawn: who may import whom, which file may do what. */
import { globSync, readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

/** Who may import whom. The first line that fits a file counts. `ours` are beginnings of paths, `packages` names. */
const TABLE: { files: RegExp; ours: string[]; packages: string[]; types?: string[]; pure?: boolean }[] = [
  { files: /^server\/protocol\.ts$/, ours: [], packages: ['zod'], pure: true },
  {
    files: /^server\/((asks|claude|text)\/.*|push\/ask-push|endings\/end-of-hook|budgets)\.ts$/,
    ours: ['server/'],
    packages: ['zod'],
    pure: true,
  },
  { files: /^server\//, ours: ['server/'], packages: ['hono', '@hono/node-server', 'jose', 'zod', 'undici'] },
  {
    files: /^hooks\/install\/(text\/.*|file\/bytes)\.ts$/,
    ours: ['hooks/install/'],
    packages: ['jsonc-parser'],
    pure: true,
  },
  { files: /^hooks\/install\//, ours: ['hooks/', 'server/protocol.ts'], packages: ['jsonc-parser', 'zod'] },
  { files: /^hooks\//, ours: ['hooks/', 'server/protocol.ts'], packages: ['zod'] },
  {
    files: /^container\/(session\/plan|screen\/.*)\.ts$/,
    ours: ['container/', 'server/protocol.ts'],
    packages: ['zod'],
    types: ['server/ports.ts'],
    pure: true,
  },
  {
    files: /^container\//,
    ours: [
      'container/',
      'server/protocol.ts',
      'server/text/characters.ts',
      'server/doors/kept.ts',
      'server/doors/listen.ts',
      'hooks/install/command.ts',
      'hooks/install/command.ts',
    ],
    packages: ['dockerode', 'execa', 'zod'],
    types: ['server/ports.ts', 'hooks/settings.ts'],
  },
  {
    files: /^setup\//,
    ours: [
      'setup/',
      'server/options.ts',
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
    packages: ['commander', '@clack/prompts', 'uqr', 'yaml', 'execa', 'zod'],
  },
  { files: /^(test|bench)\//, ours: [''], packages: ['*'] },
]

/** Modules with which a pure file would touch the world. Everything else of Node's is I/O to us. */
const PURE_MODULES = ['node:path', 'node:path/posix', 'node:util', 'node:url', 'node:crypto', 'node:buffer']

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
  'server/protocol.ts': 290,
}

type Import = { file: string; to: string; isType: boolean }

const sources = globSync('{bin,bench,container,hooks,server,setup,test}/**/*.{ts,tsx}', { cwd: ROOT }).filter(
  (file) => !file.startsWith('test/fixtures/'),
)
const product = sources.filter((file) => !/^(test|bench)\//.test(file))
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')

/** Static, type, dynamic and re-exporting imports; our own files as paths from the root, packages by name. */
function importsOf(file: string): Import[] {
  const text = withoutComments(read(file))
  const statements = text.matchAll(/^\s*(import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s*)?['"]([^'"]+)['"]/gm)
  const calls = text.matchAll(/\b(?:import|require)\(\s*['"]([^'"]+)['"]/g)
  return [
    ...[...statements].map(([, , type, to = '']) => ({
      file,
      to: resolve(file, to),
      isType: type !== undefined,
    })),
    ...[...calls].map(([, to = '']) => ({ file, to: resolve(file, to), isType: false })),
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

test('a pure file imports only what is pure, and never looks at the clock', () => {
  const pure = sources.filter((file) => rowOf(file)?.pure)
  expect(pure).toContain('server/protocol.ts')
  const touching = imports.filter(
    ({ file, to, isType }) =>
      pure.includes(file) && !isType && to.startsWith('node:') && !PURE_MODULES.includes(to),
  )
  expect(touching.map(show)).toEqual([])
  const timed = pure.filter((file) =>
    /\b(Date\.now|new Date\(\)|setTimeout|setInterval|Math\.random|randomUUID|process\.)/.test(
      withoutComments(read(file)),
    ),
  )
  expect(timed).toEqual([])
})

test('what a pure file imports of ours is pure too', () => {
  const seen = new Set<string>()
  const impure: string[] = []
  const follow = (file: string, from: string) => {
    if (seen.has(file) || !sources.includes(file)) return
    seen.add(file)
    for (const { to, isType } of importsOf(file)) {
      if (isType) continue
      if (to.startsWith('node:') && !PURE_MODULES.includes(to))
        impure.push(`${from} reaches ${to} through ${file}`)
      if (isOurs(to)) follow(to, from)
    }
  }
  for (const file of sources.filter((one) => rowOf(one)?.pure)) {
    seen.clear()
    follow(file, file)
  }
  expect(impure).toEqual([])
})

/** Of server/, from the bottom up; what has no line of its own stands on the top. */
const STOREYS = [
  ...['protocol.ts', 'budgets.ts', 'errors.ts', 'options.ts', 'ports.ts', 'owner-views.ts', 'timers.ts'],
  ...['claude/', 'text/', 'asks/', 'store/', 'audit/', 'push/', 'endings/', 'desk/', 'pages/', 'doors/'],
  ...['phone/', 'foreign/'],
].map((name) => `server/${name}`)
const inServer = imports.filter(({ file, to }) => file.startsWith('server/') && to.startsWith('server/'))

test('no circle in server/, of types or of values', () => {
  const done = new Set<string>()
  const findCircle = (file: string, way: string[]): string[] => {
    if (way.includes(file)) return [[...way.slice(way.indexOf(file)), file].join(' -> ')]
    if (done.has(file)) return []
    const next = inServer.filter((one) => one.file === file)
    const found = next.flatMap(({ to }) => findCircle(to, [...way, file]))
    done.add(file)
    return found
  }
  const files = sources.filter((file) => file.startsWith('server/'))
  expect(inServer.length).toBeGreaterThan(files.length)
  expect(files.flatMap((file) => findCircle(file, []))).toEqual([])
})

test('in server/ a shelf imports only shelves below it', () => {
  const storeyOf = (path: string) => {
    const at = STOREYS.findIndex((name) => path.startsWith(name))
    return at < 0 ? STOREYS.length : at
  }
  expect(STOREYS.filter((name) => !sources.some((file) => file.startsWith(name)))).toEqual([])
  expect(inServer.filter(({ file, to }) => storeyOf(to) > storeyOf(file)).map(show)).toEqual([])
})

test('server/ has at most 10 loose files and 16 on a shelf', () => {
  const shelves = Object.groupBy(
    sources.filter((file) => file.startsWith('server/')),
    (file) => dirname(file),
  )
  const full = Object.entries(shelves).filter(
    ([shelf, files = []]) => files.length > (shelf === 'server' ? 10 : 16),
  )
  expect(full).toEqual([])
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
  const scripts = globSync('hooks/scripts/*.ts', { cwd: ROOT })
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
const own = 'test/unit/architecture.test.ts'

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
