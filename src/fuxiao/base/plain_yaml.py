"""Plain values written as YAML that a person can read and edit: short things on one line, long ones line by line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

WIDTH = 110
BARE = re.compile(r"[A-Za-z_\u4e00-\u9fff][\w\u4e00-\u9fff /.·-]*", re.ASCII)
WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})


def plain_yaml(value: Mapping[str, object] | Sequence[object]) -> str:
    """The text of a definition; reading it with ``load_exact`` gives the same values back."""
    return "\n".join(_block(value, 0)) + "\n"


def _block(value: object, indent: int) -> Iterator[str]:
    """Lines of a mapping or list that does not fit on one."""
    pad = " " * indent
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _entry(f"{pad}{_key(key)}:", each, indent)
    elif isinstance(value, Sequence):
        for each in value:
            yield from _entry(f"{pad}-", each, indent)


def _entry(head: str, value: object, indent: int) -> Iterator[str]:
    flat = flow(value)
    if not isinstance(value, Mapping | list | tuple) or not value or _is_short(value, head, flat):
        yield f"{head} {flat}"
    elif head.endswith("-"):
        first, *rest = _block(value, indent + 2)
        yield f"{head} {first.lstrip()}"
        yield from rest
    else:
        yield head
        yield from _block(value, indent + 2)


def _is_short(value: object, head: str, flat: str) -> bool:
    """Whether it stays on its line: it fits, and is no list of tables, which are read below each other."""
    tables = isinstance(value, list | tuple) and any(isinstance(each, Mapping) for each in value)
    return not tables and not _holds_tables(value) and len(head) + len(flat) < WIDTH


def _holds_tables(value: object) -> bool:
    return isinstance(value, Mapping) and any(isinstance(each, list | tuple) and each for each in value.values())


def flow(value: object) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return "null"
    if isinstance(value, Decimal | float):
        return f"{Decimal(str(value)):f}"
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, int) else _text(str(value))


def _key(key: object) -> str:
    return f"{key:f}" if isinstance(key, Decimal) else str(key) if isinstance(key, int) else _text(str(key))


def _text(text: str) -> str:
    """Bare where YAML cannot take it for something else, quoted otherwise."""
    bare = BARE.fullmatch(text) and text.casefold() not in WORDS and not text.endswith(" ")
    return text if bare else json.dumps(text, ensure_ascii=False)
