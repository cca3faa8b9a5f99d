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

# Ctrl-C belongs to Claude while it runs; at the question below it must not end the pane.
trap 'interrupted=yes' INT QUIT TSTP

state() { "$docker" inspect -f "{{.State.$1}}" "$container" 2>&1; }

show() {
  if [ "$(state Running)" = true ]; then
    # Claude has hidden its cursor when it began and does not do it again; that it is hidden tells it from an editor.
    printf '\033[?25l'
    "$docker" attach --detach-keys="$detach" "$container"
  else
    "$docker" start -ai --detach-keys="$detach" "$container"
  fi
}

# A program that was cut off has not put the terminal back: other screen, mouse, paste and focus reports, key codes,
# hidden cursor. And what was typed for Claude is no answer to the question.
tidy() {
  printf '\033[?1049l\033[?1000l\033[?1002l\033[?1003l\033[?1006l\033[?2004l\033[?1004l\033[<u\033[>4m\033[?25h\033[0m'
  stty -icanon -echo min 0 time 1 2>/dev/null
  dd bs=65536 count=1 >/dev/null 2>&1
  stty sane 2>/dev/null
}

say_why() {
  code=$(state ExitCode)
  case $code in
    *[!0-9]* | '')
      case $code in
        *'o such '*) printf '\nThe container of %s is gone.\n' "$name" ;;
        *) printf '\nThe container engine does not answer: %s\n' "$code" ;;
      esac
      return
      ;;
    137)
      if [ "$(state OOMKilled)" = true ]; then
        hint=' It ran out of memory: raise sandbox.memory (rc config path).'
      else
        hint=' It was killed from outside, or ran out of memory (sandbox.memory).'
      fi
      ;;
    *) hint= ;;
  esac
  printf '\nClaude Code ended in %s (exit code %s).%s\n' "$name" "$code" "$hint"
  "$rc" status "$name" --planted
}

# The ssh-agent and the login of whoever opened or attached to this pane last: this script has those of its own start.
restart() {
  eval "$(tmux show-environment -s 2>/dev/null | grep '^[A-Za-z_][A-Za-z0-9_]*=".*"; export [A-Za-z0-9_]*;$')"
  "$rc" restart "$name" --in-pane "$@"
}

# Sets `next` to the new container, or leaves the pane.
ask() {
  next=
  while [ -z "$next" ]; do
    printf 'r restart · c continue the conversation · q close this pane: key and Enter > '
    interrupted=
    if ! read -r key; then
      # Ends with the terminal, but not with Ctrl-C: dash has one status for both.
      [ -n "$interrupted" ] || exit 0
      echo
      continue
    fi
    case $key in
      r | R) next=$(restart) ;;
      c | C) next=$(restart --continue) ;;
      q | Q)
        printf 'The stopped session stays in rc list -a; rc rm %s removes it.\n' "$name"
        exit 0
        ;;
    esac
  done
}

while :; do
  show
  # The connection to the engine can break while Claude goes on.
  if [ "$(state Running)" = true ]; then
    sleep 1
    continue
  fi
  tidy
  say_why
  ask
  container=$next
done
