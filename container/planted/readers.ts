/**
 * Files of a folder that programs of its owner read by themselves, as instructions or to run something: when Claude or an
 * editor is started there, a shell enters, git works. What the owner runs knowingly (make, npm test) is not among them.
 */

export type Reader = {
  /** What reads the file, and what for. */
  why: string
  /** A text that an agent obeys: it is worth reading, so what has changed in it is shown. */
  isObeyed: boolean
}

const obeyed = (why: string, ...patterns: RegExp[]) => ({ why, isObeyed: true, patterns })
const run = (why: string, ...patterns: RegExp[]) => ({ why, isObeyed: false, patterns })

/** Each is tried against the path below a folder, at any depth. The first that fits counts. */
const KINDS = [
  run('Claude Code runs hooks from it', /^\.claude\/settings[^/]*\.json$/),
  run('Claude Code runs it or code that it names', /^\.claude\/(hooks|plugins|mods)\//, /^\.claude-plugin\//),
  run('Claude Code and other agents start servers from it', /^(\.mcp|mcp)\.json$/),
  obeyed('Claude Code offers it as a command, whose lines with ! run', /^\.claude\/commands\//),
  obeyed('Claude Code takes it for a skill', /^\.claude\/skills\//),
  obeyed('Claude Code takes it for an agent', /^\.claude\/agents\//),
  // Whatever else is there, now or in a later version, but for what Claude keeps for itself.
  obeyed('Claude Code obeys it', /^\.claude\/(?!worktrees\/|plans\/|[^/]*\.lock$).+/),
  obeyed('Claude Code obeys it', /^(CLAUDE|AGENTS)(\.[^/]+)?\.md$/),
  obeyed(
    'an agent obeys it',
    /^(GEMINI|QWEN|CONVENTIONS)\.md$/,
    /^\.(cursor|windsurf|cline|roo|continue|aider|codex|gemini|opencode|agents|agent|kiro|junie|amazonq|augment)\//,
    /^\.(cursor|windsurf|cline|roo|continue|goose|augment)(rules|hints|-guidelines)([^/]*|\/.+)$/,
    /^\.(aider\.conf\.yml|roomodes|goosehints|rules)$/,
    /^opencode\.jsonc?$/,
    /^\.github\/(copilot[^/]*|(instructions|prompts|agents|chatmodes|skills|hooks)\/.+)$/,
  ),
  run(
    'it makes a container, and runs commands on this machine for it',
    /^\.devcontainer(\/|\.json$)/,
    /^devcontainer\.json$/,
  ),
  run(
    'your editor runs programs from it',
    /^\.(vscode|vs|idea|zed|fleet|nova|helix)\//,
    /^[^/]+\.(code-workspace|sublime-project)$/,
    /^\.(exrc|nvimrc|nvim\.lua|vimrc|lvimrc|nfnl\.fnl|projectile|dir-locals(-2)?\.el)$/,
  ),
  run(
    'direnv runs it',
    /^\.envrc(\.[^/]+)?$/,
    /^\.direnv\//,
    /^\.autoenv(\.zsh|_leave\.zsh)?$/,
    /^(flake|shell|default|devenv)\.nix$/,
    /^(devbox\.json|devenv\.yaml)$/,
  ),
  run(
    'mise or asdf chooses and runs programs by it',
    /^\.tool-versions$/,
    /^\.?mise(\.[^/]+)*\.toml$/,
    /^\.?mise\//,
    /^\.config\/mise(\/|\.toml$)/,
    /^\.rtx\.toml$/,
  ),
  run(
    'programs that are started there read it, and run what it says',
    /^\.(gdbinit|lldbinit|pdbrc|pdbrc\.py|irbrc|pryrc|Rprofile|Renviron|ghci|zshenv)$/,
  ),
  run(
    'git hooks are made from it or run it',
    /^\.(husky|lefthook|githooks|git-hooks|hooks)\//,
    /^\.?lefthook(-local)?\.(ya?ml|json|jsonc|toml)$/,
    /^\.(pre-commit-(config|hooks)|overcommit)\.ya?ml$/,
    /^(captainhook\.json|prek\.toml)$/,
    /^\.?simple-git-hooks\.(c?js|mjs|json)$/,
    /^(\.lintstagedrc(\.[^/]+)?|lint-staged\.config\.[^/]+)$/,
  ),
  run('git obeys it', /^\.(gitattributes|gitmodules|gitconfig|lfsconfig)$/),
].map(({ patterns, ...reader }) => ({
  reader,
  // File systems that take upper and lower case for the same read them all.
  pattern: new RegExp(patterns.map(({ source }) => source.replace(/^\^/, '(?:^|/)')).join('|'), 'i'),
}))

/** Who reads the file of this path, relative with slashes; null where nobody does by itself. */
export function readerOf(path: string): Reader | null {
  return KINDS.find(({ pattern }) => pattern.test(path))?.reader ?? null
}

/** Files that a text brings in, as Claude reads them (`@docs/rules.md`, Claude Code 2.1.332). */
export function importsOf(text: string): string[] {
  return [...text.matchAll(/(?:^|[\s(])@([^\s@)]+)/g)].map(([, path = '']) => path.replace(/[.,;:]+$/, ''))
}
