#!/usr/bin/env bash
# Installs what the tests need and is not there yet: PostgreSQL, two browsers, wrk, cargo-deny,
# schemathesis.
# usage: test-tools.sh CACHE
set -euo pipefail
cache=$1

missing=()
command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
command -v chromium >/dev/null || missing+=(chromium)
command -v firefox-esr >/dev/null || missing+=(firefox-esr)
command -v wrk >/dev/null || missing+=(wrk)
command -v strace >/dev/null || missing+=(strace)
python3 -c 'import venv, ensurepip' 2>/dev/null || missing+=(python3-venv)
command -v mkfs.ext4 >/dev/null || [ -x /sbin/mkfs.ext4 ] || missing+=(e2fsprogs)

if [ ${#missing[@]} -gt 0 ]; then
    if [ "$(id -u)" != 0 ]; then
        echo "The tests need: ${missing[*]}. Install them with:" >&2
        echo "  sudo apt-get install --no-install-recommends ${missing[*]}" >&2
        exit 1
    fi
    apt-get update -q
    DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
fi

if ! command -v cargo-deny >/dev/null; then
    echo "Building cargo-deny once (a few minutes)"
    CARGO_TARGET_DIR="$cache/tools/target" CARGO_PROFILE_DEV_DEBUG=0 \
        cargo install cargo-deny --locked --version 0.20.2 --root "$cache/tools" --debug
    rm -rf "$cache/tools/target"
fi

schemathesis=4.32.5
if ! "$cache/tools/schemathesis/bin/schemathesis" --version 2>/dev/null | grep -qF "$schemathesis"; then
    python3 -m venv --clear "$cache/tools/schemathesis"
    "$cache/tools/schemathesis/bin/pip" install --quiet "schemathesis==$schemathesis"
fi
