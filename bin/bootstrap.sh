# Sourced with $root set, by a shell with `set -eu`. Leaves a Node >= 24 in $NODE, first on PATH, and node_modules as the
# lock file says. Everything it has to say goes to stderr: stdout belongs to the program that is started afterwards.

node_version=24.21.0

say() { printf 'rc: %s\n' "$*" >&2; }

die() {
  say "$1"
  printf '    %s\n' "$2" >&2
  exit 1
}

is_alive() { [ -d "/proc/$1" ] || kill -0 "$1" 2>/dev/null; }

# Of several first runs one does the work and the others wait. The lock of a process that was killed is taken over.
with_lock() {
  lock=$1
  shift
  mkdir -p "${lock%/*}" 2>/dev/null || die "${lock%/*} cannot be created." "Check who owns the folder above it."
  waited=0
  until mkdir "$lock" 2>/dev/null; do
    [ -d "$lock" ] || [ -w "${lock%/*}" ] || die "${lock%/*} cannot be written." "Check who owns it."
    holder=$(cat "$lock/pid" 2>/dev/null || :)
    if [ -n "$holder" ] && ! is_alive "$holder"; then
      # Only one waiter removes a dead lock, and only after it has looked again: otherwise a second one would remove
      # the lock that the first has just taken.
      if mkdir "$lock.broken" 2>/dev/null; then
        [ "$(cat "$lock/pid" 2>/dev/null || :)" != "$holder" ] || rm -rf "$lock"
        rmdir "$lock.broken"
      fi
      continue
    fi
    [ "$waited" != 15 ] || say "waiting for another rc to finish its first steps …"
    waited=$((waited + 1))
    [ "$waited" -lt 4500 ] || die "Another rc holds $lock since 15 minutes." "If none is running, remove that folder."
    # Every system we know takes fractions; POSIX does not promise it.
    sleep 0.2 2>/dev/null || sleep 1
  done
  echo $$ >"$lock/pid"
  trap 'rm -rf "$lock"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  trap 'exit 129' HUP
  "$@"
  rm -rf "$lock"
  trap - EXIT INT TERM HUP
}

# Prints where the Node really is (version managers put a script in its place), or nothing when it is too old.
new_enough() {
  "$1" -e 'if (parseInt(process.versions.node) >= 24) console.log(process.execPath)' 2>/dev/null || :
}

need_npm() {
  command -v npm >/dev/null 2>&1 || die "$1, and there is no npm on the PATH to fetch it with." "$2"
}

cache_home() {
  case ${XDG_CACHE_HOME:-} in /*) printf '%s' "$XDG_CACHE_HOME" && return ;; esac
  case ${HOME:-} in /*) printf '%s' "$HOME/.cache" && return ;; esac
  home=$(getent passwd "$(id -u)" 2>/dev/null | cut -d: -f6) || home=
  printf '%s' "${home:-$root/dist}/.cache"
}

fetch_node() {
  [ -z "$(new_enough "$private/bin/node")" ] || return 0
  need_npm "Node 24 or newer is needed" "Install Node 24 (it brings npm), or npm for the Node that is there."
  say "fetching Node $node_version into $private (once) …"
  rm -rf "$private" "$private".part.*
  part=$private.part.$$
  mkdir -p "$part"
  if ! (cd "$part" && npm pack --silent --ignore-scripts "$package@$node_version" >npm.log 2>&1 &&
    tar -xzf ./*.tgz --strip-components=1 && rm -f ./*.tgz); then
    sed 's/^/    /' "$part/npm.log" >&2
    rm -rf "$part"
    die "Node $node_version could not be fetched." "Check the network and npm's configuration, or install Node 24 yourself."
  fi
  if [ -z "$(new_enough "$part/bin/node")" ]; then
    "$part/bin/node" --version >/dev/null || :
    rm -rf "$part"
    die "Node $node_version does not run on this system." "Install a Node 24 that does and put it first on the PATH."
  fi
  mv "$part" "$private"
}

find_node() {
  NODE=$(command -v node || :)
  [ -z "$NODE" ] || NODE=$(new_enough "$NODE")
  [ -z "$NODE" ] || return 0
  case $(uname -s) in
    Linux) os=linux ;;
    Darwin) os=darwin ;;
    *) die "Node 24 or newer is needed, and there is no package of it for $(uname -s)." "Install Node 24 yourself." ;;
  esac
  case $(uname -m) in
    x86_64 | amd64) arch=x64 ;;
    aarch64 | arm64) arch=arm64 ;;
    *) die "Node 24 or newer is needed, and there is no package of it for $(uname -m)." "Install Node 24 yourself." ;;
  esac
  package=node-$os-$arch
  private=$(cache_home)/remote-claude/node/$node_version
  NODE=$private/bin/node
  [ -x "$NODE" ] || with_lock "$private.lock" fetch_node
}

# npm writes this file last, so an interrupted installation is not taken for a whole one.
has_dependencies() {
  installed=$root/node_modules/.package-lock.json
  [ -f "$installed" ] && [ ! "$root/package-lock.json" -nt "$installed" ]
}

install_dependencies() {
  ! has_dependencies || return 0
  need_npm "The dependencies are not installed" "Install npm."
  say "installing dependencies into $root/node_modules (once) …"
  log=$root/dist/npm.log
  # Not npm ci: that refuses a lock file without the packages of other platforms, which a mirror need not have.
  # The versions and checksums are those of the lock file all the same, and it is not written.
  if ! (cd "$root" && npm install --no-save --ignore-scripts --no-audit --no-fund >"$log" 2>&1); then
    sed 's/^/    /' "$log" >&2
    die "The dependencies could not be installed." "Check the network and npm's configuration, then try again."
  fi
  rm -f "$log"
  touch "$installed"
}

build() {
  # Another run may have built while this one waited.
  stamp=$root/dist/stamp
  if [ -f "$stamp" ] && [ -z "$(find "$root/bin" "$root/container" "$root/hooks" "$root/server" "$root/setup" \
    "$root/package.json" "$root/package-lock.json" -newer "$stamp")" ] && IFS= read -r built_by <"$stamp" &&
    [ "$built_by" = "$NODE" ]; then
    return 0
  fi
  [ -f "$stamp" ] || say "compiling (once, and after each change) …"
  "$NODE" "$root/setup/build/build.ts" >&2 || die "Remote Claude could not be built." "The lines above say why."
}

build_when_stale() { with_lock "$root/dist/lock" build; }

find_node
# npm runs with the machine's own Node, before ours is on the PATH: it looks for its global settings, which may name the
# certificates of a proxy, beside the Node that runs it.
has_dependencies || with_lock "$root/dist/lock" install_dependencies
PATH=${NODE%/*}:$PATH
export PATH
