#!/usr/bin/env bash
# The system libraries that pip cannot bring: installs them where it may (root with apt),
# else prints the one line that does.
#   run   what drawing with Qt needs to run at all
#   blender  what Blender's Python module needs, for `make blender`
#   test  what some tests need; those tests are skipped, by name, where it is missing
set -u

missing=()
need() { # file or command, package
    case "$1" in
        lib*) ldconfig -p 2>/dev/null | grep -q "$1" || missing+=("$2") ;;
        *) command -v "$1" >/dev/null 2>&1 || missing+=("$2") ;;
    esac
}

case "${1:-run}" in
    run)
        need libEGL.so.1 libegl1
        need libGL.so.1 libgl1
        need libxkbcommon.so.0 libxkbcommon0
        need libfontconfig.so.1 libfontconfig1
        need libdbus-1.so.3 libdbus-1-3
        need libglib-2.0.so.0 libglib2.0-0
        ;;
    blender)
        need libGL.so.1 libgl1
        need libX11.so.6 libx11-6
        need libXrender.so.1 libxrender1
        need libXfixes.so.3 libxfixes3
        need libXi.so.6 libxi6
        need libXext.so.6 libxext6
        need libxkbcommon.so.0 libxkbcommon0
        need libSM.so.6 libsm6
        need libICE.so.6 libice6
        ;;
    test)
        need chromium chromium
        need setpriv util-linux
        need redis-server redis-server
        need pg_ctlcluster postgresql
        ;;
esac

[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(uname -s)" = Linux ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/dev/null 2>&1 && exit 0
fi
echo "Missing system packages. On Debian or Ubuntu:  sudo apt-get install -y ${missing[*]}" >&2
exit 0
