/** Which commands of the user's settings can run in a box, and how they are called there. Pure. */
import { isAbsolute, join, normalize } from 'node:path'
import { INSIDE, isIn, USER_FILES } from '../places.ts'
import { programOf, toCommands, type Word } from './shell-commands.ts'

/** What is in the box, as far as settings of the host may name it. */
export type BoxFacts = {
  /** The user's home folder, on the host. */
  home: string
  /** The folder of the user's Claude there: `~/.claude`, unless CLAUDE_CONFIG_DIR says otherwise. */
  claudeDir: string
  workspace: string
  /** Whether the box has a program of that name or, for an absolute path, that file. */
  has(what: string): boolean
  /** A regular file below the host's `~/.claude` that may be brought, by its path from there. */
  file(path: string): { /** Of its `#!` line. */ interpreter: string | null } | null
}

/** A command as it runs in the box, with the paths below `~/.claude` that it needs; or why it cannot. */
export type Brought = { command: string; args?: string[]; files: string[] } | { why: string }

/** The user's files are in the folder of our hooks, which nothing inside can change. */
const FILES = `${INSIDE.hooks}/${USER_FILES}`

/** Takes a command of a hook, a status line or the like. */
export function bringCommand(
  given: { command: string; args?: string[] | undefined },
  facts: BoxFacts,
): Brought {
  const files: string[] = []
  const move = (text: string): string => {
    const file = belowClaude(text, facts)
    if (file === null || facts.file(file) === null) return text
    files.push(file)
    return replaceHome(text, facts)
  }
  if (given.args !== undefined) {
    // No shell reads these: `~` and `$HOME` are what they are.
    const words = [given.command, ...given.args].map((text) => ({ text, start: 0, end: 0, isTarget: false }))
    const why = whyNot(words, facts)
    if (why !== null) return { why }
    const [command = '', ...args] = words.map(({ text }) => (isAbsolute(text) ? move(text) : text))
    return { command, args, files }
  }
  const why = whyNotLine(given.command, facts)
  if (why !== null) return { why }
  let command = given.command
  const words = toCommands(command).flat()
  for (const { text, start, end, isTarget } of words.reverse()) {
    const file = isTarget ? null : belowClaude(text, facts)
    if (file === null || facts.file(file) === null) continue
    files.push(file)
    command = command.slice(0, start) + replaceHome(command.slice(start, end), facts) + command.slice(end)
  }
  // In code that is an argument, such as that of `bash -c`.
  command = command.replaceAll(mention(facts), move)
  return { command, files: [...new Set(files)] }
}

function whyNotLine(line: string, facts: BoxFacts): string | null {
  for (const words of toCommands(line)) {
    const why = whyNot(words, facts)
    if (why !== null) return why
    const at = words.findIndex(({ text }) => /^-[a-z]*c$/.test(text))
    const isShell = /(?:^|\/)(?:ba|da|k|z)?sh$/.test(words[at - 1]?.text ?? '')
    const inner = isShell ? whyNotLine(words[at + 1]?.text ?? '', facts) : null
    if (inner !== null) return inner
  }
  return null
}

function whyNot(words: readonly Word[], facts: BoxFacts): string | null {
  const { program, script } = programOf(words)
  return whyMissing(program?.text, facts, 'program') ?? whyMissing(script?.text, facts, 'script')
}

function whyMissing(text: string | undefined, facts: BoxFacts, kind: 'program' | 'script'): string | null {
  if (text === undefined) return null
  const file = belowClaude(text, facts)
  if (file !== null) {
    const found = facts.file(file)
    if (found === null) return `there is no ~/.claude/${file} to bring along`
    const { interpreter } = found
    return kind === 'script' || interpreter === null || facts.has(interpreter)
      ? null
      : `the box has no ${interpreter}`
  }
  if (kind === 'program' && !text.includes('/')) return facts.has(text) ? null : `the box has no ${text}`
  const path = toPath(text, facts)
  if (path === null || facts.has(path)) return null
  return isIn(path, facts.home) && !isIn(path, facts.workspace)
    ? `${path} is outside ~/.claude, which is all that comes along`
    : `the box has no ${path}`
}

/** Absolute path of a word, or null when that is known at run time only. */
function toPath(text: string, { home, workspace }: BoxFacts): string | null {
  const path = text
    .replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/)/, home)
    .replace(/^(?:\$CLAUDE_PROJECT_DIR|\$\{CLAUDE_PROJECT_DIR\})(?=\/)/, workspace)
  return /[$*?`]/.test(path) ? null : isAbsolute(path) ? normalize(path) : join(workspace, path)
}

/** The path from the host's `~/.claude`, or null where a word is none of there. */
function belowClaude(text: string, { home, claudeDir }: BoxFacts): string | null {
  const path = text
    .replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/)/, home)
    .replace(/^(?:\$CLAUDE_CONFIG_DIR|\$\{CLAUDE_CONFIG_DIR\})(?=\/)/, claudeDir)
  const folder = `${claudeDir}/`
  if (!path.startsWith(folder) || /[$*?`]/.test(path)) return null
  const file = normalize(path.slice(folder.length))
  return file.startsWith('..') ? null : file
}

const quoted = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
/** Every way to write a folder whose variable is `name`, for a regular expression. */
const spellings = (name: string, path: string) =>
  `\\$${name}|\\$\\{${name}\\}|"\\$${name}"|"\\$\\{${name}\\}"|${quoted(path)}`

/** Every way to write `claudeDir`. */
function folders({ home, claudeDir }: BoxFacts): string {
  const own = spellings('CLAUDE_CONFIG_DIR', claudeDir)
  if (!isIn(claudeDir, home)) return `(?:${own})/`
  return `(?:${own}|(?:~|${spellings('HOME', home)})${quoted(claudeDir.slice(home.length))})/`
}

function replaceHome(text: string, facts: BoxFacts): string {
  return text.replace(new RegExp(folders(facts)), `${FILES}/`)
}

/** A file below `~/.claude` anywhere in a text, unless something is written to it. */
function mention(facts: BoxFacts): RegExp {
  return new RegExp(`(?<![\\w/.])(?<!>\\s*["']?)${folders(facts)}[^\\s"'\`;|&()<>$\\\\]+`, 'g')
}

/** A command as a sentence names it. */
export function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
