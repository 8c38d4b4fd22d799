#!/usr/bin/env bash
# The real AWS CLI against `cargo run -- serve`.
# shellcheck source=tests/third-party/tools.sh
source "$(dirname "$0")/../tools.sh"

need_python_packages
cargo build --locked -p local -p functions --bins
log=$logs/serve.log
start "$log" cargo run --locked -- serve
await "$log" 'Ctrl-C ends it' 120 >/dev/null
LAMBDA_URL=$(await "$log" '^Lambda +http://127\.0\.0\.1:[0-9]+' 1 | grep -oE 'http.*')
DYNAMODB_URL=$(await "$log" '^DynamoDB +http://127\.0\.0\.1:[0-9]+' 1 | grep -oE 'http.*')
READY_MADE=$(await "$log" '^.*aws lambda invoke .*$' 1)
export LAMBDA_URL DYNAMODB_URL READY_MADE
aws --version
python "$here/checks/aws_cli.py"
