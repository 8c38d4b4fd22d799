"""`sam deploy` into an account that holds every role to its policy, and the functions invoked there by the real AWS CLI.
The template gives them enough, and no more than its parameters name.

SAM is the SAM CLI, ACCOUNT_URL the account, ARCHITECTURE this machine's.

The account cannot show everything:

- It asks PartiQL for an action that AWS does not have, `dynamodb:ExecuteStatement`. So no statement runs here.
- It does not know the condition key `dynamodb:FullTableScan`. So the policy is checked as it is deployed, and not whether it
  refuses a statement.
- It does not take a function's reserved concurrency from a stack. `sam_template.py` checks what the stack says.
"""

import functools
import json
import os
import pathlib
import subprocess
import tempfile
import time
import unittest

import boto3
from botocore.exceptions import ClientError

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
BINARIES = len(list(pathlib.Path("functions/src/bin").glob("*.rs")))
# The functions that write.
WRITERS = {
    "CreateTable",
    "UpdateTable",
    "DeleteTable",
    "CreateItem",
    "UpdateItem",
    "DeleteItem",
    "RawRequest",
    "BatchWriteItems",
    "TransactWriteItems",
    "BatchStatements",
}


def client(service):
    return boto3.client(
        service, endpoint_url=URL, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    )


def run(*command):
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def aws(*arguments):
    return json.loads(run("aws", *arguments, "--output", "json"))


def deploy(**parameters):
    """Returns the stack's outputs."""
    given = {name: URL for name in ["DynamoDbEndpoint", "StsEndpoint", "SecretsManagerEndpoint"]}
    given |= {"Architecture": os.environ["ARCHITECTURE"]} | parameters
    overrides = [f"{name}={value}" for name, value in given.items()]
    command = [os.environ["SAM"], "deploy", "--stack-name", STACK, "--resolve-s3", "--capabilities", "CAPABILITY_IAM"]
    run(*command, "--no-confirm-changeset", "--no-progressbar", "--parameter-overrides", *overrides)
    stack = aws("cloudformation", "describe-stacks", "--stack-name", STACK)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


class SamDeploy(unittest.TestCase):
    """Its tests run in the order of their names: the stack is deployed first with few parameters, then with many."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.outputs = deploy(TablePattern="Orders*", FunctionUrls="true", LogRetentionDays="7")

    def function_names(self):
        return [name.removesuffix("FunctionArn") for name in self.outputs if name.endswith("FunctionArn")]

    def invoke(self, function, event, *options):
        with tempfile.TemporaryDirectory() as folder:
            sent, received = os.path.join(folder, "event"), os.path.join(folder, "answer")
            with open(sent, "w", encoding="utf-8") as file:
                json.dump(event, file)
            arn = self.outputs[f"{function}FunctionArn"]
            aws("lambda", "invoke", "--function-name", arn, "--payload", f"fileb://{sent}", *options, received)
            with open(received, encoding="utf-8") as file:
                return json.loads(file.read() or "null")

    def sample(self, function, name):
        with open(f"events/{name}.json", encoding="utf-8") as file:
            answer = self.invoke(function, json.load(file))
        self.assertNotIn("errorType", answer, answer)
        return answer

    def policies(self, function):
        """The statements of the function's role that are its own."""
        iam, arn = client("iam"), self.outputs[f"{function}FunctionArn"]
        role = client("lambda").get_function_configuration(FunctionName=arn)["Role"].rpartition("/")[2]
        for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
            yield from iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]["Statement"]

    def invocations(self, function):
        """How asynchronous invocations of a function are retried, and where those that fail go."""
        arn = self.outputs[f"{function}FunctionArn"]
        told = client("lambda").get_function_event_invoke_config(FunctionName=arn, Qualifier="$LATEST")
        destination = (told.get("DestinationConfig") or {}).get("OnFailure") or {}
        return told["MaximumRetryAttempts"], destination.get("Destination")

    def change_set(self, stack, kind, **parameters):
        """Asks for a change of a stack, which is not carried out. Raises what CloudFormation refuses."""
        template = client("cloudformation").get_template(StackName=STACK, TemplateStage="Original")["TemplateBody"]
        # A request holds 51,200 bytes of a template. A larger one comes from S3.
        client("s3").create_bucket(Bucket="templates")
        body = template if isinstance(template, str) else json.dumps(template)
        client("s3").put_object(Bucket="templates", Key="template", Body=body.encode())
        client("cloudformation").create_change_set(
            StackName=stack,
            ChangeSetName=f"change-{time.monotonic_ns()}",
            ChangeSetType=kind,
            TemplateURL="https://s3.amazonaws.com/templates/template",
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
            Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
        )

    def assert_refused(self, said, **parameters):
        with self.assertRaises(ClientError, msg=parameters) as refused:
            self.change_set("another", "CREATE", **({"TablePattern": "Orders"} | parameters))
        self.assertIn(said, str(refused.exception), parameters)

    def test_1_sam_deploy_gives_every_function_an_ARN_and_a_URL_behind_IAM(self):
        arns = [name for name in self.outputs if name.endswith("Arn")]
        self.assertEqual(len(arns), BINARIES, self.outputs)
        for name in arns:
            configs = aws("lambda", "list-function-url-configs", "--function-name", self.outputs[name])
            self.assertEqual([config["AuthType"] for config in configs["FunctionUrlConfigs"]], ["AWS_IAM"], name)

    def test_2_log_groups_have_their_retention(self):
        groups = aws("logs", "describe-log-groups", "--log-group-name-prefix", f"/aws/lambda/{STACK}/")["logGroups"]
        self.assertEqual([group.get("retentionInDays") for group in groups], [7] * BINARIES, groups)

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

    def test_5_functions_assume_no_role_and_read_no_secret_unless_told_which(self):
        by_role, by_secret = make_connections()
        for connection in [by_role, by_secret]:
            answer = self.invoke("ListTables", {"connection": connection})
            self.assertIn(answer.get("errorType"), ["AccessDenied", "AccessDeniedException"], (connection, answer))

    def test_6_by_default_reads_are_retried_twice_and_writes_never(self):
        for function in self.function_names():
            expected = 0 if function in WRITERS else 2
            self.assertEqual(self.invocations(function), (expected, None), function)

    def test_7_by_default_statements_may_read_whole_tables_and_logs_have_no_key_of_their_own(self):
        effects = {statement["Effect"] for statement in self.policies("RawRequest")}
        self.assertEqual(effects, {"Allow"})
        groups = aws("logs", "describe-log-groups", "--log-group-name-prefix", f"/aws/lambda/{STACK}/")["logGroups"]
        self.assertEqual([group.get("kmsKeyId") for group in groups], [None] * BINARIES)

    def test_7_by_default_a_load_balancer_s_health_check_is_refused(self):
        with open("events/envelopes/alb.json", encoding="utf-8") as file:
            request = json.load(file) | {"httpMethod": "GET", "body": ""}
        self.assertEqual(self.invoke("GetItem", request)["statusCode"], 405)

    def test_8_CloudFormation_refuses_a_stack_without_TablePattern(self):
        with self.assertRaises(ClientError) as refused:
            self.change_set("another", "CREATE")
        self.assertIn("TablePattern", str(refused.exception))

    def test_8_CloudFormation_refuses_bare_stars_for_roles_and_secrets(self):
        role, secret = "arn:aws:iam::123456789012:role/", "arn:aws:secretsmanager:us-east-1:123456789012:secret:"
        for value in ["*", "arn:aws:iam::*:role/reader", "arn:aws:iam::123456789012:*", f"{role}reader,*", role]:
            self.assert_refused("a bare * is refused", AssumableRoles=value)
        for value in ["*", "arn:aws:secretsmanager:*:*:secret:*", f"{secret}reader-??????,*", secret]:
            self.assert_refused("a bare * is refused", ReadableSecrets=value)
        self.change_set("roles", "CREATE", TablePattern="O", AssumableRoles=f"{role}reader,{role}partners/*")
        self.change_set("secrets", "CREATE", TablePattern="O", ReadableSecrets=f"{secret}reader-??????")

    def test_8_CloudFormation_refuses_http_endpoints_but_for_loopback_and_private_addresses(self):
        for name in ["DynamoDbEndpoint", "StsEndpoint", "SecretsManagerEndpoint"]:
            for value in [
                "http://dynamodb.us-east-1.amazonaws.com",
                "http://169.254.169.254",
                "http://8.8.8.8:8000",
                "http://172.32.0.1",
                "http://127.0.0.1.example.com",
                "http://localhost.example.com",
                "http://127.0.0.1@example.com",
                "http://localhost:8000@example.com",
                "ftp://localhost",
                "localhost:8000",
            ]:
                self.assert_refused("an https:// address", **{name: value})
        for number, value in enumerate(
            [
                "https://vpce-1-abc.dynamodb.us-east-1.vpce.amazonaws.com",
                "http://localhost:8000",
                "http://127.0.0.1:8000/",
                "http://[::1]:8000",
                "http://10.0.0.7",
                "http://172.17.0.1:8000",
                "http://192.168.1.2:8000",
                "http://host.docker.internal:8000",
            ]
        ):
            self.change_set(f"endpoint-{number}", "CREATE", TablePattern="Orders", DynamoDbEndpoint=value)

    def test_8_CloudFormation_refuses_other_values_that_mean_nothing(self):
        for name, value in [
            ("TablePattern", ""),
            ("TablePattern", "Orders/index/x"),
            ("AllowedConnections", "own,key"),
            ("AllowedRegions", "us-east-1,everywhere"),
            ("DenyFullTableScans", "yes"),
            ("LogKey", "alias/logs"),
            ("FailureDestination", "arn:aws:s3:::bucket"),
            ("WriteRetries", "3"),
            ("ReadRetries", "-1"),
            ("ReservedConcurrency", "-2"),
        ]:
            self.assert_refused(name, **{name: value})

    def test_9_a_second_deployment_sets_all_other_parameters(self):
        role, secret = (connection.get("roleArn") or connection["secretId"] for connection in make_connections())
        type(self).queue = client("sqs").create_queue(QueueName="failed")["QueueUrl"]
        key = client("kms").create_key()["KeyMetadata"]["Arn"]
        # Parameters that are left out stay as they were.
        deploy(
            FunctionUrls="false",
            AssumableRoles=role,
            ReadableSecrets=secret,
            AllowedConnections="own,role,secret",
            AllowedRegions="us-east-1",
            DenyFullTableScans="true",
            LogKey=key,
            WriteRetries="1",
            ReadRetries="0",
            FailureDestination=QUEUE_ARN,
            HttpHealthCheck="true",
        )
        for function in self.function_names():
            expected = 1 if function in WRITERS else 0
            self.assertEqual(self.invocations(function), (expected, QUEUE_ARN), function)
        groups = aws("logs", "describe-log-groups", "--log-group-name-prefix", f"/aws/lambda/{STACK}/")["logGroups"]
        self.assertEqual([group.get("kmsKeyId") for group in groups], [key] * BINARIES)

    def test_A_functions_assume_the_role_and_read_the_secret_that_are_named(self):
        for connection in make_connections():
            answer = self.invoke("ListTables", {"connection": connection})
            self.assertIn("data", answer, (connection, answer))

    def test_B_events_may_ask_for_no_other_connection_and_no_other_region(self):
        answer = self.invoke("ListTables", {"connection": {"accessKeyId": "a", "secretAccessKey": "b"}})
        self.assertEqual(answer.get("errorType"), "InvalidConnection", answer)
        self.assertIn("ALLOWED_CONNECTIONS", answer["errorMessage"])
        answer = self.invoke("ListTables", {"awsRegion": "eu-west-1"})
        self.assertEqual(answer.get("errorType"), "InvalidInput", answer)
        self.assertIn("ALLOWED_REGIONS", answer["errorMessage"])
        self.assertIn("data", self.invoke("ListTables", {"awsRegion": "us-east-1"}))

    def test_B_a_load_balancer_s_health_check_is_answered(self):
        with open("events/envelopes/alb.json", encoding="utf-8") as file:
            request = json.load(file) | {"httpMethod": "GET", "body": ""}
        self.assertEqual(self.invoke("GetItem", request)["statusCode"], 200)

    def test_C_full_table_scans_by_statements_are_denied_on_the_tables_and_their_indexes(self):
        denied = [statement for statement in self.policies("RawRequest") if statement["Effect"] == "Deny"]
        table = "arn:aws:dynamodb:us-east-1:123456789012:table/Orders*"
        self.assertEqual(
            denied,
            [
                {
                    "Effect": "Deny",
                    "Action": "dynamodb:PartiQLSelect",
                    "Resource": [table, f"{table}/index/*"],
                    "Condition": {"Bool": {"dynamodb:FullTableScan": "true"}},
                }
            ],
        )

    def test_D_an_asynchronous_invocation_that_fails_for_good_reaches_the_destination(self):
        for function in ["GetItem", "CreateItem"]:
            event = {"tableName": "Orders", "marker": function}
            self.invoke(function, event, "--invocation-type", "Event")
            told = self.message()
            self.assertIn(f'"marker": "{function}"'.replace(" ", ""), told.replace(" ", ""))
            self.assertIn("InvalidInput", told)

    def message(self):
        """The next message of the queue."""
        sqs = client("sqs")
        for _ in range(10):
            for message in sqs.receive_message(QueueUrl=self.queue, WaitTimeSeconds=2).get("Messages", []):
                sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])
                return message["Body"]
        raise AssertionError("there is no message")

    def test_E_without_FunctionUrls_there_are_none(self):
        # The second deployment took them back.
        configs = aws("lambda", "list-function-url-configs", "--function-name", self.outputs["GetItemFunctionArn"])
        self.assertEqual(configs["FunctionUrlConfigs"], [])


QUEUE_ARN = "arn:aws:sqs:us-east-1:123456789012:failed"


@functools.cache
def make_connections():
    """A connection by a role and one by a secret, which the account has."""
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = aws("iam", "create-role", "--role-name", "reader", "--assume-role-policy-document", policy)["Role"]["Arn"]
    tables = {"Effect": "Allow", "Action": "dynamodb:ListTables", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [tables]})
    run("aws", "iam", "put-role-policy", "--role-name", "reader", "--policy-name", "own", "--policy-document", policy)
    text = json.dumps({"roleArn": role})
    secret = aws("secretsmanager", "create-secret", "--name", "reader", "--secret-string", text)["ARN"]
    return {"roleArn": role}, {"secretId": secret}


if __name__ == "__main__":
    lines.main()
