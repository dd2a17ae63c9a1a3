"""The number of each line of costs or parts, where that of its settlement or request stands in several lines."""

from __future__ import annotations

from collections.abc import Mapping

from fuxiao.datasets.importing import sql
from fuxiao.datasets.importing.mapping import MADE_KEYS
from fuxiao.datasets.importing.profile import FileProfile
from fuxiao.datasets.importing.raw import TABLE
from fuxiao.datasets.importing.sql import Connection

PARTS = ("case_id", "kind", "part_no")
"""What tells such lines from each other."""


def number_of_lines(
    connection: Connection, profile: FileProfile, dataset: str, headers: Mapping[str, str]
) -> tuple[str, ...]:
    """The columns that joined differ in every row; empty where one column does, or where none do: then rows of the same
    number are versions of one record."""
    key = MADE_KEYS.get(dataset, "")
    if dataset not in {"costs", "part_lines"} or key not in headers:
        return ()
    own = headers[key]
    more = [headers[name] for name in PARTS if name in headers and headers[name] != own]
    ways = [(own, *more[:n]) for n in range(len(more) + 1)]
    found = next((way for way in ways if _differ(connection, profile, way)), ())
    return found if len(found) > 1 else ()


def _differ(connection: Connection, profile: FileProfile, headers: tuple[str, ...]) -> bool:
    cells = ", ".join(profile.cell(header) for header in headers)
    told = f"from {TABLE} where {profile.cell(headers[0])} is not null"
    return bool(sql.one(connection, f"select count(*) = count(distinct concat_ws('-', {cells})) {told}")[0])
