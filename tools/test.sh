#!/usr/bin/env bash
# All checks: set-up, then the quick ones, then every test. A failing check does not stop the next, so
# that one run shows all there is to mend. Arguments go to vitest: `npm test -- src/passes`.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tools/setup.sh || exit
PATH="$PWD/node_modules/.bin:$PATH"

# Most of the time of the many programs that tests start is Node's compiling of the same sources.
export NODE_COMPILE_CACHE="$PWD/node_modules/.cache/node"

failed=()
step() {
  local name=$1 start=$SECONDS
  shift
  printf '\n--- %s: %s\n' "$name" "$*"
  "$@" || failed+=("$name")
  printf -- '--- %s: %d s\n' "$name" $((SECONDS - start))
}

# The trainer's part. Without its environment these steps fail, and the tests that need it are skipped; the rest goes on.
trainer_checks() {
  if ! trainer/setup.sh; then
    echo "trainer/.venv is missing: pip could not install trainer/requirements-dev.txt (see above)."
    echo "With a package index within reach run trainer/setup.sh, then try again."
    failed+=(trainer)
    return
  fi
  local python=$PWD/trainer/.venv/bin/python
  # Waiting OpenMP threads sleep instead of taking the cores; a type preset for another processor is slow.
  export OMP_WAIT_POLICY=passive
  unset OPENBLAS_CORETYPE
  step "trainer types" env -C trainer "$python" -m mypy .
  step "trainer lint" env -C trainer "$python" -m ruff check .
  step "trainer format" env -C trainer "$python" -m ruff format --check .
  step "trainer tests" "$python" -m pytest -q trainer
}

step types tsc
step lint oxlint --deny-warnings
step layers node tools/check-layers.ts
step unused knip
[ $# -gt 0 ] || trainer_checks # `npm test -- src/passes` asks for some of vitest's alone
printf '\n--- tests: vitest run %s\n' "$*"
vitest run "$@" || failed+=(tests) # last, so that its summary ends the output

[ ${#failed[@]} = 0 ] && exit
printf '\nFailed: %s\n' "${failed[*]}"
exit 1
