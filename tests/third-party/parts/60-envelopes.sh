#!/usr/bin/env bash
# HTTP requests, queues, topics and buses, as AWS's own types (`aws_lambda_events`) and their recorded events have them.
# shellcheck source=tests/third-party/tools.sh
source "$(dirname "$0")/../tools.sh"

need_python
manifest=$here/envelopes/Cargo.toml
types=$store/envelopes
cargo fetch --locked --manifest-path "$manifest" >"$logs/fetch.log" 2>&1 ||
  skip "aws_lambda_events cannot be installed: $(reason "$logs/fetch.log")"
cargo build --locked --manifest-path "$manifest" --target-dir "$types"
FIXTURES=$(cargo metadata --locked --format-version 1 --manifest-path "$manifest" |
  python3 -c 'import json, os, sys
for package in json.load(sys.stdin)["packages"]:
    if package["name"] == "aws_lambda_events":
        print(os.path.join(os.path.dirname(package["manifest_path"]), "src", "fixtures"))')
export FIXTURES

log=$logs/serve.log
start "$log" cargo run --locked -- serve
await "$log" 'Ctrl-C ends it' 600 >/dev/null
LAMBDA_URL=$(await "$log" '^Lambda +http://127\.0\.0\.1:[0-9]+' 1 | grep -oE 'http.*')
export LAMBDA_URL
PAIRS=$logs/pairs
mkdir "$PAIRS"
export PAIRS
python3 "$here/checks/envelopes.py"
while IFS=: read -r outcome what; do
  "$outcome" "${what# }"
done < <("$types/debug/envelopes" "$PAIRS")
