#!/usr/bin/env bash
# All checks: set-up, then the quick ones, then every test. A failing check does not stop the next, so
# that one run shows all there is to mend. Arguments go to vitest: `npm test -- src/passes`.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tools/setup.sh || exit
PATH="$PWD/node_modules/.bin:$PATH"

failed=()
step() {
  local name=$1 start=$SECONDS
  shift
  printf '\n--- %s: %s\n' "$name" "$*"
  "$@" || failed+=("$name")
  printf -- '--- %s: %d s\n' "$name" $((SECONDS - start))
}

step types tsc
step lint oxlint --deny-warnings
step layers node tools/check-layers.ts
step unused knip
printf '\n--- tests: vitest run %s\n' "$*"
vitest run "$@" || failed+=(tests) # last, so that its summary ends the output

[ ${#failed[@]} = 0 ] && exit
printf '\nFailed: %s\n' "${failed[*]}"
exit 1
