"""TOML that people write: what its reader breaks on is refused like what is no TOML at all."""

from __future__ import annotations

import tomllib
from typing import Any

from fuxiao.base.fast_yaml import DEEPEST


def load_toml(text: str) -> dict[str, Any]:
    """The plain data of a TOML text; raises ``tomllib.TOMLDecodeError`` for what cannot be read, is nested beyond what
    a person writes, or has a number beyond all measure."""
    try:
        found = tomllib.loads(text)
    except RecursionError as error:
        raise _too_deep() from error
    except tomllib.TOMLDecodeError:
        raise
    except ValueError as error:  # Python's own limit on the digits of a whole number
        raise tomllib.TOMLDecodeError("a number with thousands of digits; write a shorter one") from error
    level: list[object] = [found]
    for _ in range(DEEPEST):
        level = [inner for each in level for inner in _inside(each)]
        if not level:
            return found
    raise _too_deep()


def _inside(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _too_deep() -> tomllib.TOMLDecodeError:
    return tomllib.TOMLDecodeError(f"more than {DEEPEST} levels inside each other; write it flatter")
