"""What order-intake, page-through-query and map-items must do, on each interpreter.

A module mixes these into its tests. It adds `dynamodb` (a client), `interpreter`, `wire`, `meeting_point` (the wire's name for
the write of map-items), and `throttle` and `lose_answer`. These two make one invocation of a function end that way.
"""

import random

from statemachines import STATE_BYTES, make_table, sample


def numbers(items, name):
    return [int(item[name]) for item in items]


class OrderIntake:
    def take(self, customer, order_id, **more):
        given = sample("order-intake")
        given["order"] |= {"customerId": customer, "orderId": order_id} | more
        return self.interpreter.run("order-intake", given)

    def stored(self, customer, order_id):
        key = {"customerId": {"S": customer}, "orderId": {"N": str(order_id)}}
        return self.dynamodb.get_item(TableName="Orders", Key=key, ConsistentRead=True)["Item"]

    def test_order_intake_takes_an_order_and_lists_the_customers(self):
        self.take("a-success", 1)
        done = self.take("a-success", 2)
        self.assertEqual(done.status, "SUCCEEDED", done.cause)
        self.assertEqual(set(done.output), {"outcome", "orderId", "orders"})
        self.assertEqual((done.output["outcome"], done.output["orderId"]), ("taken", 2))
        self.assertEqual(numbers(done.output["orders"], "orderId"), [2, 1], "newest first")
        self.assertEqual(done.output["orders"][0]["lines"], [{"sku": "A-1", "quantity": 2}])
        item = self.stored("a-success", 2)
        self.assertEqual(item["takenBy"], {"S": done.arn})
        # Text with a type: every digit is there.
        self.assertEqual(item["total"], {"N": "1234567890123456789.5"})

    def test_order_intake_leaves_an_order_that_was_taken_before(self):
        first = self.take("a-before", 1, total="1")
        second = self.take("a-before", 1, total="2")
        self.assertEqual(second.status, "SUCCEEDED", second.cause)
        self.assertEqual(second.output["outcome"], "takenBefore")
        self.assertEqual(second.task_errors(), ["ConditionalCheckFailedException"], "no retry")
        self.assertIn("TakenBefore", second.entered())
        item = self.stored("a-before", 1)
        self.assertEqual((item["takenBy"], item["total"]), ({"S": first.arn}, {"N": "1"}))

    def test_order_intake_tries_again_when_throttled(self):
        fault = self.throttle("create-item")
        done = self.take("a-throttled", 1)
        self.assertEqual(fault.left, 0, "no call was refused")
        self.assertEqual(done.status, "SUCCEEDED", done.cause)
        self.assertEqual(done.task_errors(), ["ProvisionedThroughputExceededException"])
        self.assertEqual((done.output["outcome"], numbers(done.output["orders"], "orderId")), ("taken", [1]))

    def test_order_intake_knows_its_own_order_when_an_answer_is_lost(self):
        fault = self.lose_answer("create-item")
        done = self.take("a-lost", 1)
        self.assertEqual(fault.left, 0, "no answer was lost")
        self.assertEqual(done.status, "SUCCEEDED", done.cause)
        self.assertEqual(done.task_errors(), ["OutcomeUnknown"])
        self.assertEqual((done.output["outcome"], numbers(done.output["orders"], "orderId")), ("taken", [1]))

    def test_order_intake_catches_what_the_function_finds_wrong_and_what_DynamoDB_does(self):
        for order, error, said in [
            ({"order_id": 1, "total": "twelve"}, "InvalidInput", "item.total"),
            ({"order_id": "one"}, "ValidationException", "orderId"),
        ]:
            done = self.take("a-invalid", **order)
            self.assertEqual(done.status, "SUCCEEDED", done.cause)
            self.assertEqual((done.output["outcome"], done.output["orderId"]), ("wrong", order["order_id"]))
            self.assertEqual(done.output["error"]["errorType"], error)
            self.assertIn(said, done.output["error"]["errorMessage"])
            self.assertEqual(done.task_errors(), [error], "no retry")


class PageThroughQuery:
    # Orders are filled with characters of one byte, of more bytes in JSON, and of more bytes in UTF-8.
    alphabet = 'a"\né'

    def pages(self, customer, machine="page-through-query"):
        return self.interpreter.run(machine, sample("page-through-query") | {"customerId": customer})

    def fill(self, customer, sizes):
        """Orders with notes of so many bytes."""
        dice = random.Random(customer)
        for order_id, size in enumerate(sizes):
            note = "".join(dice.choice(self.alphabet) for _ in range(64))
            note *= size // len(note.encode()) + 1
            item = {"customerId": {"S": customer}, "orderId": {"N": str(order_id)}, "note": {"S": note}}
            self.dynamodb.put_item(TableName="Orders", Item=item)

    def test_page_through_query_loses_nothing_and_repeats_nothing(self):
        sizes = [9_000] * 70 + [120_000] * 3 + [500] * 40
        self.fill("b-many", sizes)
        done = self.pages("b-many")
        self.assertEqual(done.status, "SUCCEEDED", done.cause)
        pages = [output["Payload"]["data"] for output in done.task_outputs()]
        self.assertGreater(len(pages), 3)
        self.assertEqual(done.output, {"pages": len(pages), "items": len(sizes)})
        items = [item for page in pages for item in page["Items"]]
        self.assertEqual(numbers(items, "orderId"), list(range(len(sizes))), "each once, in order")
        held = list(done.payload_sizes())
        self.assertLess(max(held), STATE_BYTES)
        # Otherwise no page came near the limit.
        self.assertGreater(max(held), 200_000)
        print(f"    {len(sizes)} items in {len(pages)} pages, at most {max(held)} bytes a state")

    def test_page_through_query_ends_where_there_is_nothing(self):
        done = self.pages("b-nobody")
        self.assertEqual(done.output, {"pages": 1, "items": 0}, done.cause)

    def test_page_through_query_names_an_item_that_has_no_room(self):
        self.fill("b-large", [500, 300_000])
        done = self.pages("b-large")
        self.assertEqual((done.status, done.error), ("FAILED", "ResponseTooLarge"))
        self.assertEqual([len(output["Payload"]["data"]["Items"]) for output in done.task_outputs()], [1])


class MapItems:
    def book(self, *lines):
        given = {"lines": [{"sku": sku, "quantity": quantity} for sku, quantity in lines]}
        return self.interpreter.run("map-items", sample("map-items") | given)

    def stock(self, sku, *given):
        """Returns the stock, or sets it."""
        if given:
            self.dynamodb.put_item(TableName="Stock", Item={"sku": {"S": sku}, "stock": {"N": str(given[0])}})
            return None
        return int(self.dynamodb.get_item(TableName="Stock", Key={"sku": {"S": sku}})["Item"]["stock"]["N"])

    def test_map_items_tells_of_each_line_what_became_of_it(self):
        self.stock("c-plenty", 5)
        self.stock("c-few", 1)
        done = self.book(("c-plenty", 2), ("c-few", 2), ("c-none", 1), ("c-plenty", "two"))
        self.assertEqual(done.status, "SUCCEEDED", done.cause)
        self.assertEqual(
            done.output["lines"],
            [
                {"sku": "c-plenty", "outcome": "booked"},
                {"sku": "c-few", "outcome": "notEnough"},
                {"sku": "c-none", "outcome": "notEnough"},
                {"sku": "c-plenty", "outcome": "wrong", "error": "InvalidInput"},
            ],
        )
        self.assertEqual((self.stock("c-plenty"), self.stock("c-few")), (3, 1))

    def test_map_items_tries_a_throttled_line_again_and_books_it_once(self):
        self.stock("c-throttled", 5)
        fault = self.throttle("update-item", b"c-throttled")
        done = self.book(("c-throttled", 2), ("c-none", 1))
        self.assertEqual(fault.left, 0, "no call was refused")
        self.assertEqual(done.output["lines"][0], {"sku": "c-throttled", "outcome": "booked"}, done.cause)
        self.assertIn("ProvisionedThroughputExceededException", done.task_errors())
        self.assertEqual(self.stock("c-throttled"), 3)

    def test_map_items_tries_a_line_again_whose_answer_is_lost_and_books_it_once(self):
        self.stock("c-lost", 5)
        fault = self.lose_answer("update-item", b"c-lost")
        done = self.book(("c-lost", 2))
        self.assertEqual(fault.left, 0, "no answer was lost")
        self.assertEqual(done.output["lines"], [{"sku": "c-lost", "outcome": "booked"}])
        self.assertEqual(done.task_errors(), ["OutcomeUnknown"], "tried again once")
        self.assertEqual(self.stock("c-lost"), 3, "booked once")

    def test_map_items_books_equal_lines_each_for_itself_and_each_execution_anew(self):
        self.stock("c-equal", 9)
        for left in [5, 1]:
            done = self.book(("c-equal", 2), ("c-equal", 2))
            self.assertEqual([line["outcome"] for line in done.output["lines"]], ["booked"] * 2, done.output)
            self.assertEqual(self.stock("c-equal"), left)

    def test_map_items_books_four_lines_at_once_and_no_more(self):
        for number in range(10):
            self.stock(f"c-{number}", 1)
        meeting = self.wire.meet(self.meeting_point, 4)
        done = self.book(*((f"c-{number}", 1) for number in range(10)))
        self.assertEqual([line["outcome"] for line in done.output["lines"]], ["booked"] * 10)
        self.assertEqual([line["sku"] for line in done.output["lines"]], [f"c-{number}" for number in range(10)])
        self.assertEqual(meeting.most, 4)


def make_tables(dynamodb):
    make_table(dynamodb, "Orders", "customerId:S", "orderId:N")
    make_table(dynamodb, "Stock", "sku:S")
