/** A clone of this repository in which only the shell scripts are real: what they start leaves notes instead. */
import { type ChildProcess, execFile } from 'node:child_process'
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const ROOT = join(import.meta.dirname, '../../..')

/** Prints what it was called with, so that tests see what came through. */
const PROGRAM = `
const { argv, execPath } = process
if (argv[2] === 'exit') process.exit(Number(argv[3]))
console.log(JSON.stringify(argv.slice(2)))
`

const BUILD = `
import { appendFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
const root = import.meta.dirname + '/../../'
appendFileSync(root + 'builds.log', 'built\\n')
if (process.env.BREAK_BUILD) { console.error('a syntax error'); process.exit(1) }
await new Promise((resolve) => setTimeout(resolve, 150))
mkdirSync(root + 'dist', { recursive: true })
writeFileSync(root + 'dist/rc.cjs', readFileSync(root + 'program.txt'))
writeFileSync(root + 'dist/stamp.next', process.execPath + '\\n')
renameSync(root + 'dist/stamp.next', root + 'dist/stamp')
console.log('building says something')
`

/** An npm that knows two commands and notes their use; FAIL_NPM makes it fail like one without a network. */
const NPM = `#!/bin/sh
echo "npm $*" >>"$NPM_LOG"
if [ -n "\${FAIL_NPM:-}" ]; then echo "npm error code ENOTFOUND" >&2; exit 1; fi
case $1 in
  pack)
    sleep 0.3
    mkdir -p package/bin
    printf '#!/bin/sh\\nexec "%s" "$@"\\n' "$REAL_NODE" >package/bin/node
    chmod +x package/bin/node
    tar -czf node.tgz package
    rm -r package
    echo node.tgz ;;
  install)
    sleep 0.3
    mkdir -p node_modules
    echo {} >node_modules/.package-lock.json
    echo "added 1 package" ;;
esac
`

export type Ran = { code: number; stdout: string; stderr: string }

/** Makes the tree in a folder whose name has a space. Nothing is built in it yet. */
export async function createTree() {
  const base = await mkdtemp(join(tmpdir(), 'rc tree '))
  const root = join(base, 'a clone')
  const tools = join(base, 'tools')
  const file = async (path: string, text: string, mode = 0o644) => {
    await mkdir(dirname(join(base, path)), { recursive: true })
    await writeFile(join(base, path), text, { mode })
  }
  for (const name of ['rc', 'with-node', 'bootstrap.sh']) {
    await mkdir(join(root, 'bin'), { recursive: true })
    await copyFile(join(ROOT, 'bin', name), join(root, 'bin', name))
  }
  for (const room of ['container', 'hooks', 'server', 'setup']) await file(`a clone/${room}/some.ts`, '')
  await file('a clone/setup/build/build.ts', BUILD)
  await file('a clone/program.txt', PROGRAM)
  await file('a clone/package.json', '{"type":"module"}')
  await file('a clone/package-lock.json', '{}')
  await file('a clone/node_modules/.package-lock.json', '{}')
  await file('tools/npm', NPM, 0o755)
  // An old Node says nothing when it is asked whether it is new enough.
  await file('old-node/node', '#!/bin/sh\nexit 0\n', 0o755)
  await chmod(join(tools, 'npm'), 0o755)

  const env = {
    PATH: `${dirname(process.execPath)}:${tools}:/usr/bin:/bin`,
    HOME: join(base, 'home'),
    NPM_LOG: join(base, 'npm.log'),
    REAL_NODE: process.execPath,
  }
  await mkdir(env.HOME)

  const run = (
    command: string,
    args: string[],
    more: Record<string, string | undefined> = {},
    cwd = '/',
  ): Promise<Ran> =>
    new Promise((resolve) => {
      const merged = Object.fromEntries(
        Object.entries({ ...env, ...more }).filter(([, value]) => value !== undefined),
      )
      const child: ChildProcess = execFile(command, args, { env: merged, cwd }, (_, stdout, stderr) =>
        resolve({ code: child.exitCode ?? -1, stdout, stderr }),
      )
    })

  return {
    base,
    root,
    rcPath: join(root, 'bin/rc'),
    /** A PATH on which the only Node is too old. */
    oldPath: `${join(base, 'old-node')}:${tools}:/bin:/usr/bin`,
    run,
    rc: (...args: string[]) => run(join(root, 'bin/rc'), args),
    builds: async () =>
      (await readFile(join(root, 'builds.log'), 'utf8').catch(() => '')).split('\n').length - 1,
    npmCalls: async () =>
      (await readFile(env.NPM_LOG, 'utf8').catch(() => '')).split('\n').filter((line) => line !== ''),
    file,
    /** A PATH with the ordinary programs, but not these. */
    toolsWithout: async (...names: string[]) => {
      const folder = join(base, 'few tools')
      await mkdir(folder)
      for (const from of ['/usr/bin', '/bin']) {
        for (const name of await readdir(from)) {
          if (!names.includes(name)) await symlink(join(from, name), join(folder, name)).catch(() => {})
        }
      }
      return folder
    },
    /** Makes a file newer than everything that was built. */
    renew: (path: string) => utimes(join(root, path), new Date(), new Date(Date.now() + 5000)),
    remove: () => rm(base, { recursive: true, force: true }),
  }
}
