# Sourced by the scripts beside this folder. Brings exactly the Bun that package.json names and the locked packages,
# on a machine that has only Node with npm, or only some version of Bun. Everything stays inside the repository.

say() { printf '== %s\n' "$*" >&2; }
fail() { printf '%s\n' "$*" >&2; exit 2; }

require_platform() {
  local system machine
  system=$(uname -s) machine=$(uname -m)
  if [ "$system" != Linux ] || [ "$machine" != x86_64 ]; then
    fail "Gatehouse is built and tested on Linux on x86-64 only; this is $system on $machine. (An executable for arm64 is made there: scripts/build --arm64.)"
  fi
  if ! getconf GNU_LIBC_VERSION >/dev/null 2>&1; then
    fail "Gatehouse needs the GNU C library (Debian 12 or later, or the like); this system has another."
  fi
}

# The exact version of the bun package in package.json.
bun_version() { sed -n 's/^ *"bun": *"\([0-9][0-9.]*\)".*/\1/p' "$repository/package.json" | head -n 1; }

is_bun() { [ -x "$1" ] && [ "$("$1" --version 2>/dev/null)" = "$2" ]; }

# Sets `bun` and puts it first on PATH, so that everything started from here finds the same one.
bring_bun() {
  local version tools candidate
  version=$(bun_version)
  [ -n "$version" ] || fail "package.json names no version of bun"
  tools="$repository/.tools"
  if ! find_bun "$version"; then
    mkdir -p "$tools"
    if command -v npm >/dev/null; then
      say "installing bun $version with npm into .tools/"
      npm install --prefix "$tools" --no-audit --no-fund --loglevel=error "bun@$version" >&2 ||
        fail "npm could not install bun@$version: is the npm registry reachable?"
    elif command -v bun >/dev/null; then
      say "installing bun $version with bun $(bun --version) into .tools/"
      # A project of its own: an older Bun could not read our bun.lock. bun's postinstall puts the binary in place.
      printf '{"private":true,"trustedDependencies":["bun"]}\n' >"$tools/package.json"
      (cd "$tools" && bun add --exact "bun@$version" >&2) ||
        fail "bun could not install bun@$version: is the npm registry reachable?"
    else
      fail "Neither npm nor bun is on the PATH: install Node.js (which brings npm) or Bun first."
    fi
    find_bun "$version" || fail "bun $version was installed into .tools/ but does not run there"
  fi
  PATH="$(dirname "$bun"):$PATH"
  export PATH
}

find_bun() {
  local modules="$repository/.tools/node_modules" candidate
  for candidate in "$modules/.bin/bun" "$modules/@oven/bun-linux-x64/bin/bun" \
    "$modules/@oven/bun-linux-x64-baseline/bin/bun" "$(command -v bun || true)"; do
    if is_bun "$candidate" "$1"; then bun=$candidate; return 0; fi
  done
  return 1
}

# Installs what bun.lock says, unless it was the last thing installed.
bring_packages() {
  local stamp="$repository/node_modules/.gatehouse-installed" wanted try
  wanted=$(cat "$repository/bun.lock" "$repository/package.json" | sha256sum)
  [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && return
  say "installing the packages that bun.lock names"
  for try in 1 2 3; do
    # onnxruntime-node would otherwise ask NuGet for GPU libraries; the CPU library is inside the package.
    if (cd "$repository" && ONNXRUNTIME_NODE_INSTALL=skip bun install --frozen-lockfile >&2); then
      printf '%s\n' "$wanted" >"$stamp"
      return
    fi
    say "attempt $try did not succeed"
  done
  fail "The packages could not be installed: is the npm registry reachable?"
}

prepare() {
  require_platform
  bring_bun
  bring_packages
}
