"""Looks at the columns of a file: how full, how varied, of what form; what a proposal is made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from fuxiao.datasets.importing import dates, moments, sql
from fuxiao.datasets.importing.dates import DateEvidence
from fuxiao.datasets.importing.mapping import Mapping, Shape
from fuxiao.datasets.importing.moments import HALVES
from fuxiao.datasets.importing.numbers import decimal_mark
from fuxiao.datasets.importing.raw import LINE, TABLE, Raw, marked_cells
from fuxiao.datasets.importing.sql import Connection
from fuxiao.datasets.importing.values import Reading, flag, number

FEW = 60
"""Up to so many different values a column is listed value by value."""
MOST_ACTIVITIES = 400
MOST_GROUPS = 200
FEW_GROUPS = 20
LONG_TEXT = 120
CELLS = "profiled_cells"
"""The scratch table of the cells that are looked at, those that say nothing left out."""
SAID = ("amount", "flag", "clock", "seconds")
SAMPLED = 100_000
"""The form of cells is told from every so many rows that about this many are looked at; all else from all of them."""
TOGETHER = 3_000_000
"""Cells of a file that is looked at all at once; of a larger one column by column."""
HALF = "|".join(HALVES)
CLOCK = f"(({HALF}) ?)?([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]+)?)?( ?[AaPp][Mm])?"


@dataclass(frozen=True, slots=True)
class Profile:
    """One column: cells that say something, different ones, the longest, shares of forms, the frequent values."""

    header: str
    cell: str
    filled: int
    distinct: int
    longest: int
    numbers: float
    flags: float
    clocks: float
    durations: float
    lowest: float | None
    highest: float | None
    top: tuple[tuple[str, int], ...]
    dates: DateEvidence | None = None

    @property
    def constant(self) -> bool:
        return self.distinct <= 1

    @property
    def is_date(self) -> bool:
        return self.dates is not None and self.dates.sure

    @property
    def may_be_dates(self) -> bool:
        """Enough of it reads as dates to believe a name that says so."""
        return self.dates is not None and self.dates.read * 2 >= self.filled > 0

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(value for value, _ in self.top)


@dataclass(frozen=True, slots=True)
class FileProfile:
    """All columns of a file by header, and its number of rows."""

    columns: dict[str, Profile]
    rows: int
    reading: Reading

    def cell(self, header: str) -> str:
        """The column's cell without null marks, as SQL over the raw table."""
        return self.reading.cell(self.columns[header].cell)


def profile_file(connection: Connection, raw: Raw) -> FileProfile:
    """Profile every column of the scratch table; once more where its numbers turn out to have a decimal comma."""
    found = _profiled(connection, raw, ".")
    decimal = decimal_mark(profile.values for profile in found.columns.values() if not profile.is_date)
    return found if decimal == "." else _profiled(connection, raw, decimal)


def _profiled(connection: Connection, raw: Raw, decimal: str) -> FileProfile:
    reading = Reading(Mapping("", Shape.CASE, (), decimal=decimal), "UTC", "CNY", raw.mendable)
    reading = replace(reading, marked=marked_cells(connection, raw, reading))
    each = max(1, raw.rows // SAMPLED)
    headers = raw.data_headers
    if each == 1 and raw.rows * len(headers) <= TOGETHER:
        columns = _together(connection, raw, headers, reading)
    else:
        columns = {header: _profile(connection, raw.cell(header), header, reading, each) for header in headers}
    return FileProfile(_same_order(columns), raw.rows, reading)


def _profile(connection: Connection, cell: str, header: str, reading: Reading, each: int) -> Profile:
    connection.execute(
        f"create or replace temp table {CELLS} as select * from (select {LINE} % {each} = 0 as sampled, "
        f"{reading.cell(cell)} as cell from {TABLE}) where cell is not null"
    )
    filled, distinct, longest = sql.one(
        connection, f"select count(*), approx_count_distinct(cell), max(length(cell)) from {CELLS}"
    )
    seen, *said = sql.one(
        connection,
        f"select sum(n), {', '.join(f'sum(n) filter (where {name} is not null)' for name in SAID)}, "
        f"min(amount)::double, max(amount)::double from (select n, {_said(reading)} from "
        f"(select cell, count(*) as n from {CELLS} where sampled group by cell))",
    )
    *counts, lowest, highest = said
    numbers, flags, clocks, durations = (float(count or 0) / max(int(seen or 0), 1) for count in counts)
    if distinct <= 2 * FEW or distinct * 2 >= filled:
        distinct = sql.count(connection, f"select count(distinct cell) from {CELLS}")
    most = FEW if distinct > MOST_ACTIVITIES else MOST_ACTIVITIES
    top = sql.rows(
        connection, f"select cell, count(*) as n from {CELLS} group by cell order by n desc, cell limit {most}"
    )
    source = f"select cell from {CELLS}"
    evidence = dates.find_dates(connection, source, numbers=False) if _may_be_dates(numbers, longest) else None
    connection.execute(f"drop table {CELLS}")
    return Profile(
        header, cell, filled, distinct, longest or 0, numbers, flags, clocks, durations, lowest, highest, tuple(top),
        evidence,
    )  # fmt: skip


def _together(connection: Connection, raw: Raw, headers: Sequence[str], reading: Reading) -> dict[str, Profile]:
    """The same for all columns in a few queries, over one long table of cells: a file may have a thousand columns."""
    cells = ", ".join(reading.cell(raw.cell(header)) for header in headers)
    both = f"unnest(range({len(headers)})) as c, unnest([{cells}]) as cell"
    connection.execute(
        f"create or replace temp table {CELLS} as select c, cell from (select {both} from {TABLE}) "
        "where cell is not null order by c"
    )
    measured = sql.rows(
        connection,
        f"select c, count(*), count(distinct cell), max(length(cell)), {', '.join(f'count({name})' for name in SAID)}, "
        f"min(amount)::double, max(amount)::double from (select c, cell, {_said(reading)} from {CELLS}) group by c",
    )
    frequent = sql.rows(
        connection,
        "select c, cell, n from (select c, cell, n, row_number() over (partition by c order by n desc, cell) as place "
        f"from (select c, cell, count(*) as n from {CELLS} group by c, cell)) where place <= {MOST_ACTIVITIES} "
        "order by c, place",
    )
    tops: dict[int, list[tuple[str, int]]] = {}
    for at, cell, times in frequent:
        tops.setdefault(at, []).append((cell, times))
    found = {
        at: _measured(connection, (at, headers[at], raw.cell(headers[at])), figures, tops[at])
        for at, *figures in measured
    }
    connection.execute(f"drop table {CELLS}")
    empty = (0, 0, 0, 0.0, 0.0, 0.0, 0.0, None, None, ())
    return {header: found.get(at) or Profile(header, raw.cell(header), *empty) for at, header in enumerate(headers)}


def _measured(
    connection: Connection, column: tuple[int, str, str], figures: Sequence[Any], top: Sequence[tuple[str, int]]
) -> Profile:  # fmt: skip
    at, header, cell = column
    filled, distinct, longest, numbers, flags, clocks, durations, lowest, highest = figures
    most = FEW if distinct > MOST_ACTIVITIES else MOST_ACTIVITIES
    source = f"select cell from {CELLS} where c = {at}"
    evidence = dates.find_dates(connection, source, numbers=False) if _may_be_dates(numbers / filled, longest) else None
    return Profile(
        header, cell, filled, distinct, longest, numbers / filled, flags / filled, clocks / filled, durations / filled,
        lowest, highest, tuple(top[:most]), evidence,
    )  # fmt: skip


def _said(reading: Reading) -> str:
    """What a cell may say, as SQL: a number, yes or no, a time of day, a duration; null where it says none of it."""
    said = {
        "amount": number("cell", reading),
        "flag": flag("cell", reading.mapping),
        "clock": f"nullif(regexp_full_match(cell, '{CLOCK}'), false)",
        "seconds": moments.seconds("cell", decimal=reading.mapping.decimal),
    }
    return ", ".join(f"{said[name]} as {name}" for name in SAID)


def _may_be_dates(numbers: float, longest: int | None) -> bool:
    return 6 <= (longest or 0) <= 64 and (numbers < 0.5 or longest in {8, 14})


def numeric_dates(connection: Connection, profile: FileProfile, header: str) -> DateEvidence | None:
    """Whether a column of numbers is one of dates: asked only of columns whose name says so."""
    source = f"select x as cell from (select {profile.cell(header)} as x from {TABLE}) where x is not null"
    return dates.find_dates(connection, source, numbers=True)


def joined_dates(connection: Connection, profile: FileProfile, headers: Sequence[str]) -> DateEvidence | None:
    """The format of several columns joined by a space, of which the first tells the day: without it there is none."""
    day, *more = (profile.cell(header) for header in headers)
    joined = f"concat_ws(' ', {', '.join(['day', *more])})"
    source = f"select {joined} as cell from (select *, {day} as day from {TABLE}) where day is not null"
    return dates.find_dates(connection, source, numbers=False)


def _same_order(columns: dict[str, Profile]) -> dict[str, Profile]:
    """Columns that could be read either way follow the columns of the same file that cannot."""
    proofs = [p.dates.order for p in columns.values() if p.is_date and p.dates and not p.dates.ambiguous]
    orders = [order for order in proofs if order in {dates.DAY_FIRST, dates.MONTH_FIRST}]
    if not orders:
        return columns
    order = max(set(orders), key=orders.count)
    return {header: replace(p, dates=dates.in_order(p.dates, order)) if p.dates else p for header, p in columns.items()}


def why_useless(profile: Profile) -> str:
    """Why cases cannot be grouped by this column (a code); empty where they can."""
    if not profile.filled:
        return "empty"
    if profile.constant:
        return "constant"
    if profile.is_date:
        return "date"
    many = profile.distinct > MOST_GROUPS and profile.distinct * 10 > profile.filled
    every = profile.distinct >= FEW_GROUPS and profile.distinct * 10 > profile.filled * 9
    return "unique" if profile.longest > LONG_TEXT or many or every else ""
