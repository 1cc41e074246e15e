#!/usr/bin/env bash
# Fuzzes the journal's recovery. Needs a nightly toolchain, but not cargo-fuzz:
#   crates/clew-journal/fuzz/run.sh [seconds]
# Finds stay in artifacts/, inputs worth keeping in corpus/. To replay one: run.sh 0 artifacts/crash-…
set -euo pipefail
cd "$(dirname "$0")"
seconds=${1:-60}
shift || true
target=${CARGO_TARGET_DIR:+$CARGO_TARGET_DIR/fuzz}
export CARGO_TARGET_DIR=${target:-$PWD/target}
host=$(rustc +nightly -vV | sed -n 's/^host: //p')
level=-Cllvm-args=-sanitizer-coverage
RUSTFLAGS="-Cpasses=sancov-module $level-level=4 $level-inline-8bit-counters $level-pc-table $level-trace-compares --cfg fuzzing -Ccodegen-units=1" \
	cargo +nightly build --quiet --locked --target "$host"
recovery=$CARGO_TARGET_DIR/$host/debug/recovery
if [ $# -gt 0 ]; then
	exec "$recovery" "$@"
fi
mkdir -p corpus/recovery artifacts
exec "$recovery" -max_total_time="$seconds" -max_len=400 -artifact_prefix=artifacts/ corpus/recovery
