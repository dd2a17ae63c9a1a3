"""The high-water mark: the highest value of a column that only grows, and where the next reading begins."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

Mark = dict[str, str]
"""A value as it is kept: what it is, and its text."""


def kept(value: object) -> Mark:
    """The value as plain data; empty where there is none."""
    if value is None:
        return {}
    if isinstance(value, datetime):
        return {"type": "moment", "value": value.isoformat()}
    if isinstance(value, date):
        return {"type": "day", "value": value.isoformat()}
    if isinstance(value, int | float | Decimal):
        return {"type": "number", "value": str(value)}
    return {"type": "text", "value": str(value)}


def read(mark: Mark) -> Any:  # noqa: ANN401 -- a value of another database
    """The value again; ``None`` where there is none."""
    if not mark:
        return None
    text = mark["value"]
    if mark["type"] == "moment":
        return datetime.fromisoformat(text)
    if mark["type"] == "day":
        return date.fromisoformat(text)
    if mark["type"] == "number":
        return Decimal(text) if set(text) & set(".eE") else int(text)
    return text


def begin(mark: Mark, overlap: int) -> Any:  # noqa: ANN401
    """Where to begin reading: the mark less the overlap, which is minutes for moments and days, a count for numbers.

    A moment that is kept as text loses its fraction and zone: shorter, it comes before all of its second.
    """
    value = read(mark)
    if isinstance(value, datetime):
        return value - timedelta(minutes=overlap)
    if isinstance(value, date):
        return value - timedelta(days=-(-overlap // 1440))
    if isinstance(value, int | Decimal):
        return value - overlap
    return _text(value, overlap) if isinstance(value, str) else None


def _text(value: str, overlap: int) -> str:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    earlier = (moment - timedelta(minutes=overlap)).replace(tzinfo=None)
    whole = earlier.isoformat(sep=value[10] if len(value) > 10 else " ", timespec="seconds")
    return whole[: min(len(value), 19)]


def higher(first: Any, second: Any) -> Any:  # noqa: ANN401
    """The greater of two values; the first where they cannot be compared or the second is nothing."""
    if first is None or second is None:
        return second if first is None else first
    try:
        return max(first, second)
    except TypeError:
        return first
