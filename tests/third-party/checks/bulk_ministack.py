"""The state machines for whole tables, run to their ends on ministack with the functions as they are deployed.

MINISTACK_URL is the endpoint of `ministack_distributed_map.py`. BULK_ROWS is the number of rows of the large runs."""

import functools
import json
import os
import time
import unittest

import lines
from bulk_account import BulkAccount
from bulk_machines import BUCKET, definition
from bulk_rows import csv_text, everything, expected, row, typed_json
from statemachines import FOLDER
from statemachines_wire import refuse

ROWS = int(os.environ.get("BULK_ROWS", "5000"))
TYPES = {"age": "N", "balance": "N"}
# All tests share one, with tables and keys of their own.
account = functools.cache(lambda: BulkAccount(os.environ["MINISTACK_URL"]))


class Bulk(unittest.TestCase):
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        cls.account = account()

    def tearDown(self):
        self.account.wire.heal()

    def succeeded(self, done):
        self.assertEqual(done.status, "SUCCEEDED", f"{done.error}: {done.cause}")
        return done.output

    def failed(self, done, error, *causes):
        self.assertEqual((done.status, done.error), ("FAILED", error), f"{done.cause} {done.output}")
        for cause in causes:
            self.assertIn(cause, done.cause)

    def rejected(self, output):
        prefix = output["rejectedRows"].removeprefix(f"s3://{BUCKET}/")
        found = self.account.lines(prefix)
        self.assertEqual(len(found), output["rejected"])
        return found

    def fill(self, table, items):
        if len(items) > 500:
            # load-table is the fastest way here, too.
            key = self.account.put(f"fill/{table}.jsonl", "\n".join(map(typed_json, items)))
            given = {"tableName": table, "prefix": key, "format": "JSONL", "inputFormat": "typed"}
            self.assertEqual(self.succeeded(self.account.run("load-table", given))["written"], len(items))
            return
        for start in range(0, len(items), 25):
            writes = [{"PutRequest": {"Item": item}} for item in items[start : start + 25]]
            self.account.dynamodb.batch_write_item(RequestItems={table: writes})


class Samples(Bulk):
    def test_the_sample_inputs_run(self):
        self.account.make_samples()

        def sample(machine):
            text = (FOLDER / machine / f"{machine}.input.json").read_text(encoding="utf-8")
            return self.succeeded(self.account.run(machine, json.loads(text)))

        self.assertEqual(sample("load-table")["written"], 1_000)
        adults = sum(10 + number % 60 >= 18 for number in range(1_000))
        self.assertEqual(sample("export-table")["items"], adults)
        self.assertEqual(sample("copy-table")["written"], 1_000)
        self.assertEqual(len(self.account.items("Customers", theirs=True)), 1_000)
        self.assertEqual(sample("delete-by-query"), {"dryRun": True, "found": 0, "deleted": 0})


class LoadTable(Bulk):
    def load(self, body, key="id:S", suffix="csv", **more):
        table = self.account.table(*key.split())
        prefix = self.account.put(f"incoming/{table}.{suffix}", body)
        given = {"tableName": table, "prefix": prefix, **more}
        return table, given, self.account.run("load-table", given)

    def test_load_table_writes_every_row_and_names_every_rejected_one_and_may_run_again(self):
        rows = [row(number) for number in range(ROWS)]
        bad = {number: {"age": "old"} for number in range(7, ROWS, 997)} | {11: {"balance": "1e400"}, 12: {"id": ""}}
        given = [row | bad.get(number, {}) for number, row in enumerate(rows)]
        started = time.monotonic()
        table, settings, done = self.load(csv_text(given), itemTypes=TYPES)
        seconds = time.monotonic() - started
        output = self.succeeded(done)
        self.assertEqual((output["rows"], output["failedBatches"], output["superseded"]), (ROWS, 0, 0))
        self.assertEqual((output["written"], output["rejected"]), (ROWS - len(bad), len(bad)))
        items = self.account.items(table)
        self.assertEqual(len(items), ROWS - len(bad))
        for number, good in enumerate(rows):
            if number not in bad:
                self.assertEqual(items[(good["id"],)], expected(good))
        found = self.rejected(output)
        self.assertEqual(sorted(json.dumps(entry["row"]) for entry in found), sorted(json.dumps(given[n]) for n in bad))
        reasons = {entry["row"]["balance"]: entry["reason"] for entry in found}
        self.assertIn("1e400", reasons["1e400"])
        print(f"{ROWS} rows in {seconds:.1f} s, {len(self.account.children(done))} children of the last Map")
        again = self.succeeded(self.account.run("load-table", settings))
        self.assertEqual((again["written"], again["rejected"]), (output["written"], output["rejected"]))
        self.assertEqual(self.account.items(table), items)

    def test_load_table_goes_on_after_it_was_stopped_in_the_middle(self):
        rows = [row(number) for number in range(ROWS)]
        table = self.account.table("id:S")
        prefix = self.account.put(f"incoming/{table}.csv", csv_text(rows))
        given = {"tableName": table, "prefix": prefix, "itemTypes": TYPES, "maxConcurrency": 2}
        arn = self.account.start("load-table", given)
        while self.account.succeeded_batches(arn) < ROWS // 300:
            time.sleep(0.05)
        self.account.states.stop_execution(executionArn=arn)
        self.assertEqual(self.account.wait(arn).status, "ABORTED")
        # The children that were at work end.
        count, before = -1, None
        while count != before:
            before, count = count, len(self.account.items(table))
            time.sleep(1)
        self.assertGreater(count, 0)
        self.assertLess(count, ROWS)
        print(f"stopped after {count} of {ROWS} rows")
        output = self.succeeded(self.account.run("load-table", given))
        self.assertEqual((output["written"], output["rejected"]), (ROWS, 0))
        items = self.account.items(table)
        self.assertEqual(items, {(good["id"],): expected(good) for good in rows})

    def test_load_table_takes_empty_cells_as_asked(self):
        body = "id,age,note\na,,\n"
        table, _, done = self.load(body, itemTypes={"age": "N"})
        self.succeeded(done)
        self.assertEqual(self.account.items(table), {("a",): {"id": {"S": "a"}}})
        table, _, done = self.load(body, emptyValues="keep")
        self.succeeded(done)
        self.assertEqual(self.account.items(table)[("a",)], {"id": {"S": "a"}, "age": {"S": ""}, "note": {"S": ""}})

    def test_load_table_takes_json_lines_and_json_arrays(self):
        rows = [{"id": f"r{n}", "n": n, "deep": {"tags": ["a", None, True]}, "optional": "x"} for n in range(250)]
        rows[3].pop("optional")
        want = {
            (r["id"],): {
                "id": {"S": r["id"]},
                "n": {"N": str(r["n"])},
                "deep": {"M": {"tags": {"L": [{"S": "a"}, {"NULL": True}, {"BOOL": True}]}}},
                **({"optional": {"S": "x"}} if "optional" in r else {}),
            }
            for r in rows
        }
        text = {"JSONL": "\n".join(map(json.dumps, rows)), "JSON": json.dumps(rows)}
        for form, body in text.items():
            table, _, done = self.load(body, suffix=form, format=form, itemTypes={"optional": "S"})
            output = self.succeeded(done)
            self.assertEqual((output["rows"], output["written"]), (250, 250))
            self.assertEqual(self.account.items(table), want)

    def test_load_table_takes_all_objects_under_a_prefix(self):
        table = self.account.table("id:S")
        for part in range(3):
            self.account.put(f"many/{table}/{part}.csv", csv_text([row(part * 100 + n) for n in range(100)]))
        given = {"tableName": table, "prefix": f"many/{table}/", "itemTypes": TYPES}
        self.assertEqual(self.succeeded(self.account.run("load-table", given))["written"], 300)
        self.assertEqual(len(self.account.items(table)), 300)

    def test_load_table_writes_the_last_of_equal_keys_and_counts_the_others(self):
        table, _, done = self.load("id,n\na,1\nb,1\na,2\n", maxConcurrency=1)
        output = self.succeeded(done)
        self.assertEqual((output["written"], output["superseded"], output["rejected"]), (2, 1, 0))
        self.assertEqual(self.account.items(table)[("a",)]["n"], {"S": "2"})

    def test_load_table_reads_quotes_and_ragged_rows_as_the_reader_gives_them(self):
        # The reader fills short rows with empty text and drops what is too much. No function sees that.
        body = 'id,at,note\n"a,b",1,"says ""x""\nand more"\nshort\nlong,3,x,dropped\n'
        table, _, done = self.load(body, key="id:S at:N")
        output = self.succeeded(done)
        self.assertEqual((output["written"], output["rejected"]), (2, 1))
        self.assertEqual(self.account.items(table)[("a,b", "1")]["note"], {"S": 'says "x"\nand more'})
        self.assertEqual(self.account.items(table)[("long", "3")]["note"], {"S": "x"})
        (entry,) = self.rejected(output)
        self.assertEqual(entry["row"], {"id": "short", "at": "", "note": ""})
        self.assertIn("lacks `at`", entry["reason"])

    def test_load_table_fails_with_the_reason_where_no_row_can_be_written(self):
        for body, reason in [
            ("\ufeffid,n\na,1\n", "byte order mark"),
            ("id,n\na,1\n".replace("", "\0")[1:-1], "UTF-16"),
            ("key,n\na,1\n", "lacks `id`"),
        ]:
            _, _, done = self.load(body)
            self.failed(done, "NothingWritten", "all 1 rows were rejected")
            prefix = done.cause.partition(f"s3://{BUCKET}/")[2]
            (entry,) = self.account.lines(prefix)
            self.assertIn(reason, entry["reason"])

    def test_load_table_fails_with_the_reason_where_there_is_nothing_to_load(self):
        for body in ["", "id,n\n"]:
            _, _, done = self.load(body)
            self.failed(done, "NothingToLoad", "no rows")
        given = {"tableName": self.account.table("id:S"), "prefix": "nowhere/"}
        self.failed(self.account.run("load-table", given), "NothingToLoad", "nowhere/")
        self.failed(self.account.run("load-table", given | {"format": "XML"}), "UnknownFormat", "XML")
        nowhere = self.account.make("load-nowhere", definition("load-table", "no-such-bucket"))
        self.failed(self.account.run(nowhere, given), "States.ItemReaderFailed", "no-such-bucket")

    def test_load_table_fails_where_an_input_is_wrong(self):
        body = csv_text([row(n) for n in range(150)])
        _, _, done = self.load(body, itemTypes=TYPES | {"aeg": "N"})
        self.failed(done, "States.ExceedToleratedFailureThreshold")
        for child in self.account.children(done):
            told = self.account.states.describe_execution(executionArn=child["executionArn"])
            self.assertEqual(told["error"], "InvalidInput")
            self.assertIn("itemTypes.aeg", told["cause"])

    def test_load_table_tells_how_many_batches_failed_where_that_is_tolerated(self):
        denied = refuse("AccessDeniedException")
        self.account.wire.fault("BatchWriteItem", 100, denied, lambda body: b"row-00000150" in body)
        table, _, done = self.load(csv_text([row(n) for n in range(300)]), itemTypes=TYPES, toleratedFailurePercentage=50)
        output = self.succeeded(done)
        self.assertEqual(output["failedBatches"], 1)
        self.assertGreaterEqual(output["written"], 200)
        self.assertEqual(len(self.account.items(table)), 300 - 25)

    def test_load_table_waits_for_a_throttled_table_and_loses_nothing(self):
        slow = refuse("ProvisionedThroughputExceededException")
        fault = self.account.wire.fault("BatchWriteItem", 60, slow)
        table, _, done = self.load(csv_text([row(n) for n in range(200)]), itemTypes=TYPES)
        self.assertEqual(self.succeeded(done)["written"], 200)
        self.assertEqual(fault.left, 0)
        self.assertEqual(len(self.account.items(table)), 200)

    def test_load_table_keeps_to_a_capacity(self):
        started = time.monotonic()
        table, _, done = self.load(
            csv_text([row(n) for n in range(400)]), itemTypes=TYPES, maxConcurrency=1, maxCapacityPerSecond=100
        )
        self.assertEqual(self.succeeded(done)["written"], 400)
        # Each batch of 100 rows has a capacity of 100, and a budget of its own.
        self.assertGreater(time.monotonic() - started, 2)
        self.assertEqual(len(self.account.items(table)), 400)

    def test_load_table_refuses_a_row_that_no_state_holds(self):
        # On AWS, the reader refuses it.
        _, _, done = self.load(json.dumps({"id": "a", "big": "x" * 410_000}), suffix="jsonl", format="JSONL")
        self.failed(done, "States.DataLimitExceeded")

    def test_load_table_takes_a_row_that_is_larger_than_a_batch(self):
        rows = [{"id": "a", "big": "x" * 200_000}, {"id": "b"}]
        table, _, done = self.load("\n".join(map(json.dumps, rows)), suffix="jsonl", format="JSONL")
        self.assertEqual(self.succeeded(done)["written"], 2)
        self.assertEqual(len(self.account.items(table)), 2)


class ExportTable(Bulk):
    def test_export_table_takes_out_what_load_table_puts_in_to_the_last_digit(self):
        table = self.account.table("id:S", "at:N")
        items = [everything(number) for number in range(ROWS)]
        self.fill(table, items)
        started = time.monotonic()
        done = self.account.run("export-table", {"tableName": table, "totalSegments": 7, "consistentRead": True})
        seconds = time.monotonic() - started
        output = self.succeeded(done)
        self.assertEqual((output["items"], output["scanned"], output["missing"]), (ROWS, ROWS, []))
        self.assertEqual(output["load"]["format"], "JSONL")
        self.assertEqual(len(self.account.lines(output["load"]["prefix"])), ROWS)
        print(f"{ROWS} items in {seconds:.1f} s, {output['pages']} pages")
        pages = {"prefix": f"{output['folder']}/pages/", "format": "JSON", "inputFormat": "typed"}
        for source in [output["load"], pages]:
            other = self.account.table("id:S", "at:N")
            loaded = self.succeeded(self.account.run("load-table", {"tableName": other, **source}))
            self.assertEqual((loaded["written"], loaded["rejected"]), (ROWS, 0))
            self.assertEqual(self.account.items(other), self.account.items(table))

    def test_export_table_takes_a_filter_and_a_projection(self):
        table = self.account.table("id:S", "at:N")
        self.fill(table, [everything(number) for number in range(100)])
        given = {
            "tableName": table,
            "totalSegments": 3,
            "filterExpression": "#n < :n",
            "expressionAttributeNames": {"#n": "at"},
            "expressionAttributeValues": {":n": 10},
            "projectionExpression": "id, #n",
        }
        output = self.succeeded(self.account.run("export-table", given))
        self.assertEqual((output["items"], output["scanned"]), (10, 100))
        found = self.account.lines(output["load"]["prefix"])
        self.assertEqual({tuple(sorted(item)) for item in found}, {("at", "id")})

    def test_export_table_goes_on_by_segment_under_the_same_id(self):
        table = self.account.table("id:S", "at:N")
        self.fill(table, [everything(number) for number in range(200)])
        given = {"tableName": table, "totalSegments": 4, "exportId": f"resumed-{table}"}
        self.account.wire.fault("Scan", 1, refuse("AccessDeniedException"), lambda body: b'"Segment":2' in body)
        self.failed(self.account.run("export-table", given), "States.ExceedToleratedFailureThreshold")
        output = self.succeeded(self.account.run("export-table", given | {"segments": [2]}))
        self.assertEqual(output["missing"], [])
        other = self.account.table("id:S", "at:N")
        loaded = self.succeeded(self.account.run("load-table", {"tableName": other, **output["load"]}))
        self.assertEqual((loaded["rows"], loaded["written"]), (200, 200))
        self.assertEqual(self.account.items(other), self.account.items(table))
        self.account.wire.fault("Scan", 1, refuse("AccessDeniedException"), lambda body: b'"Segment":1' in body)
        tolerant = given | {"toleratedFailurePercentage": 30, "exportId": f"tolerant-{table}"}
        output = self.succeeded(self.account.run("export-table", tolerant))
        self.assertEqual((output["missing"], output["load"]["format"]), ([1], "JSON"))

    def test_export_table_of_an_empty_table_has_no_items(self):
        output = self.succeeded(self.account.run("export-table", {"tableName": self.account.table("id:S")}))
        self.assertEqual((output["items"], output["totalSegments"], output["missing"]), (0, 1, []))

    def test_export_table_names_an_item_that_no_state_holds(self):
        table = self.account.table("id:S")
        self.fill(table, [{"id": {"S": "big"}, "x": {"S": "x" * 300_000}}])
        done = self.account.run("export-table", {"tableName": table, "totalSegments": 1})
        self.failed(done, "States.ExceedToleratedFailureThreshold")
        (child,) = self.account.children(done)
        self.assertEqual(
            self.account.states.describe_execution(executionArn=child["executionArn"])["error"], "ResponseTooLarge"
        )


class CopyTable(Bulk):
    def test_copy_table_copies_into_another_account(self):
        source, target = self.account.table("id:S", "at:N"), self.account.table("id:S", "at:N", theirs=True)
        self.fill(source, [everything(number) for number in range(ROWS)])
        given = {
            "source": {"tableName": source, "connection": None},
            "target": {"tableName": target, "connection": self.account.connection},
            "totalSegments": 5,
        }
        started = time.monotonic()
        output = self.succeeded(self.account.run("copy-table", given))
        print(f"{ROWS} items in {time.monotonic() - started:.1f} s, {output['pages']} pages")
        self.assertEqual((output["read"], output["written"], output["rejected"], output["missing"]), (ROWS, ROWS, 0, []))
        self.assertEqual(self.account.items(target, theirs=True), self.account.items(source))

    def test_copy_table_writes_rejected_items_with_their_reasons_and_waits_for_the_target(self):
        source, target = self.account.table("id:S"), self.account.table("id:S", "at:N")
        items = [{"id": {"S": f"i{n}"}, **({} if n in (3, 4) else {"at": {"N": str(n)}})} for n in range(50)]
        self.fill(source, items)
        slow = refuse("ProvisionedThroughputExceededException")
        fault = self.account.wire.fault("BatchWriteItem", 40, slow)
        given = {"source": {"tableName": source}, "target": {"tableName": target}, "totalSegments": 2}
        output = self.succeeded(self.account.run("copy-table", given))
        self.assertEqual(fault.left, 0)
        self.assertEqual((output["written"], output["rejected"]), (48, 2))
        stored = self.account.objects(output["rejectedRows"].removeprefix(f"s3://{BUCKET}/")).values()
        entries = [entry for text in stored for entry in json.loads(text)]
        self.assertEqual({entry["row"]["id"]["S"] for entry in entries}, {"i3", "i4"})
        self.assertIn("lacks `at`", entries[0]["reason"])

    def test_copy_table_sends_items_through_a_function(self):
        code = (
            "def handler(event, context):\n"
            "    kept = [item for item in event['items'] if int(item['n']['N']) % 2 == 0]\n"
            "    return {'items': [{**item, 'copied': {'BOOL': True}} for item in kept]}\n"
        )
        arn = self.account.python_function("halve", code)
        source, target = self.account.table("id:S"), self.account.table("id:S")
        self.fill(source, [{"id": {"S": f"i{n}"}, "n": {"N": str(n)}} for n in range(100)])
        given = {
            "source": {"tableName": source},
            "target": {"tableName": target},
            "totalSegments": 2,
            "transformFunction": arn,
        }
        output = self.succeeded(self.account.run("copy-table", given))
        self.assertEqual((output["read"], output["written"]), (100, 50))
        items = self.account.items(target)
        self.assertEqual(items[("i4",)], {"id": {"S": "i4"}, "n": {"N": "4"}, "copied": {"BOOL": True}})


class DeleteByQuery(Bulk):
    def filled(self, count):
        table = self.account.table("id:S", "at:N")
        self.fill(table, [{"id": {"S": f"c{n % 10}"}, "at": {"N": str(n)}, "old": {"BOOL": n % 3 == 0}} for n in range(count)])
        return table

    def test_delete_by_query_counts_first_and_deletes_only_when_told(self):
        table = self.filled(ROWS)
        given = {"tableName": table, "filterExpression": "old = :t", "expressionAttributeValues": {":t": True}}
        old = (ROWS + 2) // 3
        output = self.succeeded(self.account.run("delete-by-query", given | {"totalSegments": 4}))
        self.assertEqual(output, {"dryRun": True, "found": old, "deleted": 0})
        self.assertEqual(len(self.account.items(table)), ROWS)
        done = self.account.run("delete-by-query", given | {"dryRun": False, "atMost": old - 1})
        self.failed(done, "TooMany", f"{old} items were found")
        self.assertEqual(len(self.account.items(table)), ROWS)
        slow = refuse("ProvisionedThroughputExceededException")
        self.account.wire.fault("BatchWriteItem", 30, slow)
        output = self.succeeded(self.account.run("delete-by-query", given | {"dryRun": False, "totalSegments": 4}))
        self.assertEqual(output, {"dryRun": False, "found": old, "deleted": old})
        left = self.account.items(table)
        self.assertEqual(len(left), ROWS - old)
        self.assertFalse(any(item["old"]["BOOL"] for item in left.values()))

    def test_delete_by_query_deletes_what_a_query_finds(self):
        table = self.filled(100)
        given = {
            "tableName": table,
            "keyConditionExpression": "id = :id AND #at < :at",
            "filterExpression": "old = :t",
            "expressionAttributeNames": {"#at": "at"},
            "expressionAttributeValues": {":id": "c0", ":at": 50, ":t": True},
            "dryRun": False,
        }
        output = self.succeeded(self.account.run("delete-by-query", given))
        self.assertEqual(output, {"dryRun": False, "found": 2, "deleted": 2})
        self.assertEqual({("c0", str(n)) for n in (0, 30)} & set(self.account.items(table)), set())
        self.assertEqual(len(self.account.items(table)), 98)

    def test_delete_by_query_refuses_to_delete_everything(self):
        done = self.account.run("delete-by-query", {"tableName": self.filled(10), "dryRun": False})
        self.failed(done, "NoCondition", "every item would be deleted")


if __name__ == "__main__":
    lines.main()
