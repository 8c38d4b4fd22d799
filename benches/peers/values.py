"""Items as JSON: plain or in DynamoDB's format, with sets as arrays."""

import decimal
import json

from boto3.dynamodb.types import TypeDeserializer

_deserialize = TypeDeserializer().deserialize


def plain(item):
    return {name: _deserialize(value) for name, value in item.items()}


def _other(value):
    if isinstance(value, decimal.Decimal):
        return int(value) if value % 1 == 0 else float(value)
    if isinstance(value, set):
        return list(value)
    raise TypeError(type(value))


def text(answer):
    return json.dumps(answer, default=_other)
