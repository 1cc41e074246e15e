#!/usr/bin/env bash
# Asks a running server whatever its own API description allows, and what it forbids.
# usage: run.sh SCHEMATHESIS CLEW EXAMPLES
#   EXAMPLES  requests per operation that are made up beyond those that cover every constraint
# Fails on a 5xx, on an answer that the description does not know, on a read without a valid key.
set -euo pipefail
schemathesis=$1 clew=$2 examples=$3
config=$(cd "$(dirname "$0")" && pwd)/schemathesis.toml
folder=$(mktemp -d)
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; rm -rf "$folder"' EXIT

# Nobody is too fast here: the limits have tests of their own.
export CLEW_RATE_LIMIT_PER_MINUTE=0 CLEW_WRITE_KEY_RATE_LIMIT_PER_MINUTE=0
port=$((20000 + RANDOM % 20000))
"$clew" serve --data-dir "$folder/data" --listen "127.0.0.1:$port" >"$folder/server.log" 2>&1 &
server=$!
for _ in $(seq 100); do
    curl -sf -o /dev/null "http://127.0.0.1:$port/health" && break
    sleep 0.2
done
"$clew" site create --data-dir "$folder/data" --name Shop --domain shop.example --slug shop --json >/dev/null
CLEW_KEY=$("$clew" key create --data-dir "$folder/data" --role admin --json | sed 's/.*"key":"\([^"]*\)".*/\1/')
export CLEW_KEY

cd "$folder"
"$schemathesis" --config-file "$config" run "http://127.0.0.1:$port/openapi.json" \
    --phases examples,coverage,fuzzing --max-examples "$examples" --workers 1 --seed 7 --no-color
if grep -E '"level":"ERROR".*request failed' server.log; then
    echo "The server logged failures of its own." >&2
    exit 1
fi
