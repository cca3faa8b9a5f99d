/** Whether git takes over a conditional include, judged without git: it would have to be run in the repository. Pure. */
import { dirname } from 'node:path'

/** What conditions ask about. */
export type IncludeFacts = {
  /** The user's home folder, and its real path. */
  homes: readonly string[]
  /** The repository's git folder, as it is reached and as it really is; none outside of a repository. */
  gitFolders: readonly string[]
  /** The branch that is checked out, or null. */
  branch: string | null
  /** The URLs of the repository's remotes, as they are written down. */
  urls: readonly string[]
}

/**
 * `condition` is what stands between `includeif.` and `.path`; `file` holds it. One that nobody knows is false, as for git
 * (git-config(1) of 2.39, "Conditional includes").
 */
export function isIncluded(condition: string, file: string, facts: IncludeFacts): boolean {
  const [, kind, pattern = ''] =
    /^(gitdir|gitdir\/i|onbranch|hasconfig:remote\.\*\.url):(.*)$/s.exec(condition) ?? []
  switch (kind) {
    case 'gitdir':
    case 'gitdir/i': {
      const patterns = folderPatterns(pattern, file, facts.homes)
      return facts.gitFolders.some((folder) =>
        patterns.some((one) => toRegExp(one, kind !== 'gitdir').test(folder)),
      )
    }
    case 'onbranch': {
      const whole = pattern.endsWith('/') ? `${pattern}**` : pattern
      return facts.branch !== null && toRegExp(whole, false).test(facts.branch)
    }
    case 'hasconfig:remote.*.url':
      return facts.urls.some((url) => toRegExp(pattern, false).test(url))
    default:
      return false
  }
}

function folderPatterns(pattern: string, file: string, homes: readonly string[]): string[] {
  const whole = pattern.endsWith('/') ? `${pattern}**` : pattern
  if (whole.startsWith('~/')) return homes.map((home) => home + whole.slice(1))
  if (whole.startsWith('./')) return [dirname(file) + whole.slice(1)]
  return [whole.startsWith('/') ? whole : `**/${whole}`]
}

/** Git's wildmatch with WM_PATHNAME: a star stops at a slash, two stars between slashes do not. */
function toRegExp(pattern: string, ignoreCase: boolean): RegExp {
  const parts = pattern.matchAll(/(?<=^|\/)\*\*\/|(?<=\/)\*\*$|^\*\*$|\*+|\?|\[[!^]?\]?[^\]]*\]|\\.|./gs)
  const source = [...parts].map(([part]) => {
    if (part === '**/') return '(?:.*/)?'
    if (part === '**') return '.*'
    if (part.startsWith('*')) return '[^/]*'
    if (part === '?') return '[^/]'
    if (part.startsWith('[') && part.length > 2)
      return `(?!/)${part.replace(/^\[[!^]/, '[^').replace(/\\(?=[^\]\\])/g, '\\\\')}`
    return (part.length === 2 && part.startsWith('\\') ? part.slice(1) : part).replace(
      /[\\^$.*+?()[\]{}|/-]/g,
      '\\$&',
    )
  })
  try {
    return new RegExp(`^${source.join('')}$`, ignoreCase ? 'is' : 's')
  } catch {
    return /(?!)/
  }
}
