"""Names of people that look like a slip: one person in two spellings, several people in one cell."""

from __future__ import annotations

from collections.abc import Container, Iterator

from fuxiao.datasets.importing import sql
from fuxiao.datasets.importing.fill import Filled
from fuxiao.datasets.importing.quality import Item
from fuxiao.datasets.importing.sql import Connection
from fuxiao.datasets.importing.values import BLANKS, FULL_WIDTH, HALF_WIDTH

PERSONS = {
    "cases": ("owner", "first_responder", "assigned_by"), "case_events": ("actor", "to_person", "owner"),
    "visits": ("engineer", "diagnosed_by"),
    "surveys": ("about_person",), "complaints": ("owner", "cause_person"), "checks": ("person", "checker"),
    "costs": ("proposed_by", "approved_by"), "part_lines": ("requested_by", "picker", "diagnosed_by"),
    "teams": ("lead",), "memberships": ("person",), "attendance": ("person",),
}  # fmt: skip
"""The columns that name a person, by dataset."""
BETWEEN = "[^、；;/&+|\\s]\\s*[、；;/&+|]\\s*[^、；;/&+|\\s]"
"""What stands between two people in one cell. A comma does not: Chen, Jing is one."""


def doubtful_names(connection: Connection, filled: Filled, *, known: Container[str]) -> Iterator[Item]:
    """What to look at among the people of a dataset, by column; nothing is changed, each spelling is a person.

    The names of a column count as often as they stand in it. Headers that are ``known`` were looked at before.
    """
    people = [name for name in PERSONS.get(filled.mapping.dataset, ()) if name in filled.names]
    under = {next(filled.mapping.columns[column].sources(), ""): column for column in reversed(people)}
    for header, column in under.items():
        if not header or header in known:
            continue
        connection.execute(
            f"create or replace temp table people as select {sql.name(column)} as who, count(*) as n "
            f"from {filled.table} where who is not null group by who"
        )
        narrow = f"translate(who, {sql.text(FULL_WIDTH)}, {sql.text(HALF_WIDTH)})"
        bare = f"lower(translate({narrow}, {sql.text(BLANKS)}, ''))"
        twice = f"from people qualify count(*) over (partition by {bare}) > 1 order by {bare}, n desc"
        yield _item("spellings", filled, header, sql.rows(connection, twice))
        many = f"from people where regexp_matches(who, {sql.text(BETWEEN)}) order by n desc, who"
        yield _item("several_people", filled, header, sql.rows(connection, many))


def _item(code: str, filled: Filled, header: str, found: list[tuple[str, int]]) -> Item:
    return Item(code, filled.mapping.dataset, header, "keep", sum(n for _, n in found), tuple(found[:5]))
