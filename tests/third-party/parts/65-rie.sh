#!/usr/bin/env bash
# The functions as they are deployed, behind AWS's Runtime Interface Emulator, without Docker.
# shellcheck source=tests/third-party/tools.sh
source "$(dirname "$0")/../tools.sh"
# shellcheck source=tests/third-party/functions.sh
source "$here/functions.sh"

need_sam
need_built_functions
cargo build --locked -p local -p functions --bins
start "$logs/serve.log" cargo run --locked -- serve
await "$logs/serve.log" 'Ctrl-C ends it' 120 >/dev/null
DYNAMODB_URL=$(await "$logs/serve.log" '^DynamoDB +http://127\.0\.0\.1:[0-9]+' 1 | grep -oE 'http.*')
export DYNAMODB_URL RIE=$rie FUNCTIONS=$target/lambda
python "$here/checks/rie.py"
