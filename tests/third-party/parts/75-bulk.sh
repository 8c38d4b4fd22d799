#!/usr/bin/env bash
# The state machines for whole tables: their definitions, and runs to their ends on ministack with the functions as they are
# deployed. BULK_ROWS=100000 makes the runs larger.
# shellcheck source=tests/third-party/tools.sh
source "$(dirname "$0")/../tools.sh"
# shellcheck source=tests/third-party/functions.sh
source "$here/functions.sh"

need_python_packages
need_asl_validator
need_zipped_functions
status=0

echo "the definitions"
python "$here/checks/bulk_lint.py" || status=1

echo "on ministack"
start_distributed_map
MINISTACK_URL=$account_url FUNCTIONS=$store/functions python "$here/checks/bulk_ministack.py" || status=1
rm -r "$unpacked"
exit "$status"
