# Sourced with $root set. Leaves a Node >= 24 in $NODE, first on PATH, and node_modules as the lock file says.
# Everything it has to say goes to stderr: stdout belongs to the program that is started afterwards.

node_version=24.21.0

say() { printf 'rc: %s\n' "$*" >&2; }

die() {
  say "$1"
  printf '    %s\n' "$2" >&2
  exit 1
}

# Only one of several first runs does the work; the others wait for it. A lock left by a dead process is taken over.
with_lock() {
  lock=$1
  shift
  mkdir -p "$(dirname -- "$lock")" 2>/dev/null || die "$(dirname -- "$lock") cannot be created." "Check who owns it."
  until mkdir "$lock" 2>/dev/null; do
    holder=$(cat "$lock/pid" 2>/dev/null || :)
    if [ -n "$holder" ] && ! kill -0 "$holder" 2>/dev/null; then
      rm -rf "$lock"
    else
      sleep 1
    fi
  done
  echo $$ >"$lock/pid"
  trap 'rm -rf "$lock"' EXIT
  trap 'exit 130' INT TERM
  "$@"
  rm -rf "$lock"
  trap - EXIT INT TERM
}

is_new_enough() {
  "$1" -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 24 ? 0 : 1)' 2>/dev/null
}

fetch_node() {
  [ -x "$private/bin/node" ] && return
  command -v npm >/dev/null 2>&1 || die "Node 24 is needed, and there is no npm to fetch it with." "Install Node 24, or npm."
  say "fetching Node $node_version for itself (once) …"
  tmp=$private.$$
  mkdir -p "$tmp"
  if ! (cd "$tmp" && npm pack --silent "$package@$node_version" >/dev/null 2>npm.log && tar -xzf ./*.tgz --strip-components=1); then
    sed 's/^/    /' "$tmp/npm.log" >&2
    rm -rf "$tmp"
    die "Node $node_version could not be fetched." "Check the network and the npm configuration, or install Node 24 yourself."
  fi
  rm -f "$tmp"/*.tgz "$tmp/npm.log"
  mv "$tmp" "$private"
}

find_node() {
  NODE=$(command -v node || :)
  if [ -n "$NODE" ] && is_new_enough "$NODE"; then return; fi
  case $(uname -s) in
    Linux) os=linux ;;
    Darwin) os=darwin ;;
    *) die "Node 24 is needed, and this system ($(uname -s)) has no package of it." "Install Node 24 yourself." ;;
  esac
  case $(uname -m) in
    x86_64 | amd64) arch=x64 ;;
    aarch64 | arm64) arch=arm64 ;;
    *) die "Node 24 is needed, and this machine ($(uname -m)) has no package of it." "Install Node 24 yourself." ;;
  esac
  package=node-$os-$arch
  cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/remote-claude/node
  private=$cache/$node_version
  [ -x "$private/bin/node" ] || with_lock "$cache/lock" fetch_node
  NODE=$private/bin/node
}

install_dependencies() {
  stamp=$root/node_modules/.package-lock.json
  [ -e "$stamp" ] && [ ! "$root/package-lock.json" -nt "$stamp" ] && return
  command -v npm >/dev/null 2>&1 || die "There is no npm to install the dependencies with." "Install npm."
  say "installing dependencies (once) …"
  log=$root/npm-ci.$$.log
  if ! (cd "$root" && npm ci --ignore-scripts --no-audit --no-fund >"$log" 2>&1); then
    sed 's/^/    /' "$log" >&2
    rm -f "$log"
    die "The dependencies could not be installed." "Check the network and the npm configuration, then try again."
  fi
  rm -f "$log"
  touch "$stamp"
}

find_node
PATH=$(dirname -- "$NODE"):$PATH
export NODE PATH
stamp=$root/node_modules/.package-lock.json
if [ ! -e "$stamp" ] || [ "$root/package-lock.json" -nt "$stamp" ]; then
  with_lock "$root/.npm-ci.lock" install_dependencies
fi
