"""Makes the account that the pages of the state machines for whole tables start executions in, and prints how."""

import os

from bulk_account import BulkAccount
from bulk_machines import BUCKET

url = os.environ["MINISTACK_URL"]
account = BulkAccount(url)
account.make_samples()
print("The table Customers is empty. The bucket", BUCKET, "has incoming/customers.csv. Ctrl-C ends it.")
print(f"export AWS_ENDPOINT_URL={url} AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=us-east-1", flush=True)
