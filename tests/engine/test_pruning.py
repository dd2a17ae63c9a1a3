"""An expression cut down to the columns that are read gives the same rows, and reads no more than it needs."""

from __future__ import annotations

from collections.abc import Callable

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest
from ibis import _

from fuxiao.engine.pruning import Stage, needed, pruned

CASES = {"case_id": ["a", "b", "c"], "owner": ["li", "wang", "li"], "cost": [3, 5, None], "note": ["x", "", "y"]}
NOTES = {"case_id": ["a", "a", "b"], "text": ["p", "q", "r"]}


def tables() -> tuple[ir.Table, ir.Table]:
    cases = ibis.table({"case_id": "string", "owner": "string", "cost": "int64", "note": "string"}, name="cases")
    return cases, ibis.table({"case_id": "string", "text": "string"}, name="notes")


def rows(expr: ir.Table) -> list[tuple[object, ...]]:
    connection = ibis.duckdb.connect()
    for name, columns in (("cases", CASES), ("notes", NOTES)):
        connection.create_table(name, ibis.memtable(pa.table(columns)))
    found = connection.to_pyarrow(expr).to_pylist()
    return sorted((tuple(row[name] for name in sorted(row)) for row in found), key=repr)


def sources(expr: ir.Table) -> dict[str, set[str]]:
    return {name: set(columns) for name, columns in Stage("", expr).sources.items()}


EXPRESSIONS: dict[str, Callable[[ir.Table, ir.Table], ir.Table]] = {
    "filter": lambda cases, _notes: cases.filter(_.owner == "li").mutate(double=_.cost * 2),
    "sort": lambda cases, _notes: cases.order_by("note").mutate(double=_.cost * 2).drop("owner"),
    "window": lambda cases, _notes: cases.mutate(double=_.cost.max().over(ibis.window(group_by="owner"))),
    "count": lambda cases, _notes: cases.group_by("owner").agg(double=_.count(), n=_.count(where=_.note != "")),
    "join": lambda cases, notes: cases.inner_join(notes, "case_id").mutate(double=_.cost * 2),
    "look-up": lambda cases, notes: cases.left_join(notes, "case_id").mutate(double=_.text),
    "union": lambda cases, _notes: cases.union(cases.filter(_.cost > 3)).mutate(double=_.cost * 2),
    "distinct union": lambda cases, _notes: cases.union(cases, distinct=True).mutate(double=_.cost * 2),
    "limit": lambda cases, _notes: cases.order_by("case_id").limit(2).mutate(double=_.cost * 2),
    "array": lambda cases, _notes: cases.select("owner", end=ibis.range(0, 2).unnest()).mutate(double=_.owner),
}


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_a_column_alone_has_the_values_that_it_has_among_the_others(name: str) -> None:
    whole = EXPRESSIONS[name](*tables())
    assert rows(pruned(whole, ["double"])) == rows(whole.select("double"))


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("filter", {"cases": {"owner", "cost"}}),
        ("window", {"cases": {"owner", "cost"}}),
        ("count", {"cases": {"owner"}}),
        ("join", {"cases": {"case_id", "cost"}, "notes": {"case_id"}}),
        ("distinct union", {"cases": {"case_id", "owner", "cost", "note"}}),
    ],
)
def test_nothing_is_read_that_the_rows_do_not_depend_on(name: str, read: dict[str, set[str]]) -> None:
    assert sources(pruned(EXPRESSIONS[name](*tables()), ["double"])) == read


def test_a_look_up_of_which_nothing_is_read_is_left_out() -> None:
    cases, notes = tables()
    said = notes.group_by("case_id").agg(said=_.count())
    looked_up = cases.left_join(said, "case_id").drop("case_id_right")
    assert sources(pruned(looked_up, ["cost"])) == {"cases": {"cost"}}
    assert sources(pruned(looked_up, ["said"])) == {"cases": {"case_id"}, "notes": {"case_id"}}
    assert rows(pruned(looked_up, ["said"])) == [(1,), (2,), (None,)]


def test_a_table_without_any_column_still_has_its_rows() -> None:
    cases, _notes = tables()
    assert rows(pruned(cases.select("note", one=ibis.literal(1)), ["one"])) == [(1,), (1,), (1,)]


def test_only_the_stages_are_kept_that_the_wanted_ones_are_made_of() -> None:
    cases, notes = tables()
    cost = Stage("cost", cases.filter(_.note != "").select("owner", "cost"))
    texts = Stage("texts", notes)
    sums = Stage("sums", cost.read().group_by("owner").agg(most=_.cost.max(), least=_.cost.min()))
    found = needed([cost, texts, sums], {"sums": ["most"]})
    assert [(stage.name, stage.table.columns) for stage in found] == [
        ("cost", ("owner", "cost")),
        ("sums", ("most",)),
    ]
    assert found[0].sources == {"cases": ("owner", "cost", "note")}
