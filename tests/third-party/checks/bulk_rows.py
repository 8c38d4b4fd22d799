"""Rows of a CSV file and items of every type, made from their numbers."""

import base64
import csv
import io
import json

COLUMNS = ["id", "age", "balance", "note"]


def row(number):
    """A row as a CSV file has it: text. Every fifth has an empty cell."""
    return {
        "id": f"row-{number:08}",
        "age": str(number % 120),
        "balance": "" if number % 5 == 0 else f"{number}.12345678901234567890123456789"[:39],
        "note": f'"{number}", says\nthe ö row' if number % 7 == 0 else f"note {number}",
    }


def csv_text(rows):
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def expected(row):
    """The item of a row whose age and balance are numbers, and whose empty cells are left out."""
    types = {"age": "N", "balance": "N"}
    return {name: {types.get(name, "S"): text} for name, text in row.items() if text}


def everything(number):
    """An item with every type."""
    return {
        "id": {"S": f"item-{number % 1000}"},
        "at": {"N": str(number)},
        "digits": {"N": f"{number + 1}234567890123456789012345678.12345678"[:39]},
        "small": {"N": "1E-130"},
        "text": {"S": f'ö "{number}"\n'},
        "empty": {"S": ""},
        "binary": {"B": bytes([number % 256, 0, 255])},
        "flag": {"BOOL": number % 2 == 0},
        "nothing": {"NULL": True},
        "list": {"L": [{"N": str(number)}, {"L": []}, {"M": {"S": {"S": "looks typed"}}}]},
        "strings": {"SS": sorted({"a", f"b{number}"})},
        "numbers": {"NS": sorted({"1", f"{number + 2}"})},
        "binaries": {"BS": [b"\x00\x01"]},
    }


def typed_json(item):
    """An item as boto3 has it, as DynamoDB JSON."""
    return json.dumps(item, default=lambda data: base64.b64encode(data).decode())
