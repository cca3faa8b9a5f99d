/**
 * A configuration as git itself reads it: a parser of ours would sooner or later read one thing and git another. Git is
 * given the text, and no file, no repository and nobody's configuration, so it opens, obeys and runs nothing: it prints.
 * Bounded, for the text may be an agent's; whatever git does not read whole is unreadable, never empty.
 */
import { execa } from 'execa'
import { type Setting, toSetting } from './git-config.ts'

/** Settings with their full names, section and key in lower case; or why they cannot be told, in words for a sentence. */
export type Reading = { settings: Setting[] } | { settings: null; why: string }

const MOST_MS = 5000
/** Characters. A name is printed with its section for each of its lines, so a short text can become a very long list. */
const MOST_PRINTED = 4 * 1024 * 1024

/** What `text` sets. Never rejects: without git on the PATH nobody knows, either. */
export async function readSettings(text: string, mostMs = MOST_MS): Promise<Reading> {
  if (text === '') return { settings: [] }
  // Git takes what follows one for not there, and programs that read git's files may not.
  if (text.includes('\0')) return { settings: null, why: 'it has a zero byte in it' }
  if (mostMs <= 0) return { settings: null, why: 'there was no time left to read it' }
  const done = await execa('git', ['config', '--file', '-', '--no-includes', '--null', '--list'], {
    input: text,
    cwd: '/',
    env: {
      PATH: process.env['PATH'],
      HOME: '/nonexistent',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      // A folder above may be a repository: there is none where this points.
      GIT_DIR: '/nonexistent',
      LC_ALL: 'C',
    },
    extendEnv: false,
    reject: false,
    stripFinalNewline: false,
    timeout: mostMs,
    killSignal: 'SIGKILL',
    maxBuffer: MOST_PRINTED,
  })
  if (!done.failed) {
    const entries = done.stdout.split('\0').slice(0, -1)
    return { settings: entries.map(toSetting) }
  }
  if (done.code === 'ENOENT') return { settings: null, why: 'git, which would read it, is not on the PATH' }
  if (done.timedOut || done.isMaxBuffer) return { settings: null, why: 'it is too much to read' }
  const line = /bad config line (\d+)/.exec(done.stderr)?.[1]
  return { settings: null, why: `git refuses to read it${line === undefined ? '' : `, its line ${line}`}` }
}
