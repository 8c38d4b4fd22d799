# The integration tests once more, on AWS's own engine instead of the embedded one. Each test has its own access key id,
# so its own database.
# shellcheck source=tests/third-party/tools.sh
source "$(dirname "$0")/../tools.sh"

start_dynamodb_local
if DYNAMODB_ENDPOINT_URL=$dynamodb cargo test --locked -p functions; then
  passed "the integration tests"
else
  failed "the integration tests"
  exit 1
fi
