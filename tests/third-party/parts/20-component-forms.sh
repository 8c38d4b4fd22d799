#!/usr/bin/env bash
# What the component's forms send, through the functions as they are deployed, to AWS's own engine.
# shellcheck source=tests/third-party/tools.sh
source "$(dirname "$0")/../tools.sh"
# shellcheck source=tests/third-party/functions.sh
source "$here/functions.sh"

need_sam
need_built_functions
start_dynamodb_local
DYNAMODB_URL=$DYNAMODB_ENDPOINT_URL RIE=$rie FUNCTIONS=$target/lambda python3 "$here/checks/component_forms.py"
