"""The functions as an agent's tools: `awslabs-lambda-tool-mcp-server` over the deployed stack, called by the `mcp` client.

SAM is the SAM CLI, ACCOUNT_URL the account, ARCHITECTURE this machine's, FUNCTIONS a folder with NAME/bootstrap for each
function, LOGS a folder for files of this check.
"""

import asyncio
import json
import os
import pathlib
import re
import subprocess
import sys
import unittest

import botocore.session
from botocore.validate import ParamValidator
from mcp import Client, StdioServerParameters

import lines

URL = os.environ["ACCOUNT_URL"]
LOGS = pathlib.Path(os.environ["LOGS"])
STACK = "tools"
TAG = "dynamodb-functions:agent-tool"
TARGETS = {target["function"]: target for target in json.loads(pathlib.Path("schemas/agent-tools.json").read_text())["targets"]}
# In the order of a table's life.
CALLS = [
    "create-table",
    "create-table.component",
    "describe-table",
    "list-tables",
    "test-connection",
    "create-item",
    "create-item.component",
    "create-item.typed",
    "get-item",
    "update-item",
    "query-items",
    "scan-items",
    "batch-get-items",
    "delete-item",
    "delete-table",
]
ENVIRONMENT = os.environ | {
    "AWS_ENDPOINT_URL": URL,
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
    "SAM_CLI_TELEMETRY": "0",
}


def run(*command):
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def template():
    """The template with the built functions in the place of the code."""
    text = pathlib.Path("template.yaml").read_text(encoding="utf-8").replace("    CodeUri: .\n", "")
    # They are looked up from where the template is.
    for name in ("LICENSE", "README.md"):
        text = text.replace(f"Url: {name}\n", f"Url: {os.path.abspath(name)}\n")
    text = text.replace("DefinitionUri: statemachines/", f"DefinitionUri: {os.path.abspath('statemachines')}/")
    folder = os.path.abspath(os.environ["FUNCTIONS"])
    text = re.sub(
        r"    Metadata:\n      BuildMethod: rust-cargolambda\n      BuildProperties:\n        Binary: (\S+)\n    Properties:\n",
        rf"    Properties:\n      CodeUri: {folder}/\1\n",
        text,
    )
    file = LOGS / "template.yaml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def deploy(**parameters):
    given = {name: URL for name in ["DynamoDbEndpoint", "StsEndpoint", "SecretsManagerEndpoint"]}
    given |= {"Architecture": os.environ["ARCHITECTURE"], "TablePattern": "*", "AllowedConnections": "own"} | parameters
    overrides = [f"{name}={value}" for name, value in given.items()]
    command = [os.environ["SAM"], "deploy", "--template-file", template(), "--stack-name", STACK, "--resolve-s3"]
    command += ["--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset", "--no-fail-on-empty-changeset"]
    run(*command, "--no-progressbar", "--parameter-overrides", *overrides)


def server():
    """AWS's server as its page starts it: it offers the functions that have the tag."""
    profile = LOGS / "credentials"
    profile.write_text("[default]\naws_access_key_id = test\naws_secret_access_key = test\n", encoding="utf-8")
    environment = {
        "PATH": os.environ["PATH"],
        "AWS_PROFILE": "default",
        "AWS_SHARED_CREDENTIALS_FILE": str(profile),
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": URL,
        "FUNCTION_PREFIX": f"{STACK}-",
        "FUNCTION_TAG_KEY": TAG,
        "FUNCTION_TAG_VALUE": "true",
    }
    command = pathlib.Path(sys.executable).parent / "awslabs.lambda-tool-mcp-server"
    return StdioServerParameters(command=str(command), env=environment)


def function_of(tool):
    """`GetItemFunction_0A1B` → `get-item`"""
    name = re.match(r"(\w+?)Function(_|$)", tool)[1]
    return re.sub(r"(?<!^)([A-Z])", r"-\1", name).lower()


async def with_client(work):
    async with Client(server()) as client:
        listed = await client.list_tools()
        return await work(client, {function_of(tool.name): tool for tool in listed.tools})


def tools():
    async def listed(_, tools):
        return tools

    return asyncio.run(with_client(listed))


def call_all(events):
    """The answers to these events: pairs of a function and its inputs."""

    async def call(client, tools):
        answers = []
        for function, event in events:
            result = await client.call_tool(tools[function].name, {"parameters": event})
            answers.append(result.content[0].text)
        return answers

    return asyncio.run(with_client(call))


def sample(name):
    """A sample event, without the connection that no tool offers, and the function that it is for."""
    event = json.loads(pathlib.Path(f"events/{name}.json").read_text(encoding="utf-8"))
    for connection in ("connection", "awsConnection"):
        event.pop(connection, None)
    return name.split(".")[0], event


class AgentTools(unittest.TestCase):
    """Its tests run in the order of their names: each one deploys the stack with another parameter."""

    maxDiff = None

    def test_1_only_functions_that_read_are_offered_unless_asked_for_more(self):
        deploy()
        reads = {name for name, target in TARGETS.items() if target["annotations"]["readOnlyHint"]}
        self.assertEqual(set(tools()), reads)

    def test_2_an_agent_sees_what_each_tool_does(self):
        listed = tools()
        self.assertGreater(len(listed), 5)
        for function, tool in listed.items():
            [definition] = TARGETS[function]["toolSchema"]["inlinePayload"]
            summary = definition["description"].partition(". ")[0]
            self.assertEqual(tool.description, f"{definition['name']}: {summary}")

    def test_3_all_functions_are_offered_where_that_is_asked_for_and_each_can_be_called(self):
        deploy(AgentTools="all")
        self.assertEqual(set(tools()), set(TARGETS))
        for name, answer in zip(CALLS, call_all(map(sample, CALLS))):
            self.assertIn(" returned: {", answer, name)
            answer = json.loads(answer.partition(" returned: ")[2])
            self.assertIn("data", answer, name)
            if name == "get-item":
                self.assertIs(answer["data"]["found"], True)

    def test_4_an_agent_cannot_bring_an_identity_of_its_own(self):
        connection = {"accessKeyId": "test", "secretAccessKey": "test"}
        [answer] = call_all([("list-tables", {"connection": connection})])
        self.assertIn("returned with error", answer)
        [answer] = call_all([("list-tables", {})])
        self.assertIn("TableNames", answer)

    def test_5_no_function_is_offered_where_none_is_asked_for(self):
        deploy(AgentTools="none")
        self.assertEqual(tools(), {})

    def test_6_every_target_is_one_that_AgentCore_Gateway_takes(self):
        model = botocore.session.get_session().get_service_model("bedrock-agentcore-control")
        shape = model.operation_model("CreateGatewayTarget").input_shape
        types = set(model.shape_for("SchemaDefinition").members["type"].enum)

        def request(target):
            target = {"lambdaArn": f"arn:aws:lambda:us-east-1:123456789012:function:{target['function']}", "toolSchema": target["toolSchema"]}
            return {"gatewayIdentifier": "gateway-0123456789", "targetConfiguration": {"mcp": {"lambda": target}}}

        def used(schema):
            yield schema["type"]
            for inside in [*schema.get("properties", {}).values(), *filter(None, [schema.get("items")])]:
                yield from used(inside)

        for name, target in TARGETS.items():
            report = ParamValidator().validate(request(target), shape)
            self.assertFalse(report.has_errors(), f"{name}: {report.generate_report()}")
            for definition in target["toolSchema"]["inlinePayload"]:
                for schema in ("inputSchema", "outputSchema"):
                    self.assertLessEqual(set(used(definition[schema])), types, name)
        # The model would have found a keyword that a tool's schema does not have.
        wrong = json.loads(json.dumps(TARGETS["get-item"]))
        wrong["toolSchema"]["inlinePayload"][0]["inputSchema"]["enum"] = ["a"]
        self.assertTrue(ParamValidator().validate(request(wrong), shape).has_errors())


if __name__ == "__main__":
    lines.main()
