"""An indicator put together from choices: columns, operators and values become the expressions of a definition."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from fuxiao.engine.fact_tables import FactColumn, FactTable, Kind

Plain = Mapping[str, Any]
OPERATORS: Mapping[Kind, tuple[str, ...]] = {
    Kind.FLAG: ("yes", "no", "known"), Kind.TEXT: ("=", "!=", "in", "starts", "known", "unknown"),
    Kind.INTEGER: ("=", "!=", ">", ">=", "<", "<=", "between", "known", "unknown"),
    Kind.NUMBER: ("=", "!=", ">", ">=", "<", "<=", "between", "known", "unknown"),
    Kind.DURATION: (">", ">=", "<", "<=", "between", "known", "unknown"), Kind.MONEY: ("known", "unknown"),
    Kind.MOMENT: ("known", "unknown"), Kind.DAY: ("known", "unknown"),
}  # fmt: skip
"""What can be asked of a column of each kind."""
PARTS = (
    "code", "name", "plain", "kind", "unit", "direction", "minimum", "maturation", "dataset", "period", "credit",
    "exclusions", "counter", "gaming",
)  # fmt: skip
DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(d|天|h|小时|min|分钟|分|s|秒)?")
LENGTHS = {"d": "d", "天": "d", "h": "h", "小时": "h", "min": "min", "分钟": "min", "分": "min", "s": "s", "秒": "s"}


def definition_of(recipe: Plain, table: FactTable | None) -> dict[str, Any]:
    """The raw definition that a recipe stands for, ready for ``read_indicator``; what is missing stays missing.

    ``statistic`` is ``count``, ``sum``, ``mean``, ``median``, ``p90`` or ``ratio``. ``where`` (and ``top`` of a ratio)
    are conditions: ``{join, groups: [{join, rows: [{column, op, value}]}]}``. With ``mode: formula`` the texts under
    ``formula`` are taken as they are.
    """
    made: dict[str, Any] = {name: recipe[name] for name in PARTS if recipe.get(name) not in (None, "", [], {})}
    if recipe.get("mode") == "formula":
        made |= {name: text for name, text in (recipe.get("formula") or {}).items() if text}
        return made
    where = expression_of(recipe.get("where"), table)
    made |= {"where": where} if where else {}
    statistic = recipe.get("statistic") or "count"
    if statistic == "ratio":
        every = _every_row(table)
        return made | {"numerator": expression_of(recipe.get("top"), table) or every, "denominator": every}
    measure = "1" if statistic == "count" else recipe.get("value") or ""
    return made | {"measure": measure, "statistic": statistic}


def _every_row(table: FactTable | None) -> str:
    """A condition that every row of the table meets: it has its own number."""
    known = [name for name in (table.id if table else ()) if table and table.column(name)]
    return f"{known[0]} is not null" if known else "true"


def expression_of(conditions: object, table: FactTable | None) -> str:
    """Conditions as an expression; empty where there are none."""
    if not isinstance(conditions, Mapping):
        return ""
    groups = [_group(group, table) for group in conditions.get("groups") or [] if isinstance(group, Mapping)]
    return _joined([group for group in groups if group], str(conditions.get("join") or "and"))


def _group(group: Plain, table: FactTable | None) -> str:
    rows = [_row(row, table) for row in group.get("rows") or [] if isinstance(row, Mapping) and row.get("column")]
    return _joined([row for row in rows if row], str(group.get("join") or "and"))


def _joined(parts: Sequence[str], join: str) -> str:
    word = " or " if join == "or" else " and "
    return parts[0] if len(parts) == 1 else word.join(f"({part})" for part in parts)


def _row(row: Plain, table: FactTable | None) -> str:
    name, op, value = str(row["column"]), str(row.get("op") or ""), str(row.get("value") or "").strip()
    column = table.column(name) if table else None
    kind = column.kind if column else Kind.TEXT
    plain = {"yes": name, "no": f"not {name}", "known": f"{name} is not null", "unknown": f"{name} is null"}
    if op in plain:
        return plain[op]
    if op == "starts":
        return f"starts_with({name}, {literal(value, kind)})"
    if op == "in":
        return f"{name} in ({', '.join(literal(each, kind) for each in listed(value))})"
    if op == "between":
        low, _, high = value.replace("～", "-").replace("~", "-").partition("-")
        return f"{name} between {literal(low, kind)} and {literal(high, kind)}"
    return f"{name} {op or '='} {literal(value, kind)}"


def listed(value: str) -> list[str]:
    """Several values as people write them."""
    return [part.strip() for part in re.split(r"[,，、;；\n]+", value) if part.strip()]


def literal(value: str, kind: Kind) -> str:
    """A value as an expression writes it; minutes where a duration names no unit."""
    bare = value.strip()
    if kind is Kind.DURATION and (found := DURATION.fullmatch(bare)):
        return f"{found[1]} {LENGTHS[found[2] or 'min']}"
    if kind in (Kind.INTEGER, Kind.NUMBER) and re.fullmatch(r"-?\d+(\.\d+)?", bare):
        return bare
    return "'" + bare.replace("'", "''") + "'"


def columns_of(table: FactTable) -> list[FactColumn]:
    """The columns that conditions can be about: declared ones, then the organisation's own."""
    own = (FactColumn(name, Kind.TEXT, name, name) for name in sorted(table.dimensions))
    return [*table.columns.values(), *own]


def measurable(table: FactTable) -> list[FactColumn]:
    """The columns that can be added up or averaged."""
    kinds = (Kind.INTEGER, Kind.NUMBER, Kind.MONEY, Kind.DURATION)
    return [column for column in table.columns.values() if column.kind in kinds]


def example_rows(text: str) -> Iterator[dict[str, str]]:
    """Rows of an example as people paste them: a line of column names, then a line a row."""
    lines = [line for line in text.replace("\r", "").split("\n") if line.strip()]
    if not lines:
        return
    split = "\t" if "\t" in lines[0] else ","
    names = [name.strip() for name in lines[0].replace("，", ",").split(split)]
    for line in lines[1:]:
        cells = [cell.strip() for cell in line.replace("，", ",").split(split)]
        yield dict(zip(names, cells, strict=False))


def cell_of(text: str, kind: Kind) -> object:
    """A cell of an example in its column's type; durations in minutes unless they say otherwise."""
    if not text:
        return None
    if kind is Kind.FLAG:
        return text.casefold() in ("1", "true", "yes", "是", "y")
    if kind is Kind.DURATION and (found := DURATION.fullmatch(text)):
        seconds = {"d": 86_400, "h": 3_600, "min": 60, "s": 1}[LENGTHS[found[2] or "min"]]
        return int(Decimal(found[1]) * seconds)
    if kind is Kind.TEXT:
        return text
    number = Decimal(text)
    return number if kind is Kind.NUMBER else int(number)
