# Read by the other scripts: running a step with its seconds, and where the project's programs are. Not a command.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 1
export PATH="$root/.venv/bin:$PATH" PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore

# say TEXT: one line of progress.
say() { printf '\033[1m==>\033[0m %s\n' "$*"; }

# fail TEXT: say why on stderr and stop.
fail() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

# step TEXT COMMAND...: run a command and say how long it took; on failure show what it printed.
step() {
  local text=$1 started=$SECONDS log status=0
  shift
  log=$(mktemp)
  say "$text"
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if ((status)); then
    cat "$log" >&2
    rm -f "$log"
    fail "$text: failed with status $status after $((SECONDS - started)) s (what it printed stands above)"
  fi
  rm -f "$log"
  printf '    done in %s s\n' "$((SECONDS - started))"
}

# digest FILE...: one digest over the contents of files.
digest() { cat "$@" | sha256sum | cut -d' ' -f1; }

# stamped NAME WANTED: whether the step NAME was last done for exactly this.
stamped() { [[ -f .venv/.stamp-$1 && $(<".venv/.stamp-$1") == "$2" ]]; }

# stamp NAME WANTED: remember that the step NAME is done for exactly this.
stamp() { printf '%s\n' "$2" >".venv/.stamp-$1"; }
