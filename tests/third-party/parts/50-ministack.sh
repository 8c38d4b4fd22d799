#!/usr/bin/env bash
# Every kind of connection in an account that checks signatures, trust policies and permissions (ministack, AUTH=true).
# shellcheck source=tests/third-party/tools.sh
source "$(dirname "$0")/../tools.sh"

need_python_packages
start_account
export MINISTACK_ENDPOINT_URL=$account_url
if cargo test --locked --workspace --test functions ministack -- --ignored; then
  passed "connections in an account that checks them"
else
  failed "connections in an account that checks them"
fi
