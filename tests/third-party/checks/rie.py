"""The deployed binaries behind AWS's Runtime Interface Emulator: see `emulator.py` for its variables. DYNAMODB_URL is the
database of `cargo run -- serve`.
"""

import decimal
import json
import socket
import time
import unittest

import lines
from emulator import Emulator


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
        # `json` cannot write decimals with all digits. So they are written as text, and the quotes removed.
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
        # It accepts connections and never answers.
        with socket.create_server(("127.0.0.1", 0)) as silent:
            endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"
            settings = {"AWS_LAMBDA_FUNCTION_TIMEOUT": "2", "AWS_ENDPOINT_URL_DYNAMODB": endpoint}
            for function, event, error in [
                ("get-item", {"tableName": "Customers", "key": {"customerId": "late"}}, "Timeout"),
                ("create-item", {"tableName": "Customers", "item": {"customerId": "late"}}, "OutcomeUnknown"),
            ]:
                with Emulator(function, **settings) as emulator:
                    begun = time.monotonic()
                    answer = emulator.invoke(event)
                    lasted = time.monotonic() - begun
                    self.assertEqual(answer.get("errorType"), error, (answer, emulator.printed()))
                    # It waited for an answer, but for the margin that its own answer needs.
                    self.assertGreater(lasted, 1)
                    # The process lives on and takes another event.
                    answer = emulator.invoke({"tabelName": "Customers"})
                    self.assertEqual(answer["errorType"], "InvalidInput", answer)


if __name__ == "__main__":
    lines.main()
