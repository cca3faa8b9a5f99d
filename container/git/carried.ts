/** Which of the user's git settings mean the same in a session. Pure. */
import type { Setting } from '../workspace/git-config.ts'

/**
 * Settings that name no file and no program of the host (git-config(1) of 2.39). Aliases may run what they like: it runs in
 * the session. What is not here is left at home: helpers with secrets, editors, pagers, drivers, hooks, proxies.
 */
const CARRIED = new RegExp(
  `^(?:${[
    '(user|author|committer)\\.(name|email)|user\\.useconfigonly',
    'core\\.(autocrlf|eol|safecrlf|whitespace|quotepath|abbrev|commentchar|precomposeunicode|loosecompression|bigfilethreshold)',
    'init\\.defaultbranch|pull\\.(rebase|ff|octopus|twohead)|push\\.(default|followtags|useforceifincludes|recursesubmodules)',
    'fetch\\.(prune|prunetags|recursesubmodules|parallel)|rebase\\.(autosquash|autostash|updaterefs|abbreviatecommands|missingcommitscheck|stat)',
    'merge\\.(ff|conflictstyle|renames|directoryrenames|log|stat|autostash|branchdesc|verifysignatures)',
    'commit\\.(cleanup|verbose|status)|log\\.(date|abbrevcommit|follow|decorate|mailmap|showsignature)',
    'status\\.[a-z]+|(branch|tag|versionsort)\\.(sort|suffix)|checkout\\.(defaultremote|guess)|submodule\\.recurse',
    'diff\\.(algorithm|renames|renamelimit|colormoved|colormovedws|mnemonicprefix|noprefix|context|interhunkcontext|submodule|wserrorhighlight|indentheuristic|ignoresubmodules|statgraphwidth)',
    'apply\\.(whitespace|ignorewhitespace)|rerere\\.(enabled|autoupdate)|stash\\.[a-z]+|grep\\.[a-z]+|blame\\.(date|coloring|showemail|showroot|blankboundary)',
    '(advice|color|column|i18n|format)\\.(?!attach|signaturefile).*|notes\\.(displayref|rewriteref|rewritemode|mergestrategy)|help\\.autocorrect',
    'alias\\..+|url\\..+\\.(insteadof|pushinsteadof)',
  ].join('|')})$`,
  's',
)

/** Gives what comes along, and the names of rewrites that do not, because there is a password or token in their address. */
export function carrySettings(settings: readonly Setting[]): { carried: Setting[]; secret: string[] } {
  const found = settings.filter(({ name }) => CARRIED.test(name))
  const secret = found.filter(
    ({ name, value }) => hasSecret(name.replace(/^url\./, '')) || hasSecret(value, name),
  )
  return {
    carried: found.filter((setting) => !secret.includes(setting)),
    secret: [...new Set(secret.map(({ name }) => hideUser(name)))],
  }
}

/** A name in a web address is a token as often as a name: `https://ghp_…@github.com/`. */
function hasSecret(address: string, name = 'url.'): boolean {
  return name.startsWith('url.') && /^(?:https?:\/\/[^/@]+|[a-z+]+:\/\/[^/@:]+:[^/@]+)@/i.test(address)
}

function hideUser(name: string): string {
  return name.replace(/:\/\/[^/@]+@/, '://…@')
}
