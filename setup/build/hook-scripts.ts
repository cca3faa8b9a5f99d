/** Compiles the hook scripts, one file for each event of the list, and the witness that stands by for those that ask. */
import { join } from 'node:path'
import { build, type Metafile, type Plugin } from 'esbuild'
import { HOOK_EVENTS, scriptOf } from '../../hooks/events/index.ts'
import type { HookEvent } from '../../hooks/events/types.ts'
import { root, shared } from './shared.ts'

const CLIENT = join(root, 'hooks/client')
const EVENTS = join(root, 'hooks/events')

/** What runs an event, by what the event does. */
const RUNNERS: Record<HookEvent['does'], { from: string; name: string }> = {
  ask: { from: 'ask.ts', name: 'ask' },
  'leave-ask': { from: 'leave.ts', name: 'leaveAsk' },
  tell: { from: 'run.ts', name: 'tell' },
}

type Options = {
  outdir: string
  events?: readonly HookEvent[]
  /** Where the events' sources are. */
  folder?: string
}

/**
 * A hook script starts for every question: it is one small file, holds no other event, and uses nothing but Node's own
 * modules. Gives what went into each.
 */
export async function buildHookScripts({
  outdir,
  events = HOOK_EVENTS,
  folder = EVENTS,
}: Options): Promise<Metafile> {
  const scripts = new Map(events.map((event) => [scriptOf(event), toEntry(event, folder)]))
  scripts.set('witness', `import { testify } from ${quote(CLIENT, 'testify.ts')}\nvoid testify()\n`)
  const { metafile } = await build({
    ...shared,
    entryPoints: [...scripts.keys()].map((name) => ({ in: `hook:${name}`, out: name })),
    outdir,
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    metafile: true,
    plugins: [written(scripts)],
  })
  const foreign = Object.keys(metafile.inputs).filter((path) => path.includes('node_modules/'))
  if (foreign.length > 0) {
    throw new Error(`A hook script may use Node's own modules only, not ${foreign.join(', ')}.`)
  }
  return metafile
}

/** The file is called like the script, and what it exports like the event. */
function toEntry(event: HookEvent, folder: string): string {
  const { from, name } = RUNNERS[event.does]
  const exported = `${event.event.charAt(0).toLowerCase()}${event.event.slice(1)}`
  return [
    `import { ${name} } from ${quote(CLIENT, from)}`,
    `import { ${exported} } from ${quote(folder, `${scriptOf(event)}.ts`)}`,
    `void ${name}(${exported})`,
  ].join('\n')
}

function quote(...parts: string[]): string {
  return JSON.stringify(join(...parts))
}

/** Gives esbuild the entries, which are no files. */
function written(scripts: ReadonlyMap<string, string>): Plugin {
  return {
    name: 'written',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^hook:/ }, ({ path }) => ({ path: path.slice('hook:'.length), namespace: 'hook' }))
      onLoad({ filter: /.*/, namespace: 'hook' }, ({ path }) => ({
        contents: scripts.get(path) ?? '',
        resolveDir: root,
      }))
    },
  }
}
