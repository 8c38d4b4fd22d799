#!/usr/bin/env bash
# Every kind of connection in an account that checks signatures, trust policies and permissions (ministack, AUTH=true).
# shellcheck source=tests/third-party/tools.sh
source "$(dirname "$0")/../tools.sh"

need_python_packages
# ministack cannot choose a port itself, so the system is asked for a free one.
port=$(python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
AUTH=true GATEWAY_PORT=$port BIND_HOST=127.0.0.1 MINISTACK_ACCOUNT_ID=123456789012 \
  start "$logs/ministack.log" env -C "$logs" ministack
await "$logs/ministack.log" 'Running on http://127\.0\.0\.1:[0-9]+' 60
export MINISTACK_ENDPOINT_URL=http://127.0.0.1:$port
if cargo test --locked --workspace --test functions ministack -- --ignored; then
  passed "connections in an account that checks them"
else
  failed "connections in an account that checks them"
fi
