"""ministack, with what its Distributed Map lacks.

ministack 1.5.33 reads items from S3 and runs a child for each of them. It knows no ItemBatcher, no ResultWriter, no JSONata
in the fields of a Distributed Map, no s3:putObject, and no size of a state. Its StopExecution leaves the children of a Map
running. This adds them as AWS documents them:

- ItemBatcher: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itembatcher.html
- ResultWriter: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
- a child has none of the variables outside: https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html

So a definition runs here as it is. What this file says of the service is not proven by it.
"""

import functools
import json
import uuid

from ministack import app
from ministack.services import s3
from ministack.services import stepfunctions as states

STATE_BYTES = 262_144
run_children = states._run_distributed_map
run_sub_machine = states._run_sub_machine
invoke = states._invoke_resource
invoke_sdk = states._invoke_aws_sdk_integration


def size(value):
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def held(value, where):
    """`value`, which is held by a state."""
    if size(value) > STATE_BYTES:
        raise states._ExecutionError("States.DataLimitExceeded", f"{where} has {size(value)} bytes")
    return value


def checked(execute):
    @functools.wraps(execute)
    def run(definition, given, *rest):
        output, following = execute(definition, held(given, "an input"), *rest)
        return held(output, "an output"), following

    return run


def batches(items, batcher):
    """The inputs of the children: as many items as both limits allow, and at least one."""
    most, room = batcher.get("MaxItemsPerBatch"), batcher.get("MaxInputBytesPerBatch")
    shared = {"BatchInput": batcher["BatchInput"]} if "BatchInput" in batcher else {}
    batch, used = [], 0
    for item in items:
        bytes_ = size(item) + 1
        if batch and (len(batch) == most or (room and used + bytes_ + size(shared) + 12 > room)):
            yield {"Items": batch, **shared}
            batch, used = [], 0
        batch.append(item)
        used += bytes_
    if batch:
        yield {"Items": batch, **shared}


def selected(state, items, given, context):
    for index, item in enumerate(items):
        inner = context | {"Map": {"Item": {"Index": index, "Value": item}}}
        yield states._apply_jsonata_template(state["ItemSelector"], given, inner)


def described(child):
    names = {"executionArn": "ExecutionArn", "name": "Name", "status": "Status", "input": "Input", "output": "Output"}
    names |= {"error": "Error", "cause": "Cause"}
    return {shown: child[name] for name, shown in names.items() if child.get(name) is not None}


def lines(results, flatten):
    for result in results:
        if flatten and isinstance(result, list):
            yield from result
        else:
            yield result


def write_results(writer, where, run, children):
    config = writer.get("WriterConfig", {})
    folder = f"{where['Prefix'].rstrip('/')}/{uuid.uuid4()}/"

    def put(name, body):
        status, _, answer = s3._put_object(where["Bucket"], folder + name, body.encode(), {})
        if status != 200:
            raise states._ExecutionError("States.ResultWriterFailed", str(answer))
        return {"Key": folder + name, "Size": len(body)}

    files = {}
    for status in ("SUCCEEDED", "FAILED"):
        ended = [child for child in children if child["status"] == status]
        if status == "FAILED" or config.get("Transformation", "NONE") == "NONE":
            results = [described(child) for child in ended]
        else:
            results = lines((json.loads(child["output"]) for child in ended), config["Transformation"] == "FLATTEN")
        results = list(results)
        if not ended:
            files[status] = []
        elif config.get("OutputType") == "JSONL":
            text = "".join(json.dumps(result, ensure_ascii=False) + "\n" for result in results)
            files[status] = [put(f"{status}_0.jsonl", text)]
        else:
            files[status] = [put(f"{status}_0.json", json.dumps(results, ensure_ascii=False))]
    manifest = {"DestinationBucket": where["Bucket"], "MapRunArn": run["mapRunArn"], "ResultFiles": files}
    put("manifest.json", json.dumps(manifest))
    return {"Bucket": where["Bucket"], "Key": folder + "manifest.json"}


def run_map(state, given, effective, iterator, execution, context):
    def evaluate(value):
        return states._apply_jsonata_template(value, given, context)

    if "ItemReader" in state:
        reader = dict(state["ItemReader"])
        items = states._read_map_items(reader | {"Parameters": evaluate(reader.pop("Arguments"))}, effective, context)
    else:
        items = evaluate(state["Items"])
    if not isinstance(items, list):
        raise states._ExecutionError("States.QueryEvaluationError", "the items are no list")
    inputs = list(selected(state, items, given, context)) if "ItemSelector" in state else items
    if "ItemBatcher" in state:
        inputs = list(batches(inputs, evaluate(state["ItemBatcher"])))
    for child in inputs:
        held(child, "the input of a child")

    plain = {"Label": state["Label"], "ItemsPath": "$", "End": True}
    for name in ("MaxConcurrency", "ToleratedFailurePercentage", "ToleratedFailureCount"):
        if name in state:
            plain[name] = evaluate(state[name])
    before = set(states._map_runs.keys())
    results = None
    try:
        results, _ = run_children(plain, given, inputs, iterator, execution, context)
    finally:
        # An execution runs one Map at a time.
        (run,) = [
            run
            for arn, run in states._map_runs.items()
            if arn not in before and run["executionArn"] == execution["executionArn"] and f"/{state['Label']}:" in arn
        ]
        run["itemCounts"]["total"] = len(items)
        children = [child for child in states._executions.values() if child.get("mapRunArn") == run["mapRunArn"]]
        writer = state.get("ResultWriter", {})
        details = None
        if "Resource" in writer and children:
            details = write_results(writer, evaluate(writer["Arguments"]), run, children)
        elif "Resource" in writer:
            details = write_results(writer, evaluate(writer["Arguments"]), run, [])
    if details:
        result = {"MapRunArn": run["mapRunArn"], "ResultWriterDetails": details}
    else:
        result = [output for output in results if output is not None]
    held(result, "the result of a Map")
    output = states._apply_jsonata_output(state, given, context, result=result, default=result)
    states._apply_state_assign(state, given, context, result=result)
    return output, states._next_or_end(state)


def run_child(inner, start, given, execution, context):
    if "mapRunArn" in execution:
        context["variables"] = {}
        parent = states._executions[states._map_runs[execution["mapRunArn"]]["executionArn"]]
        inner = {name: Stopping(state, parent) for name, state in inner.items()}
    return run_sub_machine(inner, start, given, execution, context)


class Stopping(dict):
    """A state of a child, which is not entered after its parent was stopped."""

    def __init__(self, state, parent):
        super().__init__(state)
        self.parent = parent

    def get(self, name, default=None):
        # The runner asks for the type when it enters the state.
        if name == "Type" and self.parent["status"] == "ABORTED":
            raise states._ExecutionError("States.Aborted", "the parent was stopped")
        return super().get(name, default)


def call(resource, *rest):
    return held(invoke(resource, *rest), f"the result of {resource}")


def call_sdk(resource, given):
    if not resource.endswith(":s3:putObject"):
        return invoke_sdk(resource, given)
    # What is no text is written as JSON, and so is text: in quotes.
    body = json.dumps(given["Body"], ensure_ascii=False).encode()
    status, headers, answer = s3._put_object(given["Bucket"], given["Key"], body, {})
    if status != 200:
        name = "NoSuchBucketException" if b"NoSuchBucket" in bytes(answer) else "S3Exception"
        raise states._ExecutionError(f"S3.{name}", str(answer))
    return {"ETag": headers.get("ETag", "")}


states._run_distributed_map = run_map
states._run_sub_machine = run_child
states._invoke_resource = call
states._invoke_aws_sdk_integration = call_sdk
states._execute_task = checked(states._execute_task)
states._execute_pass = checked(states._execute_pass)

if __name__ == "__main__":
    app.main()
