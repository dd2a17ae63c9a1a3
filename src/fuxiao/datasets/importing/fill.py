"""Fills the columns of one dataset from the raw cells: one pass, every value with its checks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from fuxiao.datasets.importing import moments, rules, sql
from fuxiao.datasets.importing.mapping import (
    Condition,
    Expression,
    Shape,
    TableMapping,
    Treatment,
    required_columns,
    target_columns,
)
from fuxiao.datasets.importing.raw import LINE, TABLE, Raw
from fuxiao.datasets.importing.sql import Connection
from fuxiao.datasets.importing.values import Reading, either_case, typed
from fuxiao.datasets.importing.whole_days import LIKELY, WholeDays
from fuxiao.engine.schema import Column, Type

CHECKS = ("_missing", "_bad", "_odd", "_early")
"""Bit masks by column: required but empty, not of its type, impossible, before what it must follow."""
TROUBLED = " or ".join(f"{kind} <> 0" for kind in CHECKS)


@dataclass(frozen=True, slots=True)
class Filled:
    """One dataset of the file: ``_row``, the mapped columns by name, the dimensions.

    ``checked`` has all rows, with the masks and ``_refused``; ``kept`` says whether it is a table or a view. ``days``
    counts by column the moments of which only the day is told. The table ``trouble`` has the masks of rows that are
    ``troubled``; ``table`` is a view of those that are not refused, which asks it, for to work the masks out takes
    longer. ``values`` are the columns as SQL over the raw cells, where every row is in it as it is.
    """

    mapping: TableMapping
    columns: tuple[Column, ...]
    kept: str
    troubled: bool = False
    values: Mapping[str, str] = field(default_factory=dict)
    days: Mapping[str, int] = field(default_factory=dict)

    @property
    def table(self) -> str:
        return f"filled_{self.mapping.dataset}"

    @property
    def checked(self) -> str:
        return f"checked_{self.mapping.dataset}"

    @property
    def trouble(self) -> str:
        return f"trouble_{self.mapping.dataset}"

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def forget(self, connection: Connection) -> None:
        """Drop what nobody reads any more: the memory is needed by what comes next."""
        connection.execute(f"drop view {self.table}")
        connection.execute(f"drop {self.kept} {self.checked}")
        connection.execute(f"drop table {self.trouble}")


@dataclass(frozen=True, slots=True)
class Filler:
    """Builds the query that fills a dataset."""

    raw: Raw
    mapping: TableMapping
    shape: Shape
    reading: Reading
    at: datetime
    days: WholeDays | None = None
    bare: bool = False
    """Whether values are SQL over the cells as they stand, not over those that are ``meant``."""

    @property
    def columns(self) -> tuple[Column, ...]:
        known = target_columns(self.mapping.dataset, self.shape)
        return tuple(column for column in known if column.name in self.mapping.columns)

    def fill(self, connection: Connection) -> Filled:
        """Work out the dataset and check it; once more where a moment tells only its day.

        Text is read again at less cost than it is kept, and so is what stands beside the cells; all else is kept.
        """
        filled = self._made(connection)
        days = self.days or self._told_days(connection, filled)
        return filled if days.counts == filled.days else replace(self, days=days).fill(connection)

    def _made(self, connection: Connection) -> Filled:
        light = all(column.type is Type.TEXT or self._is_beside(n, column) for n, column in enumerate(self.columns))
        days = self.days.counts if self.days else {}
        filled = Filled(self.mapping, self.columns, "view" if light else "table", days=days)
        connection.execute(f"create or replace temp {filled.kept} {filled.checked} as {self._query()}")
        listed = ", ".join([LINE, *CHECKS, "_refused"])
        connection.execute(
            f"create or replace temp table {filled.trouble} as select {listed} from {filled.checked} where {TROUBLED}"
        )
        if sql.count(connection, f"select count(*) from {filled.trouble}"):
            filled = replace(filled, troubled=True)
        elif light and not self.mapping.when and not filled.days:
            filled = replace(filled, values=replace(self, bare=True).values())
        kept = ", ".join([LINE, *map(sql.name, (*filled.names, *self.mapping.dimensions))])
        refused = f"(select {LINE} from {filled.trouble} where _refused)"
        taken = f"{filled.checked} anti join {refused} using ({LINE})" if filled.troubled else filled.checked
        connection.execute(f"create or replace temp view {filled.table} as select {kept} from {taken}")
        return filled

    def _told_days(self, connection: Connection, filled: Filled) -> WholeDays:
        place = {column.name: n for n, column in enumerate(self.columns)}
        told = {column.name: self._expression(column) for column in self.columns if column.type is Type.MOMENT}
        zones = {name: e.zone or self.reading.zone for name, e in told.items() if not e.after}
        days = WholeDays(self.mapping.dataset, zones, place, int(self.at.timestamp()))
        likely = days.likely(connection, filled.checked)
        return days.looked_for(connection, filled.checked, self._rows(LIKELY)) if likely else days

    def beside(self) -> dict[str, str]:
        """The values of other types than text that can be worked out while the cells are stored."""
        return {
            self._beside(n): self._value(column)
            for n, column in enumerate(self.columns)
            if column.type is not Type.TEXT and not self._expression(column).after
        }

    def _beside(self, n: int) -> str:
        return f"{self.mapping.dataset}_{n}"

    def _is_beside(self, n: int, column: Column) -> bool:
        return self._beside(n) in self.raw.beside and not self._is_mended(column)

    def _is_mended(self, column: Column) -> bool:
        return any(self.raw.cell(header) in self.reading.mendable for header in self._expression(column).sources())

    def values(self) -> dict[str, str]:
        """The columns where nothing is refused: read from the cells, or beside them."""
        columns = {
            column.name: self._beside(n) if self._is_beside(n, column) else self._value(column)
            for n, column in enumerate(self.columns)
        }
        return columns | {name: self._source(header) for name, header in self.mapping.dimensions.items()}

    def _rows(self, chosen: str = "") -> str:
        """The rows with the text and the value of each column; of these lines only where a table has them."""
        dimensions = [
            self._source(header) + f" as {sql.name(name)}" for name, header in self.mapping.dimensions.items()
        ]
        texts = [f"{self.text(self.mapping.columns[c.name])} as _t{n}" for n, c in enumerate(self.columns)]
        values = [
            f"{self._beside(n) if self._is_beside(n, c) else self._value(c)} as _v{n}"
            for n, c in enumerate(self.columns)
            if not self._expression(c).after
        ]
        lines = [f"{LINE} in (select {LINE} from {chosen})"] if chosen else []
        where = " and ".join([*lines, *map(self._holds, self.mapping.when)])
        cells = f"select * from ({self.cells()}) where {where}" if where else self.cells()
        read = f"select {', '.join([LINE, *dimensions, *texts, *values, *self._span_cells()])} from ({cells})"
        return f"select *, {self._after()} from ({read})" if self._after() else read

    def _query(self) -> str:
        masks = ", ".join(f"{self._mask(kind)} as {kind}" for kind in CHECKS)
        kept = [self._final(n, column) for n, column in enumerate(self.columns)]
        named = [sql.name(name) for name in self.mapping.dimensions]
        checked = f"select *, {masks} from ({self._rows()})"
        rest = ", ".join([LINE, *kept, *named, *CHECKS])
        return f"select {rest}, {self._refused()} as _refused from ({checked})"

    def cells(self) -> str:
        """The rows of the file, with the cells that the dataset reads as they are meant."""
        return self.cells_of(self.mapping.sources())

    def cells_of(self, headers: Iterable[str]) -> str:
        """The same with these cells alone, which takes a fraction of the time to plan."""
        meant = "".join(f", {cell} as {name}" for name, cell in self._meant(headers).items())
        return f"select *{meant} from {TABLE}"

    def meant(self) -> dict[str, str]:
        """The cells that the dataset reads by name: mended, and null where they say that there is nothing."""
        return self._meant(self.mapping.sources())

    def _meant(self, headers: Iterable[str]) -> dict[str, str]:
        cells = [self.raw.cell(header) for header in dict.fromkeys(headers)]
        return {f"_{cell}": self.reading.cell(cell) for cell in cells}

    def text(self, expression: Expression) -> str:
        """What the file says, as text: it is what a person reads in a report."""
        whole = self._text(expression)
        if expression.values:
            whole = sql.lookup(whole, expression.values.items(), otherwise=whole)
        return self._guarded(whole, expression.when)

    def _text(self, expression: Expression) -> str:
        if expression.value is not None:
            return sql.text(expression.value)
        if expression.first_of:
            return sql.first_of([self.text(part) for part in expression.first_of])
        cells = [self._source(column) for column in (*expression.columns, *expression.spans)]
        if len(cells) == 1:
            return cells[0]
        joined = f"concat_ws({sql.text(expression.join)}, {', '.join(cells)})"
        return f"nullif({joined}, '')"

    def _value(self, column: Column) -> str:
        expression = self._expression(column)
        if expression.first_of:
            return sql.first_of([self._typed(part, column) for part in expression.first_of])
        return self._typed(expression, column)

    def _typed(self, expression: Expression, column: Column) -> str:
        if not column.values:
            return typed(self.text(expression), column, expression, self.reading)
        translated = ((old, new.lower()) for old, new in expression.values.items())
        also = {old: sql.text(new) if new in column.values else "null" for old, new in translated}
        words = {word: sql.text(word) for word in column.values}
        return self._guarded(either_case(self._text(expression), words, also=also), expression.when)

    def _after(self) -> str:
        """Columns that are another one plus durations."""
        place = {column.name: n for n, column in enumerate(self.columns)}
        return ", ".join(
            f"_v{place[e.after]} + case when _t{n} is not null then {self._spans(e)} end as _v{n}"
            for n, column in enumerate(self.columns)
            if (e := self._expression(column)).after
        )

    def _span_cells(self) -> list[str]:
        """The cells of durations, under the names they have in the next step."""
        used = dict.fromkeys(span for e in self.mapping.columns.values() for span in e.spans)
        return [f"{self._source(span)} as _x{self.raw.headers.index(span)}" for span in used]

    def _spans(self, expression: Expression) -> str:
        """The sum of the durations in whole seconds; an empty one makes the whole null."""
        cells = [f"_x{self.raw.headers.index(span)}" for span in expression.spans]
        parts = [moments.seconds(cell, unit=expression.unit, decimal=self.reading.mapping.decimal) for cell in cells]
        return f"cast(floor({' + '.join(parts)}) as bigint)"

    def _mask(self, kind: str) -> str:
        bits = [(n, self._wrong(kind, n, column)) for n, column in enumerate(self.columns)]
        terms = [f"(case when {condition} then {1 << n}::bigint else 0 end)" for n, condition in bits if condition]
        return " | ".join(terms) or "0::bigint"

    def _wrong(self, kind: str, n: int, column: Column) -> str:
        """The condition under which column ``n`` fails this check; empty where it cannot."""
        dataset = self.mapping.dataset
        if kind == "_missing":
            return f"_t{n} is null" if column.name in self._required() else ""
        if kind == "_bad":
            return f"_t{n} is not null and _v{n} is null" if column.type != "text" or column.values else ""
        if kind == "_odd":
            return rules.impossible(dataset, column, f"_v{n}", self.at)
        return rules.out_of_order(dataset, column.name, self._counted())

    def _counted(self) -> Mapping[str, str]:
        return self.days.values() if self.days else {c.name: f"_v{n}" for n, c in enumerate(self.columns)}

    def _final(self, n: int, column: Column) -> str:
        name, value = sql.name(column.name), self._counted()[column.name]
        wrong = [self._wrong(kind, n, column) for kind in ("_odd", "_early")]
        conditions = " or ".join(condition for condition in wrong if condition)
        if not conditions or self.treatment(column.name) is Treatment.KEEP:
            return f"{value} as {name}"
        return f"(case when {conditions} then null else {value} end) as {name}"

    def _refused(self) -> str:
        rejecting = sum(1 << n for n, c in enumerate(self.columns) if self.treatment(c.name) is Treatment.REJECT)
        return f"(_missing <> 0 or ((_bad | _odd | _early) & {rejecting}::bigint) <> 0)"

    def treatment(self, name: str) -> Treatment:
        """What happens to a wrong value of this column: as the mapping says, else a required one refuses its row."""
        chosen = self.mapping.treatments.get(name)
        if name in self._required():
            return Treatment.REJECT
        return chosen or Treatment.BLANK

    def _required(self) -> frozenset[str]:
        contract = {column.name for column in self.columns if column.required}
        return frozenset(contract | set(required_columns(self.mapping.dataset, self.shape)))

    def _expression(self, column: Column) -> Expression:
        return self.mapping.columns[column.name]

    def _source(self, header: str) -> str:
        """The cell as it is meant."""
        cell = self.raw.cell(header)
        return self.reading.cell(cell) if self.bare else f"_{cell}"

    def _guarded(self, value: str, conditions: Iterable[Condition]) -> str:
        asked = self._all(conditions)
        return f"(case when {asked} then {value} end)" if asked else value

    def _all(self, conditions: Iterable[Condition]) -> str:
        return " and ".join(self._holds(condition) for condition in conditions)

    def _holds(self, condition: Condition) -> str:
        cell = self._source(condition.column)
        if not condition.values:
            return f"{cell} is {'' if condition.negated else 'not '}null"
        among = f"coalesce({cell} in {sql.texts(condition.values)}, false)"
        return f"not {among}" if condition.negated else among
