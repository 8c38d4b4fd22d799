"""All five state machines on ministack."""

import functools
import unittest

import lines
from statemachines import sample
from statemachines_account import ATTEMPTS, Account
from statemachines_cases import MapItems, OrderIntake, PageThroughQuery
from statemachines_wire import change, lose, refuse

# All tests share one, with tables and customers of their own.
account = functools.cache(Account)


class OnMinistack(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.account = account()
        cls.wire, cls.dynamodb, cls.interpreter = cls.account.wire, cls.account.dynamodb, cls.account.interpreter

    def tearDown(self):
        self.wire.heal()


class JsonPath(OrderIntake, PageThroughQuery, MapItems, OnMinistack):
    meeting_point = "TransactWriteItems"
    # A write with a token is a transaction.
    operations = {"create-item": "PutItem", "update-item": "TransactWriteItems"}
    # How often a function sends a write whose answer is lost: with a token, as often as it may; with a condition, once.
    sent = {"create-item": 1, "update-item": ATTEMPTS}

    def throttle(self, function, about=b""):
        answer = refuse("ProvisionedThroughputExceededException")
        return self.wire.fault(self.operations[function], ATTEMPTS, answer, lambda body: about in body)

    def lose_answer(self, function, about=b"", invocations=1):
        times = self.sent[function] * invocations
        return self.wire.fault(self.operations[function], times, lose, lambda body: about in body)

    def test_map_items_says_so_when_every_answer_of_a_line_is_lost_and_has_booked_it_once(self):
        self.stock("c-silent", 5)
        fault = self.lose_answer("update-item", b"c-silent", invocations=4)
        done = self.book(("c-silent", 2))
        self.assertEqual(fault.left, 0)
        self.assertEqual(done.task_errors(), ["OutcomeUnknown"] * 4)
        self.assertEqual(done.output["lines"], [{"sku": "c-silent", "outcome": "unknown", "error": "OutcomeUnknown"}])
        self.assertEqual(self.stock("c-silent"), 3, "booked once")


class CrossAccount(OnMinistack):
    def get(self, secret, **more):
        done = self.interpreter.run("cross-account", sample("cross-account") | {"secretId": f"partner/{secret}"} | more)
        everything = done.everything()
        self.assertIn(f"partner/{secret}", everything)
        for hidden in self.account.hidden:
            self.assertNotIn(hidden, everything)
        return done

    def test_cross_account_reads_their_table_and_shows_no_key(self):
        for secret in ["orders", "own-role"]:
            done = self.get(secret)
            self.assertEqual(done.status, "SUCCEEDED", done.cause)
            self.assertEqual(
                done.output, {"found": True, "order": {"customerId": "C-1", "orderId": 1001, "theirs": True}}
            )
            self.assertEqual(done.task_errors(), [])

    def test_cross_account_tells_that_there_is_no_such_order(self):
        self.assertEqual(self.get("orders", orderId=9).output, {"found": False, "order": None})

    def test_cross_account_catches_a_wrong_external_id(self):
        done = self.get("wrong-id")
        self.assertEqual(done.status, "SUCCEEDED", done.cause)
        self.assertFalse(done.output["found"])
        self.assertEqual(done.output["refused"]["error"], "AccessDenied")
        self.assertIn("STS AssumeRole", done.output["refused"]["message"])
        self.assertEqual(done.task_errors(), ["AccessDenied"], "no retry")

    def test_cross_account_catches_a_table_that_the_role_may_not_read(self):
        done = self.get("orders", tableName="Stock")
        self.assertEqual(done.output["refused"]["error"], "AccessDeniedException", done.cause)
        self.assertIn("DynamoDB GetItem, table `Stock`", done.output["refused"]["message"])


class TableLifecycle(OnMinistack):
    def live(self, item=None):
        given = sample("table-lifecycle")
        done = self.interpreter.run("table-lifecycle", given | {"item": item or given["item"]})
        return done, f"{given['tablePrefix']}-{done.name}"

    def assert_gone(self, table):
        self.assertNotIn(table, self.dynamodb.list_tables()["TableNames"])

    def test_table_lifecycle_waits_for_the_table_and_uses_it_and_deletes_it(self):
        slow = self.wire.fault("DescribeTable", 3, change(lambda told: told["Table"].update(TableStatus="CREATING")))
        done, table = self.live()
        self.assertEqual(slow.left, 0)
        self.assertEqual(done.status, "SUCCEEDED", done.cause)
        self.assertEqual(done.output, {"table": table, "read": {"id": "A-1", "name": "Lamp"}})
        waiting = ["DescribeTable", "IsActive", "Wait"] * 3
        used = ["DescribeTable", "IsActive", "WriteItem", "ReadItem", "DeleteTable", "HasFailed", "Done"]
        self.assertEqual(done.entered(), ["NameTable", "CreateTable", *waiting, *used])
        self.assert_gone(table)

    def test_table_lifecycle_deletes_the_table_when_its_use_fails_and_ends_failed(self):
        done, table = self.live({"noId": 1})
        self.assertEqual((done.status, done.error), ("FAILED", "ValidationException"))
        self.assertIn("DynamoDB PutItem", done.cause)
        self.assertEqual(done.entered()[-4:], ["WriteItem", "DeleteTable", "HasFailed", "Failed"])
        self.assert_gone(table)

    def test_table_lifecycle_deletes_the_table_when_reading_fails(self):
        self.wire.fault("Query", 1, refuse("AccessDeniedException"), lambda body: b"import-" in body)
        done, table = self.live()
        self.assertEqual((done.status, done.error), ("FAILED", "AccessDeniedException"))
        self.assertEqual(done.entered()[-4:], ["ReadItem", "DeleteTable", "HasFailed", "Failed"])
        self.assert_gone(table)

    def test_table_lifecycle_goes_on_with_its_own_table_when_an_answer_is_lost(self):
        self.wire.fault("CreateTable", 1, lose)
        done, table = self.live()
        self.assertEqual(done.status, "SUCCEEDED", done.cause)
        self.assertEqual(done.task_errors(), ["OutcomeUnknown", "ResourceInUseException"])
        self.assertEqual(done.output["table"], table)
        self.assert_gone(table)

    def test_table_lifecycle_takes_a_table_for_deleted_when_the_answer_to_that_is_lost(self):
        self.wire.fault("DeleteTable", 1, lose)
        done, table = self.live()
        self.assertEqual(done.status, "SUCCEEDED", done.cause)
        self.assertEqual(done.task_errors(), ["OutcomeUnknown", "ResourceNotFoundException"])
        self.assert_gone(table)

    def test_table_lifecycle_says_when_there_never_was_a_table(self):
        self.wire.fault("CreateTable", 1, refuse("ValidationException"))
        done, table = self.live()
        self.assertEqual((done.status, done.error), ("FAILED", "ValidationException"))
        self.assertEqual(done.task_errors(), ["ValidationException", "ResourceNotFoundException"])
        self.assert_gone(table)

    def test_table_lifecycle_says_when_a_table_is_left_behind(self):
        self.wire.fault("DeleteTable", 1, refuse("AccessDeniedException"))
        done, table = self.live({"noId": 1})
        self.assertEqual((done.status, done.error), ("FAILED", "TableNotDeleted"))
        self.assertEqual(done.cause, f"{table} is left behind: AccessDeniedException, after ValidationException")
        self.dynamodb.delete_table(TableName=table)

    def test_table_lifecycle_waits_until_a_table_can_be_deleted(self):
        self.wire.fault("DeleteTable", 2, refuse("ResourceInUseException"))
        done, table = self.live()
        self.assertEqual(done.status, "SUCCEEDED", done.cause)
        self.assertEqual(done.task_errors(), ["ResourceInUseException"] * 2)
        self.assert_gone(table)

    def test_table_lifecycle_does_not_wait_for_ever(self):
        creating = change(lambda told: told["Table"].update(TableStatus="CREATING"))
        slow = self.wire.fault("DescribeTable", 60, creating)
        done, table = self.live()
        self.assertEqual(slow.left, 0)
        self.assertEqual((done.status, done.error), ("FAILED", "TableNotActive"))
        self.assertIn(f"{table} is CREATING", done.cause)
        self.assert_gone(table)


if __name__ == "__main__":
    lines.main()
