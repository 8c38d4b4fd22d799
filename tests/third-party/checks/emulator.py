"""A function as it is deployed, behind AWS's Runtime Interface Emulator.

RIE is the emulator, FUNCTIONS the folder of the functions, DYNAMODB_URL the endpoint of DynamoDB.
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
import urllib.request


def free_ports(count):
    """Holds all ports until all are known, so that no two are the same."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


class Emulator:
    """A function behind the emulator, which takes one event at a time. Both end with the `with` block."""

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
        """Sends a text as it is, and every other payload as JSON. An error is an answer, too, with status 200."""
        body = payload if isinstance(payload, str) else json.dumps(payload)
        with urllib.request.urlopen(self.url, data=body.encode(), timeout=60) as answer:
            text = answer.read().decode()
        try:
            return json.loads(text, parse_float=decimal.Decimal)
        except ValueError:
            # The emulator's own errors are not always JSON.
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
