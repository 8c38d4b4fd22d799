#!/usr/bin/env bash
# Our list of regions against AWS's newest.
# shellcheck source=tests/third-party/tools.sh
source "$(dirname "$0")/../tools.sh"

need_newest_botocore
echo '{}' | cargo run --locked -- invoke select-region - >"$logs/select-region.json"
PYTHONPATH=$botocore python "$here/checks/regions.py" "$logs/select-region.json"
