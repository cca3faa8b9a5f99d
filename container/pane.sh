#!/bin/sh
# pane.sh DOCKER CONTAINER RC NAME: what runs in a session's pane. Shows Claude, says when it has ended, offers what next.
docker=$1
container=$2
rc=$3
name=$4

# Nobody types this by accident, so nothing that is meant for Claude detaches the pane.
detach='ctrl-^,ctrl-^,ctrl-^,ctrl-^,ctrl-]'

# A process group of its own makes the docker client the pane's foreground program, which tells that Claude is there.
set -m

is_running() { [ "$("$docker" inspect -f '{{.State.Running}}' "$container" 2>/dev/null)" = true ]; }

show() {
  if is_running; then
    "$docker" attach --detach-keys="$detach" "$container"
  else
    "$docker" start -ai --detach-keys="$detach" "$container"
  fi
}

# Ctrl-C belongs to Claude while it runs; at the question below it must not end the pane.
trap : INT QUIT TSTP

while :; do
  show
  # The connection to the engine can break while Claude goes on.
  if is_running; then
    sleep 1
    continue
  fi
  code=$("$docker" inspect -f '{{.State.ExitCode}}' "$container" 2>/dev/null) || code=unknown
  why=
  case $code in
    unknown) why=' Its container is gone.' ;;
    137) why=' It was ended from outside, or had no memory left (sandbox.memory).' ;;
  esac
  stty sane 2>/dev/null
  printf '\n\033[0m── Claude Code ended in %s (exit code %s).%s\n' "$name" "$code" "$why"
  while :; do
    printf '   r restart · c continue the conversation · q close this pane > '
    read -r key || exit 0
    case $key in
      r | restart) next=$("$rc" restart "$name" --in-pane) ;;
      c | continue) next=$("$rc" restart "$name" --in-pane --continue) ;;
      q | quit)
        printf '   The session stays in rc list -a; rc rm %s removes it.\n' "$name"
        exit 0
        ;;
      *) continue ;;
    esac
    if [ -n "$next" ]; then
      container=$next
      break
    fi
  done
done
