#!/usr/bin/env bash
# What the component's forms send, through release binaries, to AWS's own engine.
# shellcheck source=tests/third-party/tools.sh
source "$(dirname "$0")/../tools.sh"

need_python
start_dynamodb_local
cargo build --locked --release -p functions --bins
python3 "$here/checks/component_forms.py"
