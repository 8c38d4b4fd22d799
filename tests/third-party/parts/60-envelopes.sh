#!/usr/bin/env bash
# HTTP requests, queues, topics and buses: our recorded events, and the recorded events that come with `aws_lambda_events`.
# shellcheck source=tests/third-party/tools.sh
source "$(dirname "$0")/../tools.sh"

need_python
FIXTURES=$(cargo metadata --locked --format-version 1 |
  python3 -c 'import json, os, sys
for package in json.load(sys.stdin)["packages"]:
    if package["name"] == "aws_lambda_events":
        print(os.path.join(os.path.dirname(package["manifest_path"]), "src", "fixtures"))')
export FIXTURES
cargo build --locked -p local -p functions --bins
log=$logs/serve.log
start "$log" cargo run --locked -- serve
await "$log" 'Ctrl-C ends it' 120 >/dev/null
LAMBDA_URL=$(await "$log" '^Lambda +http://127\.0\.0\.1:[0-9]+' 1 | grep -oE 'http.*')
export LAMBDA_URL
python3 "$here/checks/envelopes.py"
