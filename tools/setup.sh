#!/usr/bin/env bash
# Set-up: LLVM (22, else 19) from apt, npm packages, and among them Node 24. Run it as often as you
# like: where nothing is missing it prints nothing and takes some hundredths of a second.
#
#   LLMC_LLVM=19, LLMC_LLVM=/opt/llvm   use that version or that prefix instead of looking for one
#
# Exit code 3: LLVM is missing and cannot be installed from here; the commands to type are printed.
set -euo pipefail
exec </dev/null 1>&2 # asks nothing; standard output belongs to what runs after it
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly PREFERRED=22 FALLBACK=19 ACCEPTED="22 21 20 19 18 17"
readonly WANTED=${LLMC_LLVM:-}

say() { printf 'set-up: %s\n' "$*"; }

# --- LLVM ---------------------------------------------------------------------------------------

any_file() { compgen -G "$1" >/dev/null; }

# A prefix is of use when it has the tools; Debian keeps the library of /usr/lib/llvm-N outside of it.
usable_prefix() {
  [ -x "$1/bin/opt" ] && [ -x "$1/bin/clang" ] || return 1
  any_file "$1/lib*/libLLVM*.so*" || any_file "$1/lib/libLLVM*.dylib" || any_file "$1/lib/*/libLLVM*.so*"
}

installed() {
  local root
  for root in /usr/lib /usr/local/lib /opt; do
    [ -x "$root/llvm-$1/bin/opt" ] && [ -x "$root/llvm-$1/bin/clang" ] || continue
    any_file "$root/llvm-$1/lib/libLLVM*.so*" && return
    any_file "/usr/lib/*/libLLVM.so.$1*" && return
    any_file "/usr/lib/*/libLLVM-$1.so*" && return
  done
  return 1
}

any_installed() {
  local version
  for version in $ACCEPTED; do installed "$version" && return; done
  return 1
}

have_llvm() {
  case $WANTED in
    "") any_installed ;;
    */*) usable_prefix "$WANTED" ;;
    *) installed "$WANTED" ;;
  esac
}

packages() { echo "llvm-$1 clang-$1 lld-$1"; }

# Whether apt knows all three packages; lists that were never fetched know none.
offered() {
  local package candidates
  for package in $(packages "$1"); do
    candidates=$(LC_ALL=C apt-cache policy "$package" 2>/dev/null) || return 1
    [[ $candidates == *"Candidate: "[0-9]* ]] || return 1
  done
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
}

apt_update() {
  say "apt-get update"
  apt_get update || say "apt-get update had errors; going on with what it got"
}

apt_install() {
  local names
  names=$(packages "$1")
  say "apt-get install $names (about 70 MB to download, 350 MB on disk)"
  # shellcheck disable=SC2086 # three words
  apt_get install -y --no-install-recommends $names
}

print_commands() {
  cat <<TEXT

LLVM is missing and cannot be installed from here. Type this, then try again:

  Debian, Ubuntu   sudo apt-get update && sudo apt-get install $(packages "${1:-$PREFERRED}")
    where apt has no such packages:
                   curl -fsSLO https://apt.llvm.org/llvm.sh && sudo bash llvm.sh ${1:-$PREFERRED}
  Fedora           sudo dnf install llvm clang lld && export LLMC_LLVM=/usr
  Arch             sudo pacman -S llvm clang lld && export LLMC_LLVM=/usr
  macOS            brew install llvm lld && export LLMC_LLVM="\$(brew --prefix llvm)"

Any LLVM from 17 to 22 with opt, clang and the shared library libLLVM will do; LLMC_LLVM names its prefix.
TEXT
  exit 3
}

can_be_root() { [ "$(id -u)" = 0 ] || command -v sudo >/dev/null; }

install_llvm() {
  case $WANTED in
    */*) say "LLMC_LLVM=$WANTED has no bin/opt, bin/clang or libLLVM"; print_commands ;;
    "" | 17 | 18 | 19 | 20 | 21 | 22) ;;
    *) say "LLMC_LLVM=$WANTED: wanted a version from 17 to 22, or the prefix of an installed LLVM"; print_commands ;;
  esac
  local first=${WANTED:-$PREFERRED} second=${WANTED:-$FALLBACK} choice
  command -v apt-get >/dev/null && can_be_root || print_commands "$first"
  offered "$first" || apt_update
  if offered "$first"; then choice=$first; elif offered "$second"; then choice=$second; else print_commands "$first"; fi
  # Old lists name versions which the mirror has dropped: fetch them anew and try once more.
  apt_install "$choice" || { apt_update && apt_install "$choice"; } || print_commands "$choice"
  have_llvm || print_commands "$choice"
}

# An older LLVM does; the preferred one is taken beside it where that needs no update and no password.
prefer_newest() {
  [ -z "$WANTED" ] && ! installed $PREFERRED && command -v apt-get >/dev/null || return 0
  [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null || return 0
  offered $PREFERRED || return 0
  apt_install $PREFERRED || say "going on with the LLVM that is there"
}

# --- npm packages -------------------------------------------------------------------------------

# npm writes its marker last, so a killed install has none.
have_packages() {
  [ -e node_modules/.package-lock.json ] && ! [ package-lock.json -nt node_modules/.package-lock.json ]
}

have_node() { [[ $(node_modules/.bin/node --version 2>/dev/null) == v24.* ]]; }

install_packages() {
  command -v npm >/dev/null || { say "npm is missing: install Node.js 20 or newer, see https://nodejs.org"; exit 1; }
  say "npm ci (with Node 24 as the package 'node')"
  # Under `npm start` node_modules/.bin leads PATH: npm would run on the Node that it is about to delete.
  PATH=${PATH//"$PWD/node_modules/.bin:"/} npm ci --include=dev --no-audit --no-fund --loglevel=error
}

require_node() {
  have_node && return
  say "node_modules/.bin/node is not Node 24. Its install script may not have run; try:"
  say "  npm rebuild node --ignore-scripts=false"
  exit 1
}

# --- all of it ----------------------------------------------------------------------------------

complete() { have_llvm && have_packages && have_node; }

complete && exit
# Two set-ups at once: the second waits here, then finds everything done. The lock goes with the process.
exec 9<package.json
if command -v flock >/dev/null && ! flock -n 9; then
  say "waiting for another set-up of this folder"
  flock 9
fi
have_llvm || install_llvm
if ! have_packages; then
  prefer_newest
  install_packages
fi
require_node
say "done"
