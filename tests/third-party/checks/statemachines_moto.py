"""order-intake, page-through-query and map-items on moto's interpreter, which invokes the functions behind
`cargo run -- serve`. MOTO_URL is the interpreter's endpoint, DYNAMODB_URL the database's, LAMBDA_URL that of the functions. The
interpreter invokes them through a proxy on INVOKE_PORT, which this starts."""

import json
import os
import unittest
import urllib.request

import lines
from statemachines import ACCOUNT, Interpreter, client, definition
from statemachines_cases import MapItems, OrderIntake, PageThroughQuery, make_tables
from statemachines_wire import Wire, fail


class OnMoto(OrderIntake, PageThroughQuery, MapItems, unittest.TestCase):
    maxDiff = None
    meeting_point = "update-item"
    # This interpreter counts escapes such as \\u00e9 for the size of a state. Step Functions counts UTF-8.
    alphabet = 'a"\n'

    @classmethod
    def setUpClass(cls):
        cls.wire = Wire(os.environ["LAMBDA_URL"], int(os.environ["INVOKE_PORT"]))
        cls.dynamodb = client("dynamodb", os.environ["DYNAMODB_URL"], "local", "local")
        make_tables(cls.dynamodb)
        # Without this setting, moto does not run executions.
        settings = json.dumps({"stepfunctions": {"execute_state_machine": True}}).encode()
        urllib.request.urlopen(f"{os.environ['MOTO_URL']}/moto-api/config", settings, timeout=10).close()
        cls.interpreter = Interpreter(os.environ["MOTO_URL"], f"arn:aws:iam::{ACCOUNT}:role/state-machines")

    def tearDown(self):
        self.wire.heal()

    def throttle(self, function, about=b""):
        answer = fail("ProvisionedThroughputExceededException")
        return self.wire.fault(function, 1, answer, lambda body: about in body)

    def lose_answer(self, function, about=b""):
        def act(forward):
            forward()
            return fail("OutcomeUnknown")(forward)

        return self.wire.fault(function, 1, act, lambda body: about in body)

    def test_page_through_query_would_not_fit_into_a_state_without_its_limit(self):
        text = definition("page-through-query").replace('"maxResponseBytes": 240000', '"maxResponseBytes": 600000')
        self.interpreter.make("without-limit", text)
        self.fill("b-without-limit", [9_000] * 50)
        done = self.pages("b-without-limit", "without-limit")
        self.assertEqual((done.status, done.error), ("FAILED", "States.DataLimitExceeded"))


if __name__ == "__main__":
    lines.main()
