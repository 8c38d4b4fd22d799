"""An account on ministack with the functions as they are deployed, each with a role of its own, and a partner's account.

MINISTACK_URL is the endpoint of a ministack with AUTH=true, which checks signatures, trust policies and permissions.
FUNCTIONS is the folder of the zips.
"""

import json
import os
import pathlib

from statemachines import ACCOUNT, REGION, Interpreter, client, files, functions, make_table
from statemachines_cases import make_tables
from statemachines_wire import Wire

URL = os.environ["MINISTACK_URL"]
PARTNER = "222222222222"
PARTNER_ROLE = f"arn:aws:iam::{PARTNER}:role/orders-reader"
EXTERNAL_ID = "words-we-share"
TABLES = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/*"
SECRETS = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:partner/*"

# As the table of docs/deploy.md has them; get-item's may use connections, and no table of its own account.
PERMISSIONS = {
    "create-table": [("dynamodb:CreateTable", TABLES)],
    "describe-table": [("dynamodb:DescribeTable", TABLES)],
    "delete-table": [("dynamodb:DeleteTable", TABLES)],
    "create-item": [("dynamodb:PutItem", TABLES)],
    "update-item": [("dynamodb:UpdateItem", TABLES)],
    "query-items": [("dynamodb:Query", TABLES)],
    "get-item": [("sts:AssumeRole", PARTNER_ROLE), ("secretsmanager:GetSecretValue", SECRETS)],
}

# How often the SDK in a function tries a call.
ATTEMPTS = 3


def policy(*statements):
    allowed = [{"Effect": "Allow", "Action": action, "Resource": resource} for action, resource in statements]
    return json.dumps({"Version": "2012-10-17", "Statement": allowed})


def make_role(iam, name, trust, *statements):
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole"} | trust
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)
    iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=policy(*statements))
    return made["Role"]["Arn"]


class Account:
    """`hidden` lists the texts that no execution may show."""

    def __init__(self):
        self.wire = Wire(URL)
        self.dynamodb = client("dynamodb", URL)
        make_tables(self.dynamodb)
        self.make_functions()
        states = {"Principal": {"Service": "states.amazonaws.com"}}
        may = ("lambda:InvokeFunction", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:*")
        self.interpreter = Interpreter(URL, make_role(client("iam", URL), "state-machines", states, may))
        self.make_partner()

    def make_functions(self):
        iam, service = client("iam", URL), client("lambda", URL)
        names = {name for file in files() for name in functions(file.name.removesuffix(".asl.json"))}
        if names != set(PERMISSIONS):
            raise AssertionError(f"the machines use {names}, and there are permissions for {set(PERMISSIONS)}")
        trust = {"Principal": {"Service": "lambda.amazonaws.com"}}
        for name in names:
            environment = {
                "AWS_ENDPOINT_URL": URL,
                "AWS_ENDPOINT_URL_DYNAMODB": self.wire.url,
                "AWS_MAX_ATTEMPTS": str(ATTEMPTS),
            }
            service.create_function(
                FunctionName=name,
                Runtime="provided.al2023",
                Handler="bootstrap",
                Timeout=30,
                Role=make_role(iam, f"{name}-role", trust, *PERMISSIONS[name]),
                Code={"ZipFile": pathlib.Path(os.environ["FUNCTIONS"], f"{name}.zip").read_bytes()},
                Environment={"Variables": environment},
            )

    def make_partner(self):
        """Another account, with a table, and a role that wants an external ID and trusts two of ours."""
        theirs = client("dynamodb", URL, PARTNER)
        make_table(theirs, "Orders", "customerId:S", "orderId:N")
        order = {"customerId": {"S": "C-1"}, "orderId": {"N": "1001"}, "theirs": {"BOOL": True}}
        theirs.put_item(TableName="Orders", Item=order)

        iam = client("iam", URL)
        iam.create_user(UserName="partner")
        assumes = policy(("sts:AssumeRole", PARTNER_ROLE))
        iam.put_user_policy(UserName="partner", PolicyName="all", PolicyDocument=assumes)
        key = iam.create_access_key(UserName="partner")["AccessKey"]

        trusted = [f"arn:aws:iam::{ACCOUNT}:user/partner", f"arn:aws:iam::{ACCOUNT}:role/get-item-role"]
        trust = {"Principal": {"AWS": trusted}, "Condition": {"StringEquals": {"sts:ExternalId": EXTERNAL_ID}}}
        table = f"arn:aws:dynamodb:{REGION}:{PARTNER}:table/Orders"
        make_role(client("iam", URL, PARTNER), "orders-reader", trust, ("dynamodb:GetItem", table))

        pair = {"accessKeyId": key["AccessKeyId"], "secretAccessKey": key["SecretAccessKey"]}
        role = {"roleArn": PARTNER_ROLE, "externalId": EXTERNAL_ID}
        stranger = role | {"externalId": "words-of-others"}
        self.hidden = [*pair.values(), EXTERNAL_ID, stranger["externalId"]]
        manager = client("secretsmanager", URL)
        for name, text in {"orders": role | pair, "own-role": role, "wrong-id": stranger | pair}.items():
            manager.create_secret(Name=f"partner/{name}", SecretString=json.dumps(text))
