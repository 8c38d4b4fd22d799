#!/usr/bin/env bash
# `schemas/openapi.json`: read by `openapi-spec-validator`, and exercised by schemathesis against the function binaries behind HTTP
# events.
# shellcheck source=tests/third-party/tools.sh
source "$(dirname "$0")/../tools.sh"

install_python_packages "$store/contract" "$here/requirements-contract.txt"
export PATH=$store/contract/bin:$PATH
if openapi-spec-validator schemas/openapi.json; then
  passed "openapi-spec-validator"
else
  failed "openapi-spec-validator"
fi
cargo build --locked -p local -p functions --bins
log=$logs/serve.log
start "$log" cargo run --locked -- serve
await "$log" 'Ctrl-C ends it' 120 >/dev/null
LAMBDA_URL=$(await "$log" '^Lambda +http://127\.0\.0\.1:[0-9]+' 1 | grep -oE 'http.*')
LAMBDA_URL=$LAMBDA_URL LOGS=$logs python "$here/checks/openapi.py"
