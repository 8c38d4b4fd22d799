"""The deployed binaries behind AWS's Runtime Interface Emulator.

RIE is the emulator, FUNCTIONS the folder of the binaries, DYNAMODB_URL the database of `cargo run -- serve`.
"""

import contextlib
import decimal
import json
import os
import pathlib
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.request

import lines


def free_ports(count):
    """They are free until someone takes them: all are held until all are known."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


class Emulator:
    """A function behind the emulator, which takes one event at a time. It ends with the `with` block."""

    def __init__(self, function, **environment):
        emulator, runtime = free_ports(2)
        self.url = f"http://127.0.0.1:{emulator}/2015-03-31/functions/function/invocations"
        self.log = tempfile.TemporaryFile("w+", encoding="utf-8")
        settings = {
            "AWS_LAMBDA_FUNCTION_NAME": function,
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_ENDPOINT_URL_DYNAMODB": os.environ["DYNAMODB_URL"],
        }
        self.process = subprocess.Popen(
            [
                os.environ["RIE"],
                *("--runtime-interface-emulator-address", f"127.0.0.1:{emulator}"),
                *("--runtime-api-address", f"127.0.0.1:{runtime}"),
                str(pathlib.Path(os.environ["FUNCTIONS"]) / function / "bootstrap"),
            ],
            env=os.environ | settings | environment,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        self.wait_for(emulator)

    def wait_for(self, port):
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError(self.printed())

    def printed(self):
        self.log.seek(0)
        return self.log.read()

    def invoke(self, payload):
        """The answer to text, or to the JSON of all else. Errors come as answers, with status 200."""
        body = payload if isinstance(payload, str) else json.dumps(payload)
        with urllib.request.urlopen(self.url, data=body.encode(), timeout=60) as answer:
            text = answer.read().decode()
        try:
            return json.loads(text, parse_float=decimal.Decimal)
        except ValueError:
            # What the emulator says in the function's place is not always JSON.
            raise AssertionError(f"{text}\n{self.printed()}") from None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


class Rie(unittest.TestCase):
    maxDiff = None

    def test_an_answer(self):
        with Emulator("get-item") as emulator:
            for _ in range(3):
                answer = emulator.invoke({"tableName": "Customers", "hashKeyValue": "C-1"})
                self.assertIs(answer["data"]["found"], True, answer)
                self.assertEqual(answer["data"]["result"]["Item"]["balance"], {"N": "12345678901234567890.12"})

    def test_an_error_and_its_type(self):
        with Emulator("describe-table") as emulator:
            answer = emulator.invoke({"tableName": "NoSuchTable"})
            self.assertEqual(answer["errorType"], "ResourceNotFoundException", answer)
            self.assertIn("NoSuchTable", answer["errorMessage"])
            self.assertIn("data", emulator.invoke({"tableName": "Customers"}))

    def test_payloads_that_are_no_event(self):
        with Emulator("get-item") as emulator:
            for payload in ["[]", '"text"', "1e400", "null", "{", "not JSON", '{"tableName": "Customers", "key": ']:
                answer = emulator.invoke(payload)
                self.assertEqual(answer["errorType"], "InvalidInput", (payload, answer))
                self.assertNotIn("\n", answer["errorMessage"])

    def test_an_awkward_payload_comes_back_as_it_was(self):
        item = {
            "customerId": 'Ærø "quoted" \\ \u0000 \u2028 👩‍🚀',
            "a.b[0] #:$ ": [1, [], {}, "", None, True],
            "digits": decimal.Decimal("12345678901234567890.123456789012345678"),
            "small": decimal.Decimal("1E-130"),
            "Ünïcode": {"𝄞": "\r\n\t"},
            "long": "\\\"é" * 60_000,
        }
        # `json` writes decimals as floats or not at all: their digits stand in for themselves.
        text = json.dumps({"tableName": "Customers", "item": item}, default=lambda number: f"<{number}>")
        text = text.replace('"<', "").replace('>"', "")
        with Emulator("create-item") as emulator:
            answer = emulator.invoke(text)
            self.assertIn("data", answer, str(answer)[:500])
        with Emulator("get-item") as emulator:
            event = {"tableName": "Customers", "hashKeyValue": item["customerId"], "outputFormat": "plain"}
            answer = emulator.invoke(event)
            self.assertEqual(answer["data"]["result"]["Item"], item)

    def test_a_deadline_is_met_before_the_emulator_kills(self):
        # It takes connections, and says nothing.
        with socket.create_server(("127.0.0.1", 0)) as silent:
            endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"
            settings = {"AWS_LAMBDA_FUNCTION_TIMEOUT": "2", "AWS_ENDPOINT_URL_DYNAMODB": endpoint}
            with Emulator("create-item", **settings) as emulator:
                begun = time.monotonic()
                answer = emulator.invoke({"tableName": "Customers", "item": {"customerId": "late"}})
                lasted = time.monotonic() - begun
                self.assertEqual(answer.get("errorType"), "Timeout", (answer, emulator.printed()))
                # Not at once, either: all but the margin for the answer was waited for.
                self.assertGreater(lasted, 1)
                # The process lives on, and is asked again.
                answer = emulator.invoke({"tableName": "Customers"})
                self.assertEqual(answer["errorType"], "InvalidInput", answer)


if __name__ == "__main__":
    lines.main()
