"""`sam deploy` into an account that holds every role to its policy, and the functions invoked there by the real AWS CLI: what
the template gives them is enough, and no more than the tables that it names.

SAM is the SAM CLI, ACCOUNT_URL the account, SAM_OVERRIDES a parameter that this machine needs. PartiQL is left out: the account
asks for an action of its own, `dynamodb:ExecuteStatement`, which AWS does not have.
"""

import json
import os
import subprocess
import tempfile
import unittest

import lines

URL = os.environ["ACCOUNT_URL"]
ENVIRONMENT = os.environ | {
    "AWS_ENDPOINT_URL": URL,
    # The account's root, with any secret.
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
}
STACK = "dynamodb"


def run(*command):
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def aws(*arguments):
    return json.loads(run("aws", *arguments, "--output", "json"))


def deploy(**parameters):
    """Returns the stack's outputs."""
    endpoints = {name: URL for name in ["DynamoDbEndpoint", "StsEndpoint", "SecretsManagerEndpoint"]}
    overrides = [f"{name}={value}" for name, value in (endpoints | parameters).items()]
    if os.environ["SAM_OVERRIDES"]:
        overrides.append(os.environ["SAM_OVERRIDES"])
    command = [os.environ["SAM"], "deploy", "--stack-name", STACK, "--resolve-s3", "--capabilities", "CAPABILITY_IAM"]
    run(*command, "--no-confirm-changeset", "--no-progressbar", "--parameter-overrides", *overrides)
    stack = aws("cloudformation", "describe-stacks", "--stack-name", STACK)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


class SamDeploy(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.outputs = deploy(TablePattern="Orders*", FunctionUrls="true", LogRetentionDays="7")

    def invoke(self, function, event):
        with tempfile.TemporaryDirectory() as folder:
            sent, received = os.path.join(folder, "event"), os.path.join(folder, "answer")
            with open(sent, "w", encoding="utf-8") as file:
                json.dump(event, file)
            arn = self.outputs[f"{function}FunctionArn"]
            aws("lambda", "invoke", "--function-name", arn, "--payload", f"fileb://{sent}", received)
            with open(received, encoding="utf-8") as file:
                return json.load(file)

    def sample(self, function, name):
        with open(f"events/{name}.json", encoding="utf-8") as file:
            answer = self.invoke(function, json.load(file))
        self.assertNotIn("errorType", answer, answer)
        return answer

    def test_1_sam_deploy_gives_every_function_an_ARN_and_a_URL_behind_IAM(self):
        arns = [name for name in self.outputs if name.endswith("Arn")]
        self.assertEqual(len(arns), 13, self.outputs)
        for name in arns:
            configs = aws("lambda", "list-function-url-configs", "--function-name", self.outputs[name])
            self.assertEqual([config["AuthType"] for config in configs["FunctionUrlConfigs"]], ["AWS_IAM"], name)

    def test_2_log_groups_have_their_retention(self):
        groups = aws("logs", "describe-log-groups", "--log-group-name-prefix", f"/aws/lambda/{STACK}/")["logGroups"]
        self.assertEqual([group.get("retentionInDays") for group in groups], [7] * 13, groups)

    def test_3_functions_may_use_the_tables_that_the_parameter_names(self):
        self.assertEqual(self.sample("CreateTable", "create-table")["data"]["TableDescription"]["TableName"], "Orders")
        self.sample("DescribeTable", "describe-table")
        self.assertIs(self.sample("ListTables", "list-tables")["data"]["found"], True)
        self.sample("CreateItem", "create-item.component")
        key = {"tableName": "Orders", "hashKeyValue": "C-1", "rangeKeyValue": 1001}
        self.assertIs(self.invoke("GetItem", key)["data"]["found"], True)
        self.sample("UpdateItem", "update-item.component")
        self.assertEqual(self.sample("QueryItems", "query-items")["data"]["Count"], 1)
        self.sample("QueryItems", "query-items.index")
        self.assertIn("data", self.invoke("DeleteItem", key))
        self.sample("DeleteTable", "delete-table")

    def test_4_functions_may_use_no_other_table(self):
        table = ["--table-name", "Customers", "--billing-mode", "PAY_PER_REQUEST"]
        table += ["--attribute-definitions", "AttributeName=id,AttributeType=S"]
        aws("dynamodb", "create-table", *table, "--key-schema", "AttributeName=id,KeyType=HASH")
        key = {"tableName": "Customers", "key": {"id": "a"}}
        for function, event in [
            ("CreateTable", {**json.load(open("events/create-table.json", encoding="utf-8")), "tableName": "Others"}),
            ("DescribeTable", {"tableName": "Customers"}),
            ("DeleteTable", {"tableName": "Customers"}),
            ("CreateItem", {"tableName": "Customers", "item": {"id": "a"}}),
            ("GetItem", key),
            ("UpdateItem", {**key, "set": {"x": 1}}),
            ("DeleteItem", key),
            (
                "QueryItems",
                {
                    "tableName": "Customers",
                    "keyConditionExpression": "id = :i",
                    "expressionAttributeValues": {":i": "a"},
                },
            ),
        ]:
            answer = self.invoke(function, event)
            self.assertEqual(answer.get("errorType"), "AccessDeniedException", (function, answer))

    def test_5_functions_assume_no_role_and_read_no_secret_that_is_not_named(self):
        trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}}
        policy = {"Version": "2012-10-17", "Statement": [trust]}
        role = aws("iam", "create-role", "--role-name", "reader", "--assume-role-policy-document", json.dumps(policy))
        tables = {"Effect": "Allow", "Action": "dynamodb:ListTables", "Resource": "*"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [tables]})
        run("aws", "iam", "put-role-policy", "--role-name", "reader", "--policy-name", "own", "--policy-document", policy)
        text = json.dumps({"roleArn": role["Role"]["Arn"]})
        secret = aws("secretsmanager", "create-secret", "--name", "reader", "--secret-string", text)["ARN"]
        by_role, by_secret = {"roleArn": role["Role"]["Arn"]}, {"secretId": secret}

        for connection in [by_role, by_secret]:
            answer = self.invoke("ListTables", {"connection": connection})
            self.assertIn(answer.get("errorType"), ["AccessDenied", "AccessDeniedException"], (connection, answer))
        # What is not given again stays as it was.
        deploy(FunctionUrls="false", AssumableRoles=role["Role"]["Arn"], ReadableSecrets=secret)
        for connection in [by_role, by_secret]:
            answer = self.invoke("ListTables", {"connection": connection})
            self.assertIn("data", answer, (connection, answer))

    def test_6_without_FunctionUrls_there_are_none(self):
        # The last deployment took them back.
        configs = aws("lambda", "list-function-url-configs", "--function-name", self.outputs["GetItemFunctionArn"])
        self.assertEqual(configs["FunctionUrlConfigs"], [])


if __name__ == "__main__":
    lines.main()
