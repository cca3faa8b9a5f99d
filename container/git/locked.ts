/**
 * The `git` of a session: the real one, behind a script that refuses as a whole what needs git's configuration written.
 *
 * `.git/config` is read-only in a session, because the host obeys it, and git finds that out too late: 2.39.5 pushes or
 * renames first, fails to write, and then says "set up to track" and ends with 0, or ends with 128. So the script judges
 * the words before git runs, and only where the configuration of the repository cannot be written. It guards nobody: who
 * calls /usr/bin/git gets the half truth, and the mount holds all the same. Nothing that a session writes ever becomes
 * the host's configuration, so there is no list of harmless settings to get wrong.
 */

/** Before /usr/bin in the path of the image, where no package puts a file. */
export const GIT_SCRIPT = '/usr/local/bin/git'

/** For dash. */
export const GIT_SCRIPT_TEXT = `#!/bin/sh
# Git, without what could only be done by halves in a session: the configuration of its repository is locked.
real=/usr/bin/git

# Which command it is, and how many words are before it.
before=0 command= takes=
for word do
  if [ -n "$takes" ]; then
    takes=
  else
    case "$word" in
      -C | -c | --git-dir | --work-tree | --namespace | --super-prefix | --config-env | --attr-source) takes=1 ;;
      -*) ;;
      *) command=$word; break ;;
    esac
  fi
  before=$((before + 1))
done

# Asks git something of the repository that this call is about: asked COMMAND "$@"
asked() {
  question=$1
  shift
  total=$# count=0
  for word do
    [ "$count" -lt "$before" ] && set -- "$@" "$word"
    count=$((count + 1))
  done
  shift "$total"
  case "$question" in
    folder) "$real" "$@" rev-parse --path-format=absolute --git-common-dir ;;
    alias) "$real" "$@" config --get "alias.$command" ;;
  esac 2>/dev/null
}

# Sets $refused to what of a command needs the configuration, and $instead to what does not.
judge() {
  kind=$1 action= refused= instead=
  shift
  for word do
    case "$kind $word" in
      *' --') break ;;
      # The rest of such a word is a name or a push option.
      'push -o'* | 'checkout -'[bB]* | 'worktree -'[bB]* | 'switch -'[cC]*) ;;
      'push --se'* | 'push -u'* | 'push -'[!-]*u*)
        refused=$word instead='git push REMOTE BRANCH' ;;
      'fetch --set'* | 'pull --set'*)
        refused=$word instead="git $kind REMOTE BRANCH" ;;
      'checkout --tr'* | 'switch --tr'* | 'worktree --tr'* | 'checkout -t'* | 'switch -t'* | 'checkout -'[!-]*t* | 'switch -'[!-]*t*)
        refused=$word instead='git switch --no-track -c BRANCH REMOTE/BRANCH' ;;
      'branch --mo'* | 'branch --cop'* | 'branch -'[mMcC]* | 'branch -'[!-u]*[mMcC]*)
        refused=$word instead='git switch -c NEW OLD, and git branch -D OLD to rename' ;;
      'branch --se'* | 'branch --uns'* | 'branch --tr'* | 'branch -'[ut]* | 'branch -'[!-]*[ut]*)
        refused=$word instead='git pull REMOTE BRANCH and git push REMOTE BRANCH' ;;
      'branch --ed'*)
        refused=$word instead='a file for the description' ;;
      *' -'*) ;;
      *) [ -n "$action" ] || action=$word ;;
    esac
    [ -z "$refused" ] || return 0
  done
  case "$kind $action" in
    'remote add' | 'remote rename' | 'remote remove' | 'remote rm' | 'remote set-url' | 'remote set-branches')
      refused=$action instead='a URL where a remote would be named: git fetch URL, git push URL BRANCH' ;;
    'submodule add' | 'submodule init' | 'submodule deinit' | 'submodule sync' | 'submodule set-url' | 'submodule absorbgitdirs')
      refused=$action instead='git clone, or have a person do it outside of the session' ;;
    'submodule update')
      case " $* " in *' --init '* | *' -i '*) refused=$action instead='git clone, or have a person do it outside of the session' ;; esac ;;
  esac
}

kind= alias=
case "$command" in
  # Most calls, which need no second look; git lets no alias hide a command of its own.
  '' | add | blame | cat-file | clone | commit | config | describe | diff | for-each-ref | grep | init | lfs | log | ls-files | ls-tree | \\
    merge | rebase | reset | restore | rev-list | rev-parse | rm | show | stash | status | symbolic-ref | tag | update-index) ;;
  branch | checkout | fetch | pull | push | remote | submodule | switch | worktree) kind=$command ;;
  *)
    alias=$(asked alias "$@")
    case "$alias" in '' | '!'*) ;; *) kind=\${alias%%[!a-z]*} alias=\${alias#"$kind"} ;; esac ;;
esac
[ -n "$kind" ] || exec "$real" "$@"
folder=$(asked folder "$@")
if [ -z "$folder" ] || [ ! -e "$folder/config" ] || [ -w "$folder/config" ]; then exec "$real" "$@"; fi

judge_all() {
  shift $((before + 1))
  # Into words as they are: what is looked for needs no quotes.
  set -f
  judge "$kind" $alias "$@"
}
judge_all "$@"
if [ -n "$refused" ]; then
  printf 'fatal: git %s %s needs %s/config, which is locked in this session, so nothing was done.\\nUse instead: %s\\n' \\
    "$kind" "$refused" "$folder" "$instead" >&2
  exit 128
fi
exec "$real" -c branch.autoSetupMerge=false -c push.autoSetupRemote=false "$@"
`
