# Sourced by scripts/test and scripts/demo: programs that come from Debian and not from the npm registry.

# command:package, or several joined by "+". What the tests talk to, listen with and look through.
debian_tools=(
  sipp:sip-tester baresip:baresip-core espeak-ng:espeak-ng flite:flite sox:sox chromium:chromium
  kamailio:kamailio+kamailio-tls-modules openssl:openssl sqlcipher:sqlcipher strace:strace tcpdump:tcpdump ps:procps node:nodejs
  rtpengine:rtpengine-daemon svmap:sipvicious
)

# Sets `absent` to the commands that are not there (all of them, or those given).
find_absent() {
  local pair packages
  absent=() absent_packages=()
  for pair in "${debian_tools[@]}"; do
    [ $# -eq 0 ] || [[ " $* " == *" ${pair%%:*} "* ]] || continue
    command -v "${pair%%:*}" >/dev/null && continue
    absent+=("${pair%%:*}")
    IFS=+ read -ra packages <<<"${pair#*:}"
    absent_packages+=("${packages[@]}")
  done
}

# Installs the commands given, or all. Leaves in `absent` what could not be had; that is for the caller to judge.
bring_debian_tools() {
  local as_root=()
  find_absent "$@"
  [ ${#absent[@]} -gt 0 ] || return 0
  if ! command -v apt-get >/dev/null; then
    say "not installing ${absent[*]}: there is no apt-get here"
    return 0
  fi
  if [ "$(id -u)" != 0 ]; then
    if ! sudo -n true 2>/dev/null; then
      say "not installing ${absent[*]}: neither root nor sudo without a password"
      return 0
    fi
    as_root=(sudo -n)
  fi
  say "installing from Debian: ${absent_packages[*]}"
  export DEBIAN_FRONTEND=noninteractive
  "${as_root[@]}" apt-get update -qq >&2 || say "apt-get update failed; trying with the lists that are there"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    "${absent_packages[@]}" >&2 || say "apt-get could not install all of them"
  hash -r
  find_absent "$@"
}
