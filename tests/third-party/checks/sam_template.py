"""`template.yaml` as AWS's own SAM translator makes CloudFormation of it.

The argument is a Python that has the translator.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import unittest

import lines

BINARIES = len(list(pathlib.Path("functions/src/bin").glob("*.rs")))

TRANSLATE = """
import json, sys
from samcli.yamlhelper import yaml_parse
from samtranslator.translator.transform import transform
from samtranslator.translator.managed_policy_translator import ManagedPolicyLoader

class NoPolicies:
    def load(self):
        return {}

template = yaml_parse(open("template.yaml", encoding="utf-8").read())
for resource in template["Resources"].values():
    if resource["Type"] == "AWS::Serverless::Function":
        resource["Properties"]["CodeUri"] = "s3://bucket/key"
    if resource["Type"] == "AWS::Serverless::StateMachine":
        resource["Properties"]["DefinitionUri"] = "s3://bucket/key"
template["Globals"]["Function"].pop("CodeUri")
print(json.dumps(transform(template, json.loads(sys.argv[1]), NoPolicies())))
"""


def translated(**parameters):
    command = [PYTHON, "-c", TRANSLATE, json.dumps({"TablePattern": "Orders"} | parameters)]
    environment = os.environ | {"AWS_DEFAULT_REGION": "us-east-1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)["Resources"]


def of(resources, kind):
    return {name: resource["Properties"] for name, resource in resources.items() if resource["Type"] == kind}


# The roles of the state machines for whole tables, and of the pipe. They are no functions' roles.
MACHINES = ["LoadTable", "ExportTable", "CopyTable", "DeleteByQuery"]
OTHER_ROLES = ["RecordsPipeRole"] + [name + "Role" for name in MACHINES]


def roles_of_functions(resources):
    return {name: role for name, role in of(resources, "AWS::IAM::Role").items() if name not in OTHER_ROLES}


class SamTemplate(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.resources = translated()

    def test_every_function_has_a_role_of_its_own(self):
        functions = of(self.resources, "AWS::Lambda::Function")
        roles = roles_of_functions(self.resources)
        self.assertEqual(len(functions), BINARIES)
        self.assertEqual(len(roles), BINARIES)
        self.assertLessEqual(set(OTHER_ROLES), set(of(self.resources, "AWS::IAM::Role")))
        used = [function["Role"]["Fn::GetAtt"][0] for function in functions.values()]
        self.assertEqual(sorted(used), sorted(roles))

    def test_roles_have_the_managed_policies_for_logs_and_traces_and_those_of_the_template(self):
        ours = {
            "AssumesRoles": "AssumeRolesPolicy",
            "ReadsSecrets": "ReadSecretsPolicy",
            "TellsOfFailures": "FailureDestinationPolicy",
        }
        for name, role in roles_of_functions(self.resources).items():
            policies = {json.dumps(policy).split("/")[-1].strip('"]}') for policy in role["ManagedPolicyArns"]}
            self.assertLessEqual({"AWSLambdaBasicExecutionRole", "AWSXrayWriteOnlyAccess"}, policies, name)
            others = [policy for policy in role["ManagedPolicyArns"] if "Fn::If" in policy]
            self.assertEqual(len(others), len(role["ManagedPolicyArns"]) - 2, name)
            for policy in others:
                condition, given, otherwise = policy["Fn::If"]
                self.assertEqual((given, otherwise), ({"Ref": ours[condition]}, {"Ref": "AWS::NoValue"}), name)
            principals = [statement["Principal"] for statement in role["AssumeRolePolicyDocument"]["Statement"]]
            self.assertEqual(principals, [{"Service": ["lambda.amazonaws.com"]}], name)
        for condition, name in ours.items():
            self.assertEqual(self.resources[name]["Condition"], condition)

    def test_roles_of_statements_may_not_scan_where_the_parameter_says_so(self):
        conditional = {
            name: policy["Fn::If"]
            for name, role in roles_of_functions(self.resources).items()
            for policy in role.get("Policies", [])
            if "Fn::If" in policy
        }
        self.assertEqual(sorted(conditional), ["BatchStatementsFunctionRole", "RawRequestFunctionRole"])
        for condition, policy, otherwise in conditional.values():
            self.assertEqual((condition, otherwise), ("DeniesFullTableScans", {"Ref": "AWS::NoValue"}))
            self.assertEqual([statement["Effect"] for statement in policy["PolicyDocument"]["Statement"]], ["Deny"])

    def test_every_function_reserves_the_concurrency_that_the_parameter_says(self):
        for name, function in of(self.resources, "AWS::Lambda::Function").items():
            condition, given, otherwise = function["ReservedConcurrentExecutions"]["Fn::If"]
            self.assertEqual(condition, "ReservesConcurrency", name)
            self.assertIn(given, [{"Ref": "ReservedConcurrency"}, -1], name)
            self.assertEqual(otherwise, {"Ref": "AWS::NoValue"}, name)

    def test_nobody_is_let_in_by_the_translator(self):
        kinds = {resource["Type"] for resource in self.resources.values()}
        self.assertEqual(
            kinds,
            {
                "AWS::IAM::ManagedPolicy",
                "AWS::IAM::Role",
                "AWS::Lambda::EventInvokeConfig",
                "AWS::Lambda::Function",
                "AWS::Lambda::Url",
                "AWS::Logs::LogGroup",
                "AWS::Pipes::Pipe",
                "AWS::CloudWatch::Alarm",
                "AWS::StepFunctions::StateMachine",
            },
        )
        for name in ("RecordsPipe", "RecordsPipeRole"):
            self.assertEqual(self.resources[name]["Condition"], "HasPipe")
        for name in MACHINES:
            for resource in (name, name + "Role"):
                self.assertEqual(self.resources[resource]["Condition"], "HasBulk")
            principals = self.resources[name + "Role"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
            self.assertEqual([one["Principal"] for one in principals], [{"Service": ["states.amazonaws.com"]}], name)
        for name, url in of(self.resources, "AWS::Lambda::Url").items():
            self.assertEqual(url["AuthType"], "AWS_IAM", name)
            self.assertEqual(self.resources[name]["Condition"], "HasUrls")

    def test_functions_log_JSON_into_groups_of_their_own(self):
        groups = of(self.resources, "AWS::Logs::LogGroup")
        for name, function in of(self.resources, "AWS::Lambda::Function").items():
            logging = function["LoggingConfig"]
            self.assertEqual(logging["LogFormat"], "JSON", name)
            self.assertIn(logging["LogGroup"]["Ref"], groups)
        self.assertEqual(len(groups), BINARIES)

    def test_tracing_is_what_the_parameter_says(self):
        for mode in ["Active", "PassThrough"]:
            for name, function in of(translated(Tracing=mode), "AWS::Lambda::Function").items():
                self.assertIn(function["TracingConfig"]["Mode"], [mode, {"Ref": "Tracing"}], name)


    def test_the_page_tells_of_every_parameter(self):
        template = pathlib.Path("template.yaml").read_text(encoding="utf-8")
        parameters = template.partition("\nParameters:\n")[2].partition("\nConditions:\n")[0]
        page = pathlib.Path("docs/deploy.md").read_text(encoding="utf-8")
        rows = page.partition("\n## Parameters\n")[2].partition("\n## ")[0]
        told = [name for row in re.findall(r"^\| (`.*?) \|", rows, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)]
        self.assertEqual(sorted(told), sorted(re.findall(r"^  (\w+):$", parameters, re.MULTILINE)))


if __name__ == "__main__":
    PYTHON = sys.argv[1]
    lines.main()
