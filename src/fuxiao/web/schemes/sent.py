"""What a form sent, as the plain values of a definition: each field is named by its path, ``items[2].curve.floor``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from fuxiao.core.numbers import written_number

STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
TEXTS = frozenset({
    "scheme", "version", "zh", "en", "cycle", "small_sample", "ranks", "kind", "event", "mode", "grade", "indicator",
    "type", "scope", "dimension", "counter_in", "counter_waived", "note", "better", "rounding", "side",
    "code", "dataset", "period", "credit", "unit", "direction", "statistic", "value", "column", "op", "join", "rows",
    "expected", "where", "rated_by", "roles", "name", "numerator", "denominator", "measure", "counter", "reason", "valid_from", "valid_to", "who",
})  # fmt: skip
FLAGS = frozenset({"front_line", "tenure", "of_norm", "subjective", "normalise", "enabled", "calibrate"})
TABLES = frozenset({"table"})
MOST_ROWS = 60


def plain_of(sent: Iterable[tuple[str, object]]) -> dict[str, Any]:
    """Nested values from named fields; empty fields and rows are left out, what is no number stays as it was written."""
    tree: dict[str | int, Any] = {}
    for name, text in sent:
        steps = [key or int(place) for key, place in STEP.findall(name)]
        if steps and all(not isinstance(step, int) or step < MOST_ROWS for step in steps):
            _put(tree, steps, str(text))
    made = _rows(tree)
    return made if isinstance(made, dict) else {}


def _put(tree: dict[str | int, Any], steps: list[str | int], text: str) -> None:
    *above, last = steps
    for step in above:
        inner = tree.setdefault(step, {})
        if not isinstance(inner, dict):
            return
        tree = inner
    value = value_of(str(last), text)
    if value is not None:
        tree[last] = value


def value_of(name: str, text: str) -> object:
    """One field; ``None`` for an empty one."""
    bare = text.replace("\r\n", "\n").strip()
    if not bare:
        return None
    if name in FLAGS:
        return bare in ("true", "on")
    if name in TABLES:
        return tiers_of(bare)
    return bare if name in TEXTS else number_of(bare)


def number_of(text: str) -> Decimal | str:
    """A number, also with a full-width or thousands comma or a percent sign; the text where it is none."""
    number = written_number(text.replace(",", "").replace("，", "").rstrip("%％ "))
    return text if number is None or number.copy_abs() >= Decimal(10) ** 15 else number


def tiers_of(text: str) -> dict[Decimal | str, Decimal | str]:
    """Bounds and points as people write them: ``98: 100, 95: 90`` or a line each."""
    pairs = (pair.partition(":") for pair in re.split(r"[,，;；\n]+", text.replace("：", ":")) if pair.strip())
    return {number_of(bound.strip()): number_of(points.strip()) for bound, _, points in pairs}


def tiers_text(table: object) -> str:
    """The same for a field."""
    if not isinstance(table, Mapping):
        return "" if table is None else str(table)
    return ", ".join(f"{bound}: {points}" for bound, points in table.items())


def _rows(tree: Any) -> Any:
    """Tables whose names are all places become lists; digits as names of a table become numbers."""
    if not isinstance(tree, dict):
        return tree
    made = {key: _rows(each) for key, each in tree.items()}
    kept = {key: each for key, each in made.items() if each not in ({}, [])}
    if kept and all(isinstance(key, int) for key in kept):
        return [kept[key] for key in sorted(kept)]
    return {
        int(key) if isinstance(key, str) and key.isdecimal() and key.isascii() else key: e for key, e in kept.items()
    }
