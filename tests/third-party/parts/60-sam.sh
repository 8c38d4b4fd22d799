#!/usr/bin/env bash
# AWS's SAM CLI. It checks the template, builds the functions and deploys them. It runs each in Docker, on a DynamoDB on this
# machine, by the commands of docs/deploy.md.
# shellcheck source=tests/third-party/tools.sh
source "$(dirname "$0")/../tools.sh"
# shellcheck source=tests/third-party/functions.sh
source "$here/functions.sh"
# shellcheck source=tests/third-party/docker.sh
source "$here/docker.sh"

need_sam
# The template's own, or this machine's. What is given here replaces what samconfig.toml gives.
architecture=x86_64 overrides=()
if [[ $(uname -m) != x86_64 ]]; then
  architecture=arm64 overrides=(--parameter-overrides "Architecture=arm64 TablePattern=*")
fi

if "$sam" validate --lint >"$logs/validate.log" 2>&1; then
  passed "sam validate --lint"
else
  cat "$logs/validate.log"
  failed "sam validate --lint"
fi

python3 "$here/checks/stream_pipes.py" "$store/sam/bin/cfn-lint"

# SAM runs cargo-lambda, which finds its own build of all parts.
need_built_functions
python "$here/checks/sam_template.py" "$store/sam/bin/python"
if "$sam" build "${overrides[@]}" >"$logs/build.log" 2>&1; then
  passed "sam build"
else
  tail -n 30 "$logs/build.log"
  failed "sam build"
  exit 1
fi
for binary in functions/src/bin/*.rs; do
  binary=$(basename "$binary" .rs)
  name=$(sed -E 's/(^|-)(.)/\U\2/g' <<<"$binary")Function
  if ! cmp "$target/lambda/$binary/bootstrap" ".aws-sam/build/$name/bootstrap"; then
    failed "sam build made another $name than cargo-lambda"
  fi
done

# --- Deployed ----------------------------------------------------------------------------------------------------

# An account in a process. It makes CloudFormation's stacks with AWS's own translator, and roles may do what their policies say.
start_account
SAM=$sam ACCOUNT_URL=$account_url ARCHITECTURE=$architecture python "$here/checks/sam_deploy.py"

# --- In Docker ---------------------------------------------------------------------------------------------------

need_docker_engine
image=$("$store/sam/bin/python" -c '
import sys
from samcli.local.docker.lambda_image import LambdaImage, RAPID_IMAGE_TAG_PREFIX
print(f"{LambdaImage._INVOKE_REPO_PREFIX}/provided:al2023-{RAPID_IMAGE_TAG_PREFIX}-{sys.argv[1]}")' "$architecture")
make_lambda_image "$image" "$rie" "$target/lambda/get-item/bootstrap"

cargo build --locked -p local -p functions --bins
start "$logs/serve.log" cargo run --locked -- serve --dynamodb 172.17.0.1:8000 --sts 172.17.0.1:8001
await "$logs/serve.log" 'Ctrl-C ends it' 120 >/dev/null
# As docs/deploy.md has it, but for the image: the one that is made here cannot be pulled.
export SAM=$sam SAM_OVERRIDES=${overrides[1]:-}
python "$here/checks/sam_local_invoke.py"

port=$(free_port)
start "$logs/start-lambda.log" "$sam" local start-lambda --host 127.0.0.1 --port "$port" --env-vars events/env.json \
  "${overrides[@]}" --skip-pull-image --warm-containers LAZY
await "$logs/start-lambda.log" 'Running on http://127\.0\.0\.1:[0-9]+' 60 >/dev/null
export LAMBDA_URL=http://127.0.0.1:$port
python "$here/checks/sam_local_start_lambda.py"
