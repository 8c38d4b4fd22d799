"""Compares an answer with the shape that it should have."""

import re


class AtLeast(dict):
    """An object that may have more members than these."""


def differences(expected, answer, path="answer"):
    """What is wrong with the answer, one line each.

    `expected` is a value, a type, a compiled pattern, or an object or a list of these.
    """
    if isinstance(expected, dict):
        if not isinstance(answer, dict):
            return [f"{path}: {answer!r} is not an object"]
        wrong = [f"{path}: there is no `{name}`" for name in expected if name not in answer]
        if not isinstance(expected, AtLeast):
            wrong += [f"{path}: `{name}` should not be there" for name in answer if name not in expected]
        for name in expected.keys() & answer.keys():
            wrong += differences(expected[name], answer[name], f"{path}.{name}")
        return wrong
    if isinstance(expected, list):
        if not isinstance(answer, list) or len(answer) != len(expected):
            return [f"{path}: {answer!r} is not a list of {len(expected)}"]
        pairs = zip(expected, answer)
        return [line for i, pair in enumerate(pairs) for line in differences(*pair, f"{path}[{i}]")]
    if isinstance(expected, re.Pattern):
        fits = isinstance(answer, str) and expected.fullmatch(answer)
        return [] if fits else [f"{path}: {answer!r} does not match {expected.pattern}"]
    if isinstance(expected, type):
        # In Python a boolean is a number.
        fits = isinstance(answer, expected) and (expected is bool or not isinstance(answer, bool))
        return [] if fits else [f"{path}: {answer!r} is no {expected.__name__}"]
    fits = type(expected) is type(answer) and expected == answer
    return [] if fits else [f"{path}: {answer!r} is not {expected!r}"]
