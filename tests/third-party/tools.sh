# shellcheck shell=bash
# The third-party tools, and processes that end with the part. Each part sources this file.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

: "${PART:=$(basename "$0" .sh)}"
: "${THIRD_PARTY_RESULTS:=/dev/null}"
export PART THIRD_PARTY_RESULTS

here=$PWD/tests/third-party
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
store=$target/third-party
logs=$store/logs/$PART
rm -rf "$logs"
mkdir -p "$logs"

# Keeps the caller's AWS account, profiles and proxies out.
while read -r name; do
  unset "$name"
done < <(compgen -e | grep '^AWS_' | grep -v '^AWS_CA_BUNDLE$' || true)
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true AWS_PAGER=
export NO_PROXY=127.0.0.1 no_proxy=127.0.0.1
# Keeps Python from writing `__pycache__` beside the checks.
export PYTHONDONTWRITEBYTECODE=1

# --- Results -----------------------------------------------------------------------------------------------------

passed() {
  echo "passed: $PART: $1" | tee -a "$THIRD_PARTY_RESULTS"
}

failed() {
  echo "failed: $PART: $1" | tee -a "$THIRD_PARTY_RESULTS"
}

# Ends the part, because a tool that it needs cannot be installed.
skip() {
  if [[ ${THIRD_PARTY_REQUIRED:-} == 1 ]]; then
    failed "$1 (THIRD_PARTY_REQUIRED=1: no part may be skipped)"
    exit 1
  fi
  echo "skipped: $PART: $1" | tee -a "$THIRD_PARTY_RESULTS"
  exit 0
}

# --- Processes ---------------------------------------------------------------------------------------------------

started=()

end_what_was_started() {
  local pid
  for pid in "${started[@]}"; do
    kill -TERM "$pid" 2>/dev/null || true
  done
  for pid in "${started[@]}"; do
    for _ in {1..100}; do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
    kill -KILL "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
}
trap end_what_was_started EXIT
trap 'exit 143' TERM

# start LOG COMMAND…: starts a process that ends with the part. Its output goes into LOG.
start() {
  local log=$1
  shift
  "$@" >"$log" 2>&1 </dev/null &
  started+=($!)
}

# await LOG PATTERN SECONDS: waits until the process that was started last prints a match, and prints that match.
await() {
  local found
  for ((i = 0; i < 10 * $3; i++)); do
    if found=$(grep -soE -m1 "$2" "$1"); then
      echo "$found"
      return
    fi
    kill -0 "${started[-1]}" 2>/dev/null || break
    sleep 0.1
  done
  echo "there is no /$2/ in $1:" >&2
  tail -n 30 "$1" >&2
  return 1
}

# Prints a free port, for programs that cannot choose one themselves.
free_port() {
  python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# start_account [COMMAND…]: starts an account in a process that checks signatures and policies: ministack, or COMMAND in its
# place. Sets $account_url.
start_account() {
  local port command=("$@")
  ((${#command[@]})) || command=(ministack)
  port=$(free_port)
  AUTH=true GATEWAY_PORT=$port BIND_HOST=127.0.0.1 MINISTACK_ACCOUNT_ID=123456789012 \
    start "$logs/ministack.log" env -C "$logs" "${command[@]}"
  await "$logs/ministack.log" 'Running on http://127\.0\.0\.1:[0-9]+' 60 >/dev/null
  account_url=http://127.0.0.1:$port
}

# start_account_for_machines [COMMAND…]: the same, for state machines. The states' waits take a hundredth of their time. Sets
# $unpacked to a folder to remove at the end: ministack unpacks the functions and leaves them behind.
start_account_for_machines() {
  unpacked=$logs/unpacked
  mkdir "$unpacked"
  TMPDIR=$unpacked SFN_WAIT_SCALE=0.01 start_account "$@"
}

# Starts ministack with what its Distributed Map lacks. Sets $account_url and $unpacked.
start_distributed_map() {
  start_account_for_machines python "$here/checks/ministack_distributed_map.py"
}

# --- Tools -------------------------------------------------------------------------------------------------------

# debian PACKAGE…: installs packages where that is possible.
debian() {
  local log=$logs/apt.log
  if [[ $(id -u) != 0 ]] || ! command -v apt-get >/dev/null; then
    return 1
  fi
  echo "installing $*"
  export DEBIAN_FRONTEND=noninteractive
  # The lists may be missing, or too old to find the packages.
  apt-get install -y --no-install-recommends "$@" >"$log" 2>&1 ||
    { apt-get update && apt-get install -y --no-install-recommends "$@"; } >"$log" 2>&1
}

# Why an installation failed, in one line: the first error that its log has.
reason() {
  grep -m1 -iE '(^|[^a-z])err(or)?([^a-z]|$)' "$1" || tail -n 1 "$1"
}

java_major() {
  # `openjdk version "17.0.15" …`
  java -version 2>&1 | sed -nE '1s/.*"([0-9]+).*/\1/p'
}

need_java() {
  if ! command -v java >/dev/null; then
    debian default-jre-headless || skip "there is no Java, and it cannot be installed here"
  fi
  local major
  major=$(java_major)
  ((${major:-0} >= 17)) || skip "Java is of version ${major:-unknown}, and DynamoDB Local needs 17"
}

need_npm() {
  command -v npm >/dev/null || debian npm || skip "there is no npm, and it cannot be installed here"
}

need_python() {
  command -v python3 >/dev/null || debian python3 || skip "there is no Python, and it cannot be installed here"
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 9))' || skip "$(python3 --version) is older than 3.9"
}

# AWS's DynamoDB Local, in $dynamodb_local. Its licence forbids redistribution, so it is installed and never committed.
need_dynamodb_local() {
  need_java
  local package=amplify-dynamodb-simulator version=2.9.30
  dynamodb_local=$store/$package-$version
  if [[ ! -d $dynamodb_local ]]; then
    need_npm
    echo "installing $package $version"
    local work
    work=$(mktemp -d "$store/unpacking.XXXXXX")
    if ! npm pack "$package@$version" --pack-destination "$work" >"$logs/npm.log" 2>&1; then
      rm -rf "$work"
      skip "$package $version cannot be installed: $(reason "$logs/npm.log")"
    fi
    tar -xzf "$work/$package-$version.tgz" -C "$work" package/emulator
    # Moves it in one step, so a folder that exists is complete.
    mv "$work/package/emulator" "$dynamodb_local"
    rm -rf "$work"
  fi
}

# Starts DynamoDB Local. Sets $DYNAMODB_ENDPOINT_URL, and $requests to a file that gets a line for each request.
start_dynamodb_local() {
  need_dynamodb_local
  local log=$logs/dynamodb-local.log
  requests=$logs/dynamodb-local.requests
  # The configuration names no schema, so Jetty must not validate it.
  DDB_LOCAL_TELEMETRY=0 start "$log" env -C "$dynamodb_local" java -Xmx512m \
    -Dorg.eclipse.jetty.xml.XmlParser.Validating=false -Dorg.eclipse.jetty.util.log.announce=false \
    -Dorg.eclipse.jetty.LEVEL=WARN -Djava.library.path=DynamoDBLocal_lib -Drequests="$requests" \
    -cp 'DynamoDBLocal.jar:DynamoDBLocal_lib/*' org.eclipse.jetty.xml.XmlConfiguration "$here/dynamodb-local.xml"
  DYNAMODB_ENDPOINT_URL=$(await "$log" 'http://127\.0\.0\.1:[0-9]+' 60)
  export DYNAMODB_ENDPOINT_URL
}

# install_python_packages FOLDER FILE: the packages that FILE names, in a virtual environment of their own.
install_python_packages() {
  need_python
  local venv=$1 requirements=$2 log=$logs/pip.log
  # A virtual environment breaks when its folder or its interpreter moves. So pip is tried, too.
  if ! cmp -s "$requirements" "$venv/installed.txt" || ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    echo "installing $(paste -sd ' ' "$requirements")"
    if ! python3 -m venv --clear "$venv" >"$log" 2>&1; then
      # Debian keeps venv in a package of its own.
      debian python3-venv || skip "Python cannot make a virtual environment: $(reason "$log")"
      python3 -m venv --clear "$venv" >"$log" 2>&1 ||
        skip "Python cannot make a virtual environment: $(reason "$log")"
    fi
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements" \
      >"$log" 2>&1 || skip "Python packages cannot be installed: $(reason "$log")"
    cp "$requirements" "$venv/installed.txt"
  fi
}

# The Python packages of requirements.txt. Puts their commands on PATH.
need_python_packages() {
  install_python_packages "$store/python" "$here/requirements.txt"
  PATH=$store/python/bin:$PATH
}

# AWS's SAM CLI, in $sam, and the Runtime Interface Emulator that it brings, in $rie. They have an environment of their own,
# because no version of boto3 suits them and the other packages.
need_sam() {
  install_python_packages "$store/sam" "$here/requirements-sam.txt"
  sam=$store/sam/bin/sam
  local architecture=x86_64
  [[ $(uname -m) == x86_64 ]] || architecture=arm64
  rie=$(compgen -G "$store/sam/lib/python3*/site-packages/samcli/local/rapid/aws-lambda-rie-$architecture")
  export SAM_CLI_TELEMETRY=0
}

# The linter of Amazon States Language; its command is $ASL_VALIDATOR.
need_asl_validator() {
  local version=4.0.0 log=$logs/npm.log
  local folder=$store/asl-validator-$version
  if [[ ! -d $folder ]]; then
    need_npm
    echo "installing asl-validator $version"
    local work
    work=$(mktemp -d "$store/unpacking.XXXXXX")
    if ! npm install --prefix "$work" --no-audit --no-fund "asl-validator@$version" >"$log" 2>&1; then
      rm -rf "$work"
      skip "asl-validator $version cannot be installed: $(reason "$log")"
    fi
    # Moves it in one step, so a folder that exists is complete.
    mv "$work" "$folder"
  fi
  export ASL_VALIDATOR=$folder/node_modules/.bin/asl-validator
}

# Debian's Chromium, in $CHROMIUM. Playwright's core, which drives it, and axe-core, which looks for what keeps people out, are
# in $NODE_MODULES.
need_browser() {
  CHROMIUM=$(command -v chromium || true)
  if [[ -z $CHROMIUM ]]; then
    debian chromium || skip "there is no Chromium, and it cannot be installed here: $(reason "$logs/apt.log")"
    CHROMIUM=$(command -v chromium)
  fi
  local playwright=1.65.1 axe=4.14.1 log=$logs/npm.log
  local folder=$store/browser-$playwright-$axe
  if [[ ! -d $folder ]]; then
    need_npm
    echo "installing playwright-core $playwright, axe-core $axe"
    local work
    work=$(mktemp -d "$store/unpacking.XXXXXX")
    if ! npm install --prefix "$work" --no-audit --no-fund "playwright-core@$playwright" "axe-core@$axe" >"$log" 2>&1; then
      rm -rf "$work"
      skip "playwright-core $playwright and axe-core $axe cannot be installed: $(reason "$log")"
    fi
    # Moves it in one step, so a folder that exists is complete.
    mv "$work" "$folder"
  fi
  NODE_MODULES=$folder/node_modules
  export CHROMIUM NODE_MODULES
}

# The newest botocore's files, in $botocore. It is never pinned, because it shows which regions AWS has added.
need_newest_botocore() {
  need_python_packages
  botocore=$store/botocore
  local log=$logs/botocore.log
  if ! python -m pip install --quiet --disable-pip-version-check --no-deps --upgrade --target "$botocore" botocore \
    >"$log" 2>&1; then
    [[ -d $botocore ]] || skip "botocore cannot be installed: $(reason "$log")"
    echo "botocore is not looked up anew: $(reason "$log")"
  fi
}
