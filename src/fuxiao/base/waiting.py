"""Which data an indicator waits for, in words: the same on every face."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from fuxiao.base.wording import say
from fuxiao.engine.fact_tables import CLOCKS, FACT_TABLES, FLAGS, FactColumn, FactTable


def wanting(columns: Sequence[str], lang: str) -> tuple[str, ...]:
    """What is missing, in words: a whole table where nothing of it is there, else the meaning of each column.

    ``columns`` are written ``table.column``, as ``metrics.availability.available`` answers.
    """
    found: dict[str, None] = {}
    for table, column in (each.split(".", 1) for each in columns):
        declared = FACT_TABLES[table]
        whole = f"{table}.{declared.anchors[0]}_month" in columns
        words = _named(declared, lang) if whole else _meaning(table, column, lang)
        if words:
            found[words] = None
    return tuple(found)


def waiting_groups(missing: Mapping[str, Sequence[str]], lang: str) -> list[tuple[tuple[str, ...], list[str]]]:
    """The codes that wait, by what they wait for; what most wait for comes first."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for code, columns in sorted(missing.items()):
        groups.setdefault(wanting(columns, lang), []).append(code)
    return sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))


def column_words(table: str, column: str, lang: str) -> str:
    """The meaning of a column of a fact table, without the remarks behind it; the name itself for an own dimension."""
    declared = FACT_TABLES[table].column(column)
    words = column if declared is None else _named(declared, lang)
    return re.split("[;；（]", words)[0].strip()


def _named(declared: FactTable | FactColumn, lang: str) -> str:
    return declared.zh if lang == "zh" else declared.en


def _meaning(table: str, column: str, lang: str) -> str:
    base = column.removesuffix("_month").removesuffix("_day")
    if base in FLAGS:
        return ""
    if base != column:
        return say(f"anchor.{base}", lang)
    for clock in CLOCKS:
        base = base.removesuffix(f"_{clock}")
    return column_words(table, base, lang)
