"""Compares computed figures with figures as a book prints them: each to its own number of digits."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any


def check(actual: Any, expected: Any, at: str = "result") -> None:
    """Assert that ``actual`` rounds to ``expected``, digit by digit; mappings and lists are compared part by part.

    Keys of an expected mapping are attributes (or keys) of the actual result.
    """
    if isinstance(expected, dict):
        for key, value in expected.items():
            check(actual[key] if isinstance(actual, dict) else getattr(actual, key), value, f"{at}.{key}")
    elif isinstance(expected, list):
        assert len(actual) == len(expected), f"{at}: {len(actual)} instead of {len(expected)}"
        for place, (one, other) in enumerate(zip(actual, expected, strict=True)):
            check(one, other, f"{at}[{place}]")
    elif isinstance(expected, Decimal):
        assert expected in as_printed(actual, expected), f"{at}: {actual} is not {expected}"
    else:
        assert actual == expected, f"{at}: {actual!r} is not {expected!r}"


def as_printed(actual: Any, like: Decimal) -> set[Decimal]:
    """The figure with as many digits as ``like``, the last one rounded half up and half even."""
    exact = actual if isinstance(actual, Decimal) else Decimal(repr(float(actual)))
    step = Decimal(1).scaleb(int(like.as_tuple().exponent))
    return {exact.quantize(step, ROUND_HALF_UP), exact.quantize(step, ROUND_HALF_EVEN)}
