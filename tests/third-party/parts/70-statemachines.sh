#!/usr/bin/env bash
# The state machines, linted and run to their ends on two interpreters. On ministack they invoke the functions as they are
# deployed, on moto those behind `cargo run -- serve`.
# shellcheck source=tests/third-party/tools.sh
source "$(dirname "$0")/../tools.sh"
# shellcheck source=tests/third-party/functions.sh
source "$here/functions.sh"

need_python_packages
need_asl_validator
need_zipped_functions
status=0

echo "the definitions"
python "$here/checks/statemachines_lint.py" || status=1

echo "on ministack"
start_account_for_machines
PART="$PART on ministack" MINISTACK_URL=$account_url FUNCTIONS=$store/functions \
  python "$here/checks/statemachines_ministack.py" || status=1
rm -r "$unpacked"

echo "on moto"
cargo build --locked -p local -p functions --bins
start "$logs/serve.log" cargo run --locked -- serve --empty
await "$logs/serve.log" 'Ctrl-C ends it' 120 >/dev/null
LAMBDA_URL=$(await "$logs/serve.log" '^Lambda +http://127\.0\.0\.1:[0-9]+' 1 | grep -oE 'http.*')
DYNAMODB_URL=$(await "$logs/serve.log" '^DynamoDB +http://127\.0\.0\.1:[0-9]+' 1 | grep -oE 'http.*')
# The interpreter invokes functions at MOTO_PORT, where the check puts a proxy in front of Lambda's API.
INVOKE_PORT=$(free_port)
port=$(free_port)
MOTO_PORT=$INVOKE_PORT start "$logs/moto.log" moto_server -H 127.0.0.1 -p "$port"
await "$logs/moto.log" 'Running on http://127\.0\.0\.1:[0-9]+' 60 >/dev/null
MOTO_URL=http://127.0.0.1:$port
export LAMBDA_URL DYNAMODB_URL INVOKE_PORT MOTO_URL
PART="$PART on moto" python "$here/checks/statemachines_moto.py" || status=1
exit "$status"
