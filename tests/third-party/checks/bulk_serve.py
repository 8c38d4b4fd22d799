"""Makes the account that the pages of the state machines for whole tables start executions in, and prints how."""

import os

from bulk_account import BulkAccount
from bulk_machines import BUCKET
from statemachines import make_table

url = os.environ["MINISTACK_URL"]
account = BulkAccount(url)
make_table(account.dynamodb, "Customers", "customerId:S")
rows = "".join(f"C-{number},{20 + number % 60},{number}.50\n" for number in range(1_000))
account.put("incoming/customers.csv", "customerId,age,balance\n" + rows)
print("The table Customers is empty. The bucket", BUCKET, "has incoming/customers.csv. Ctrl-C ends it.")
print(f"export AWS_ENDPOINT_URL={url} AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=us-east-1", flush=True)
