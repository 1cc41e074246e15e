#!/usr/bin/env bash
# Runs every Rust test: with nextest where it is installed, with cargo's own runner elsewhere.
# usage: rust-tests.sh [cargo feature flags]
set -euo pipefail
if command -v cargo-nextest >/dev/null; then
    cargo nextest run --workspace --no-fail-fast "$@"
else
    cargo test --workspace --no-fail-fast "$@"
fi
