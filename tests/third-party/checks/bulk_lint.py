"""The definitions of the state machines for whole tables: what the service checks or bounds and no interpreter here does."""

import json
import pathlib
import re
import subprocess
import unittest

import lines
from bulk_machines import MACHINES, path
from statemachines import FOLDER, PLACEHOLDER, STATE_BYTES
from statemachines_lint import NEVER, UNSURE, check_targets, levels, validator

# `Rejected` has for each element a reason of up to 512 bytes, which JSON may double, and a frame of 80.
REASON_BYTES = 2 * 512 + 80
# What Lambda adds to an answer in the result of a task, and the counters of a state.
FRAME_BYTES = 8_192
# What a history holds, and the events of a state and of a task.
EVENTS, STATE_EVENTS, TASK_EVENTS = 25_000, 2, 5
EXPRESSION = re.compile(r"\{% (.*) %\}", re.DOTALL)


def states(machine):
    for level in levels(machine):
        yield from level["States"].items()


def maps(machine):
    return {name: state for name, state in states(machine) if state["Type"] == "Map"}


def expressions(value):
    if isinstance(value, dict):
        for inner in value.values():
            yield from expressions(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from expressions(inner)
    elif isinstance(value, str) and "{%" in value:
        yield value


class Lint(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.texts = {name: path(name).read_text(encoding="utf-8") for name in MACHINES}
        cls.machines = {name: json.loads(text) for name, text in cls.texts.items()}
        cls.pages = {name: (FOLDER / name / "README.md").read_text(encoding="utf-8") for name in MACHINES}

    def test_asl_validator_finds_nothing_in_the_machines_for_whole_tables(self):
        self.assertEqual(sorted(file.parent.name for file in FOLDER.glob("*/*.asl.json")), MACHINES)
        for name in MACHINES:
            done = validator(path(name))
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_every_state_is_reached_and_described(self):
        for name, machine in self.machines.items():
            check_targets(self, name, machine)
            for state, _ in states(machine):
                shown = re.sub(r"(Csv|JsonLines|Json)$", "", state) if name == "load-table" else state
                self.assertTrue(f"`{state}`" in self.pages[name] or f"`{shown}…`" in self.pages[name], f"{name}: {state}")

    def test_every_expression_is_one_as_a_whole(self):
        for name, machine in self.machines.items():
            found = list(expressions(machine))
            self.assertGreater(len(found), 30, name)
            for text in found:
                self.assertTrue(EXPRESSION.fullmatch(text), text)
                for pair in ("()", "[]", "{}"):
                    self.assertEqual(text.count(pair[0]), text.count(pair[1]), text)

    def test_a_child_uses_no_variable_from_outside(self):
        for name, machine in self.machines.items():
            for state, body in maps(machine).items():
                inner = json.dumps(body["ItemProcessor"])
                used = set(re.findall(r"\$([a-zA-Z]\w*)(?!\w*\()", inner)) - {"states", "r"}
                self.assertEqual(used, set(), f"{name}: {state}")

    def test_every_map_is_distributed_bounded_and_labelled(self):
        for name, machine in self.machines.items():
            self.assertTrue(maps(machine))
            for state, body in maps(machine).items():
                self.assertEqual(body["ItemProcessor"]["ProcessorConfig"]["Mode"], "DISTRIBUTED", state)
                self.assertRegex(body["Label"], r"^[A-Za-z]{1,40}$")
                self.assertIn("MaxConcurrency", body, state)
                # An Express child ends after five minutes. Children that wait for a table are Standard.
                waits = any(inner["Type"] in ("Task", "Wait") for _, inner in states(body["ItemProcessor"]))
                kind = "STANDARD" if waits else "EXPRESS"
                self.assertEqual(body["ItemProcessor"]["ProcessorConfig"]["ExecutionType"], kind, f"{name}: {state}")

    def test_the_three_ways_to_load_differ_in_nothing_but_the_format(self):
        whole = maps(self.machines["load-table"])
        plain = {}
        for label in ("Csv", "JsonLines", "Json"):
            body = json.loads(re.sub(rf'(\w){label}"', r'\1"', json.dumps(whole[f"Load{label}"])))
            body["ItemReader"].pop("ReaderConfig")
            plain[label] = body
        self.assertEqual(plain["Csv"], plain["JsonLines"])
        self.assertEqual(plain["Csv"], plain["Json"])

    def test_what_a_state_holds_stays_below_the_limit(self):
        whole = maps(self.machines["load-table"])
        for label in ("LoadCsv", "LoadJsonLines", "LoadJson"):
            batcher = whole[label]["ItemBatcher"]
            # All rows of a batch may come back: as unprocessed, or as rejected with a reason.
            self.assertIn("$exists($states.input.batchSize) ? $states.input.batchSize : 100", self.texts["load-table"])
            self.assertLess(batcher["MaxInputBytesPerBatch"] + 100 * REASON_BYTES + FRAME_BYTES, STATE_BYTES)
        for name, machine in self.machines.items():
            for state, body in states(machine):
                payload = body.get("Arguments", {}).get("Payload", {})
                if body["Type"] == "Task" and payload and payload.get("select") != "COUNT":
                    function = body["Arguments"]["FunctionName"]
                    if function in ("${ScanItemsFunctionArn}", "${QueryItemsFunctionArn}"):
                        self.assertLessEqual(payload["maxResponseBytes"], 200_000, f"{name}: {state}")
            for state, body in maps(machine).items():
                if "ItemBatcher" in body:
                    self.assertLessEqual(body["ItemBatcher"]["MaxInputBytesPerBatch"], 240_000, state)
        read = dict(states(self.machines["copy-table"]))["Read"]["Arguments"]["Payload"]
        self.assertLess(read["maxResponseBytes"] + read["maxItems"] * REASON_BYTES + FRAME_BYTES, STATE_BYTES)

    def test_a_history_holds_as_many_pages_as_a_child_may_have(self):
        for name, machine in self.machines.items():
            for label, body in maps(machine).items():
                bounds = [int(found) for found in re.findall(r"input\.page >= (\d+)", json.dumps(body))]
                for bound in bounds:
                    inner = dict(states(body["ItemProcessor"]))
                    # The start, the end and the loops of waiting are not of every page. Of two ways to read, one is gone.
                    every = [state for state in inner.values() if state["Type"] in ("Task", "Choice")]
                    reads = sum(state.startswith(("Query", "Scan")) for state in inner)
                    tasks = sum(state["Type"] == "Task" for state in every) - max(0, reads - 1)
                    choices = sum(state["Type"] == "Choice" for state in every)
                    self.assertLess(bound * (tasks * TASK_EVENTS + choices * STATE_EVENTS), EVENTS, f"{name}: {label}")

    def test_every_task_tries_again_with_jitter_and_only_what_may_help(self):
        for name, machine in self.machines.items():
            for state, body in states(machine):
                if body["Type"] != "Task":
                    continue
                tried = {error for retry in body["Retry"] for error in retry["ErrorEquals"]}
                self.assertFalse(NEVER & tried, f"{name}: {state}")
                for retry in body["Retry"]:
                    self.assertEqual(retry["JitterStrategy"], "FULL", state)
                    self.assertGreater(retry["MaxDelaySeconds"], retry["IntervalSeconds"], state)
                if body["Resource"] == "arn:aws:states:::lambda:invoke":
                    # All of these read, or put or delete without a condition: twice is the same as once.
                    self.assertLessEqual(UNSURE | {"ThrottlingException", "Throttling"}, tried, state)

    def test_the_budget_goes_to_every_function_that_keeps_one(self):
        keep = {"${ScanItemsFunctionArn}", "${BatchWriteItemsFunctionArn}"}
        for name, machine in self.machines.items():
            for state, body in states(machine):
                if body.get("Arguments", {}).get("FunctionName") in keep:
                    self.assertIn("maxCapacityPerSecond", body["Arguments"]["Payload"], f"{name}: {state}")

    def test_the_template_fills_every_placeholder_in_and_grants_what_is_used(self):
        template = pathlib.Path("template.yaml").read_text(encoding="utf-8")
        for name, text in self.texts.items():
            resource = template.partition(f"DefinitionUri: statemachines/{name}/{name}.asl.json\n")[2]
            resource = re.split(r"\n\n  \w+:\n", resource)[0]
            filled = set(re.findall(r"^        (\w+): !(?:GetAtt|Ref) ", resource, re.MULTILINE))
            used = set(PLACEHOLDER.findall(text))
            self.assertEqual(filled, used, name)
            invoked = {f"{found}Arn" for found in re.findall(r"- !GetAtt (\w+)\.Arn$", resource, re.MULTILINE)}
            self.assertEqual(invoked, used - {"BulkBucket"}, name)
            granted = set(re.findall(r"\b((?:s3|states):\w+)$", resource, re.MULTILINE))
            own = {"states:StartExecution", "states:DescribeExecution", "states:StopExecution", "states:RedriveExecution"}
            needed = set(own)
            if "describeMapRun" in text:
                needed.add("states:DescribeMapRun")
            if "ItemReader" in text:
                needed |= {"s3:ListBucket", "s3:GetObject"}
            if '"Resource": "arn:aws:states:::s3:putObject"' in text:
                needed |= {"s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject"}
            if "aws-sdk:s3:putObject" in text:
                needed.add("s3:PutObject")
            self.assertEqual(granted, needed, name)
            self.assertIn("Condition: HasBulk", template.partition(f"DefinitionUri: statemachines/{name}/")[0][-200:])
            self.assertNotIn('"*"', resource)
            self.assertIn(f"execution of ${{AWS::StackName}}-{name} failed", template)

    def test_the_template_is_valid_for_cloudformation(self):
        command = ["cfn-lint", "--non-zero-exit-code", "error", "template.yaml"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_every_page_has_its_inputs_and_the_commands_to_start_it(self):
        for name, page in self.pages.items():
            sample = json.loads((FOLDER / name / f"{name}.input.json").read_text(encoding="utf-8"))
            for given in sample:
                self.assertIn(f"`{given}`", page, name)
            inputs = set(re.findall(r"\$states\.input\.(\w+)", json.dumps([
                state for state in self.machines[name]["States"].values() if state["Type"] != "Map"
            ])))
            taken = {found for found in inputs if f"$exists($states.input.{found})" in self.texts[name]} - {"lines", "rejectedRows"}
            for given in taken:
                self.assertIn(f"`{given}`", page, name)
            self.assertIn("aws stepfunctions start-execution", page, name)
            self.assertIn("tests/third-party/serve-bulk", page, name)
            self.assertIn(f"file://statemachines/{name}/{name}.input.json", page, name)


if __name__ == "__main__":
    lines.main()
