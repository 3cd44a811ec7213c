#!/usr/bin/env bash
# Set-up of the trainer: trainer/.venv with torch and the tools of its tests. Run it as often as you like: where nothing
# is missing it prints nothing and takes some hundredths of a second.
#
#   TRAINER_REQUIREMENTS=requirements.txt   only what a training run needs (no transformers, no pytest)
#   PYTHON=python3.12                       the interpreter to start from
set -euo pipefail
exec </dev/null 1>&2
cd "$(dirname "${BASH_SOURCE[0]}")"

readonly WANTED=${TRAINER_REQUIREMENTS:-requirements-dev.txt}

say() { printf 'trainer set-up: %s\n' "$*"; }

# The marker is written last and holds what was installed: a killed or outdated install does not match.
contents() { cat "$WANTED" requirements.txt; }
complete() { [ -x .venv/bin/python ] && contents | cmp -s - .venv/installed.txt; }

find_python() {
  local candidate
  for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
    "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$candidate"; return; }
  done
  say "Python 3.11 or newer is missing. On Debian 12: sudo apt-get install python3 python3-venv"
  exit 3
}

complete && exit
exec 9<requirements.txt # two set-ups at once: the second waits, then finds everything done
if command -v flock >/dev/null; then flock 9; fi
complete && exit
python=$(find_python)
[ -x .venv/bin/pip ] || "$python" -m venv .venv || { say "python3-venv is missing: sudo apt-get install python3-venv"; exit 3; }
say "pip install -r $WANTED (torch: 200 MB without a GPU build, 3 GB with)"
# An index that is out of reach is asked about every package: five tries each would take minutes.
.venv/bin/pip install --quiet --disable-pip-version-check --retries "${PIP_RETRIES:-1}" -r "$WANTED"
contents >.venv/installed.txt
say "done"
