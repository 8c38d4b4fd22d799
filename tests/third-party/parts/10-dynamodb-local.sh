#!/usr/bin/env bash
# The integration tests on AWS's own engine instead of the embedded one. Each test has its own access key id, so each has its
# own database.
# shellcheck source=tests/third-party/tools.sh
source "$(dirname "$0")/../tools.sh"

start_dynamodb_local
# The tests read DYNAMODB_ENDPOINT_URL.
if cargo test --locked --workspace --test functions; then
  passed "the integration tests"
else
  failed "the integration tests"
  exit 1
fi

# Tests that ran on the embedded engine would pass, too. So the engine's log must show each operation.
for operation in CreateTable DescribeTable ListTables DeleteTable PutItem GetItem UpdateItem DeleteItem Query \
  ExecuteStatement UpdateTable UpdateTimeToLive DescribeTimeToLive Scan BatchGetItem BatchWriteItem \
  TransactWriteItems TransactGetItems BatchExecuteStatement ExecuteTransaction; do
  count=$(grep -c "\.$operation 200$" "$requests" || true)
  if ((count > 0)); then
    passed "DynamoDB Local did $operation, $count times"
  else
    failed "no test had DynamoDB Local do $operation"
  fi
done
