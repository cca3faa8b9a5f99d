#!/bin/sh
# Runs under docker's init as the session's user: brings the relay up, fills the home, becomes Claude.
run=/run/remote-claude

fail() {
  printf 'Remote Claude: %s\n' "$1" >&2
  exit 1
}

# Without the rules nobody would be asked, without the doors nobody could be.
[ -r "$run/seed/args.sh" ] && [ -r /etc/claude-code/managed-settings.json ] ||
  fail "the session's folder is not mounted or not readable. Start sessions with rc, not with docker."

# The doors of a gate container are there a moment after it has started.
waited=0
while [ "$RC_GATE" = container ] && [ ! -S "$run/gate/hooks.sock" ] && [ "$waited" -lt 50 ]; do
  sleep 0.1
  waited=$((waited + 1))
done
[ -S "$run/gate/hooks.sock" ] ||
  fail "the responder has opened no door for this session. See rc server status, then rc restart."

cd "$RC_WORKSPACE" || fail "the workspace $RC_WORKSPACE cannot be entered."

if [ "$RC_NETWORK" != bridge ]; then
  relay=/usr/local/lib/remote-claude/relay.cjs
  [ -r "$relay" ] || fail "the relay is missing from the image. Build it again: rc build --refresh"
  [ -S "$run/gate/egress.sock" ] || fail "the way out is not open. See rc server status, then rc restart."
  mkfifo /tmp/relay || fail "no pipe could be made in /tmp."
  node "$relay" >/tmp/relay &
fi

# apt makes no folders of its own.
mkdir -p /tmp/apt/lists/partial /tmp/apt/cache/archives/partial

# A restarted container begins with an empty home: tmpfs does not outlive a stop.
cp -R "$run/seed/home/." "$HOME" || fail "the home folder could not be filled."

# Claude begins when there is a way out. Of a relay that has ended nothing is read.
if [ "$RC_NETWORK" != bridge ]; then
  read -r listening </tmp/relay || fail "the relay did not come up. See above, then rc restart."
  rm /tmp/relay
fi

. "$run/seed/env.sh"
. "$run/seed/args.sh"
exec claude "$@"
