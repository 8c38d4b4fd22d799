#!/usr/bin/env bash
# The functions as an agent's tools: AWS's own `awslabs-lambda-tool-mcp-server` over the stack that SAM deploys into an account
# in a process, and the official `mcp` client. What AgentCore Gateway takes is checked by AWS's own model of its API.
# shellcheck source=tests/third-party/tools.sh
source "$(dirname "$0")/../tools.sh"
# shellcheck source=tests/third-party/functions.sh
source "$here/functions.sh"

need_sam
install_python_packages "$store/contract" "$here/requirements-contract.txt"
need_python_packages
# FUNCTIONS: a folder with NAME/bootstrap for each function, if they are built already.
if [[ -z ${FUNCTIONS:-} ]]; then
  need_built_functions
  FUNCTIONS=$target/lambda
fi
start_account
architecture=x86_64
[[ $(uname -m) == x86_64 ]] || architecture=arm64
SAM=$sam ACCOUNT_URL=$account_url ARCHITECTURE=$architecture FUNCTIONS=$FUNCTIONS LOGS=$logs \
  "$store/contract/bin/python" "$here/checks/agent_tools.py" 2>"$logs/server.log"
