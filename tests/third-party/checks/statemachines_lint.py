"""The definitions of statemachines/: their states, their functions, what they try again and what they catch. ASL_VALIDATOR is
asl-validator's command."""

import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import lines
from statemachines import FOLDER, PLACEHOLDER, files

# Errors that no state may retry.
NEVER = {
    "InvalidInput",
    "InvalidConnection",
    "ResponseTooLarge",
    "Internal",
    "ConditionalCheckFailedException",
    "IdempotentParameterMismatchException",
    "ValidationException",
    "AccessDenied",
    "AccessDeniedException",
    "States.ALL",
    "States.TaskFailed",
    "States.DataLimitExceeded",
}
# Errors after which a write may have happened.
UNSURE = {"OutcomeUnknown", "Sandbox.Timedout", "Lambda.ServiceException", "Lambda.Unknown"}
# How long a token counts, and how long one attempt may take: the functions' default timeout.
TOKEN_SECONDS = 600
ATTEMPT_SECONDS = 30


def levels(machine):
    """The machine, and each inner one of a Map or a Parallel."""
    yield machine
    for state in machine["States"].values():
        for inner in [state.get("ItemProcessor"), *state.get("Branches", [])]:
            if inner:
                yield from levels(inner)


def targets(state):
    yield from (state[name] for name in ("Next", "Default") if name in state)
    for rule in [*state.get("Choices", []), *state.get("Catch", [])]:
        yield rule["Next"]


def check_targets(test, name, machine):
    """Every target exists, and every state is reached."""
    for level in levels(machine):
        reached, ahead = set(), [level["StartAt"]]
        while ahead:
            state = ahead.pop()
            test.assertIn(state, level["States"], name)
            if state not in reached:
                reached.add(state)
                ahead += targets(level["States"][state])
        test.assertEqual(reached, set(level["States"]), name)


def validator(path):
    command = [os.environ["ASL_VALIDATOR"], "--json-path", str(path)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


class Lint(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.machines = {file.name: json.loads(file.read_text(encoding="utf-8")) for file in files()}

    def states(self):
        for name, machine in self.machines.items():
            for level in levels(machine):
                for state, body in level["States"].items():
                    yield f"{name}: {state}", body, level

    def test_asl_validator_finds_nothing(self):
        self.assertEqual(len(self.machines), 5)
        for file in files():
            done = validator(file)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_asl_validator_would_find_a_state_that_is_not_there(self):
        machine = json.loads(files()[0].read_text(encoding="utf-8"))
        machine["StartAt"] = "Nowhere"
        with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
            json.dump(machine, file)
            file.flush()
            self.assertNotEqual(validator(file.name).returncode, 0)

    def test_every_target_exists_and_every_state_is_reached(self):
        for name, machine in self.machines.items():
            check_targets(self, name, machine)

    def test_every_function_is_an_output_of_the_template(self):
        template = pathlib.Path("template.yaml").read_text(encoding="utf-8")
        outputs = re.findall(r"^  (\w+):$", template.partition("\nOutputs:\n")[2], re.MULTILINE)
        for file in files():
            names = set(PLACEHOLDER.findall(file.read_text(encoding="utf-8")))
            self.assertTrue(names, file)
            self.assertLessEqual(names, set(outputs), file)
        for name, state, _ in self.states():
            if state["Type"] == "Task":
                self.assertEqual(state["Resource"], "arn:aws:states:::lambda:invoke", name)
                call = state.get("Parameters") or state["Arguments"]
                self.assertRegex(call["FunctionName"], rf"^{PLACEHOLDER.pattern}$", name)

    def test_three_are_in_jsonpath_and_two_in_jsonata(self):
        languages = sorted(machine.get("QueryLanguage", "JSONPath") for machine in self.machines.values())
        self.assertEqual(languages, ["JSONPath"] * 3 + ["JSONata"] * 2)

    def test_every_task_tries_again_with_jitter_and_only_what_may_help(self):
        for name, state, _ in self.states():
            if state["Type"] == "Task":
                self.assertIn("ThrottlingException", state["Retry"][0]["ErrorEquals"], name)
                for retry in state["Retry"]:
                    self.assertEqual(retry["JitterStrategy"], "FULL", name)
                    self.assertGreater(retry["MaxDelaySeconds"], retry["IntervalSeconds"], name)
                    self.assertFalse(NEVER & set(retry["ErrorEquals"]), name)

    def test_the_retriers_on_the_page_are_the_ones_that_are_used(self):
        page = (FOLDER / "README.md").read_text(encoding="utf-8")
        shown = [json.loads(block) for block in re.findall(r"^```json\n(.*?)^```", page, re.MULTILINE | re.DOTALL)]
        self.assertEqual(shown, self.machines["order-intake.asl.json"]["States"]["TakeOrder"]["Retry"])
        for name, state, _ in self.states():
            if state["Type"] == "Task":
                refused, *others = state["Retry"]
                self.assertLessEqual(set(shown[0]["ErrorEquals"]), set(refused["ErrorEquals"]), name)
                for retry in others:
                    # It is the page's second retrier, or it has none of that retrier's errors.
                    self.assertTrue(retry == shown[1] or not UNSURE & set(retry["ErrorEquals"]), name)

    def test_what_is_tried_again_when_nobody_knows_may_be_done_twice(self):
        """Each task tries again then. So each must read, or do the same twice as once."""
        writes = 0
        for name, state, _ in self.states():
            if state["Type"] != "Task":
                continue
            tried = {error for retry in state["Retry"] for error in retry["ErrorEquals"]}
            self.assertLessEqual(UNSURE, tried, name)
            caught = {error for catch in state.get("Catch", []) for error in catch["ErrorEquals"]}
            call = state.get("Parameters") or state["Arguments"]
            function, payload = call["FunctionName"], call["Payload"]
            if function in {f"${{{read}FunctionArn}}" for read in ("GetItem", "QueryItems", "DescribeTable")}:
                continue
            writes += 1
            if function == "${CreateTableFunctionArn}":
                self.assertIn("ResourceInUseException", caught, name)
            elif function == "${DeleteTableFunctionArn}":
                self.assertIn("ResourceNotFoundException", caught, name)
            elif function == "${CreateItemFunctionArn}" and "conditionExpression" in payload:
                self.assertIn(" OR takenBy = :thisExecution", payload["conditionExpression"], name)
            elif function != "${CreateItemFunctionArn}":
                self.assertIn("requestToken.$", payload, name)
        self.assertEqual(writes, 5)

    def test_all_attempts_with_a_token_end_while_it_counts(self):
        found = 0
        for name, state, _ in self.states():
            if "requestToken.$" in state.get("Parameters", {}).get("Payload", {}):
                found += 1
                seconds = ATTEMPT_SECONDS
                for retry in state["Retry"]:
                    for attempt in range(retry["MaxAttempts"]):
                        wait = retry["IntervalSeconds"] * retry["BackoffRate"] ** attempt
                        seconds += min(wait, retry["MaxDelaySeconds"]) + ATTEMPT_SECONDS
                self.assertLess(seconds, TOKEN_SECONDS, name)
        self.assertEqual(found, 1)

    def test_the_token_on_the_page_is_the_one_that_is_used(self):
        selector = self.machines["map-items.asl.json"]["States"]["BookLines"]["ItemSelector"]
        page = (FOLDER / "README.md").read_text(encoding="utf-8")
        self.assertIn(f'    "requestToken.$": {json.dumps(selector["requestToken.$"])}\n', page)

    def test_who_catches_a_wrong_input_catches_it_by_both_names(self):
        found = 0
        for name, state, _ in self.states():
            for catch in state.get("Catch", []):
                both = {"InvalidInput", "ValidationException"} & set(catch["ErrorEquals"])
                self.assertIn(len(both), (0, 2), name)
                found += bool(both)
        self.assertEqual(found, 2)

    def test_every_query_leaves_room_in_its_state(self):
        found = 0
        for name, state, _ in self.states():
            call = state.get("Parameters") or state.get("Arguments") or {}
            if call.get("FunctionName") == "${QueryItemsFunctionArn}":
                found += 1
                self.assertLessEqual(call["Payload"]["maxResponseBytes"], 240_000, name)
        self.assertEqual(found, 3)

    def test_the_resource_on_the_page_fills_the_definition_in_and_may_invoke_just_that(self):
        page = (FOLDER / "README.md").read_text(encoding="utf-8")
        resource = page.partition("```yaml\n")[2].partition("```")[0]
        uri = re.search(r"DefinitionUri: (\S+)", resource)[1]
        wanted = set(PLACEHOLDER.findall(pathlib.Path(uri).read_text(encoding="utf-8")))
        filled = dict(re.findall(r"^        (\w+): !GetAtt (\w+)\.Arn$", resource, re.MULTILINE))
        self.assertEqual(filled, {name: name.removesuffix("Arn") for name in wanted})
        invoked = re.findall(r"^                - !GetAtt (\w+)\.Arn$", resource, re.MULTILINE)
        self.assertEqual(sorted(invoked), sorted(filled.values()))
        self.assertEqual(re.findall(r"Action: (.*)", resource), ["lambda:InvokeFunction"])
        # The template must be valid with this resource.
        template = pathlib.Path("template.yaml").read_text(encoding="utf-8")
        with_it = template.replace("\nOutputs:\n", f"\n{resource}\nOutputs:\n")
        self.assertNotEqual(with_it, template)
        with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
            file.write(with_it)
            file.flush()
            command = ["cfn-lint", "--non-zero-exit-code", "error", file.name]
            done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_page_tells_of_every_machine_and_state(self):
        page = (FOLDER / "README.md").read_text(encoding="utf-8")
        for name, machine in self.machines.items():
            self.assertIn(f"({name})", page)
            self.assertTrue((FOLDER / name.replace(".asl.", ".input.")).exists(), name)
            for level in levels(machine):
                for state in level["States"]:
                    self.assertIn(f"`{state}`", page, name)


if __name__ == "__main__":
    lines.main()
