#!/bin/sh
# Runs under docker's init as the session's user: brings the relay up, fills the home, becomes Claude.
run=/run/remote-claude

fail() {
  printf 'Remote Claude: %s\n' "$1" >&2
  exit 1
}

[ -d "$run/gate" ] || fail "the gate folder is not mounted. Start the session with rc, not with docker."
[ -r "$run/seed/args.sh" ] || fail "the seed folder is not mounted or not readable. Start the session with rc."

cd "$RC_WORKSPACE" || fail "the workspace $RC_WORKSPACE cannot be entered."

if [ "$RC_NETWORK" != bridge ]; then
  relay=/usr/local/lib/remote-claude/relay.cjs
  [ -r "$relay" ] || fail "the relay is missing from the image. Build it again: rc build --refresh"
  node "$relay" &
fi

# A restarted container begins with an empty home: tmpfs does not outlive a stop.
cp -R "$run/seed/home/." "$HOME" || fail "the home folder could not be filled."

. "$run/seed/env.sh"
. "$run/seed/args.sh"
exec claude "$@"
