#!/usr/bin/env bash
# The page of `cargo run -- serve` in a real browser, and what it gives away: pasted, run, and held against an account that
# checks signatures and policies. The screenshots are in target/third-party/logs/page/screenshots.
# shellcheck source=tests/third-party/tools.sh
source "$(dirname "$0")/../tools.sh"

# serve NAME OPTION…: starts a page. Sets $page and $lambda to its addresses.
serve() {
  local log=$logs/$1.log
  shift
  start "$log" cargo run --locked -- serve "$@"
  await "$log" 'Ctrl-C ends it' 300 >/dev/null
  page=$(await "$log" '^Page +http://127\.0\.0\.1:[0-9]+' 1 | grep -oE 'http.*')
  lambda=$(await "$log" '^Lambda +http://127\.0\.0\.1:[0-9]+' 1 | grep -oE 'http.*')
}

need_python_packages
need_browser
command -v curl >/dev/null || debian curl || skip "there is no curl, and it cannot be installed here"
cargo build --locked -p local -p functions --bins
# One for the samples, with an empty database. One with the tour's tables, for everything else.
serve samples --empty
SAMPLES_URL=$page
serve tour
PAGE_URL=$page
LAMBDA_URL=$lambda
start_account_for_machines
MINISTACK_URL=$account_url
FUNCTION_URL=http://127.0.0.1:$(free_port)/
SCREENSHOTS=$logs/screenshots
TAKEN=$logs/taken
FUNCTIONS=$target/debug
mkdir "$SCREENSHOTS" "$TAKEN"
export SAMPLES_URL PAGE_URL LAMBDA_URL MINISTACK_URL FUNCTION_URL SCREENSHOTS TAKEN FUNCTIONS

status=0
node "$here/checks/page.mjs" || status=1
python "$here/checks/page_take_away.py" || status=1
rm -r "$unpacked"
exit "$status"
