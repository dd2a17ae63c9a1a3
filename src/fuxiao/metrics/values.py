"""Values of indicators from the fact tables of a store: indicator × group × period, as one column-wise table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import reduce
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fuxiao.core.errors import CalculationError
from fuxiao.core.indicator import Interval, Standing, Value
from fuxiao.core.period import Period, from_index
from fuxiao.engine.compile import Compiled, Plan
from fuxiao.engine.definition import Indicator, Spread
from fuxiao.engine.rows import PERIOD, Scope
from fuxiao.metrics import arithmetic
from fuxiao.metrics.availability import available
from fuxiao.metrics.exclusions import counted_exclusions
from fuxiao.metrics.intervals import Ends, bounds
from fuxiao.metrics.scans import exclusion_scans, values_scans
from fuxiao.metrics.source import COMPANY, JOIN, FactStore, Source, facts_in

HIDE_BELOW = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked for; ``first`` and ``last`` are periods of one kind, both included.

    ``by`` and ``only`` as in ``engine.rows.Scope``. Without ``spreads`` there are no intervals, without ``exclusions``
    no counts of what was left out: both cost a scan more.
    """

    indicators: Sequence[Indicator]
    first: Period
    last: Period
    by: tuple[str, ...] = ("company",)
    clock: str = "business"
    only: tuple[str, ...] = ()
    spreads: bool = True
    exclusions: bool = True

    @property
    def scope(self) -> Scope:
        """The same as the engine wants it; ``CalculationError`` for periods of two kinds."""
        if self.first.kind is not self.last.kind:
            raise CalculationError("values.periods", first=self.first.key, last=self.last.key)
        return Scope(
            by=self.by, kind=self.first.kind, first=self.first.index, last=self.last.index,
            clock=self.clock, only=self.only,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ValueTable:
    """Values as Arrow columns, in order of indicator, period and group; iterating gives ``core.indicator.Value``.

    Columns: ``indicator``, the group columns, ``subject`` (the groups in one text), ``period`` (``2026-10``),
    ``value``, ``n``, ``numerator``, ``denominator``, ``low``, ``high``, ``standing``, ``provisional``. A group without
    a single counted fact has no row.
    ``missing`` names the columns that an indicator waits for; ``unanswered`` gives the code of the reason why an
    indicator has no such groups; ``left_out`` holds counts by (indicator, subject, period).
    """

    table: pa.Table
    keys: tuple[str, ...]
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unanswered: Mapping[str, str] = field(default_factory=dict)
    left_out: Mapping[tuple[str, str, str], Mapping[str, int]] = field(default_factory=dict)

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def __iter__(self) -> Iterator[Value]:
        for batch in self.table.to_batches():
            for row in batch.to_pylist():
                yield self._value(row)

    def _value(self, row: Mapping[str, Any]) -> Value:
        low, high = row["low"], row["high"]
        place = (str(row["indicator"]), str(row["subject"]), str(row["period"]))
        return Value(
            indicator=place[0], subject=place[1], period=place[2], value=row["value"], n=row["n"],
            numerator=row["numerator"], denominator=row["denominator"],
            interval=None if low is None else Interval(low, high), standing=Standing(row["standing"]),
            provisional=bool(row["provisional"]), exclusions=self.left_out.get(place, {}),
        )  # fmt: skip

    def find(self, indicator: str, *, subject: str = COMPANY, period: str) -> Value | None:
        """One value; ``None`` where nothing counted."""
        mask = pc.and_(pc.equal(self.table["indicator"], indicator), pc.equal(self.table["subject"], subject))
        mask = pc.and_(mask, pc.equal(self.table["period"], period))
        return next(iter(replace(self, table=self.table.filter(mask))), None)


@dataclass(frozen=True, slots=True)
class Question:
    """A request written as scans of one store; asked again after its facts changed, it need not be written again."""

    source: Source
    request: Request
    asked: tuple[Indicator, ...]
    compiled: Compiled
    exclusions: Compiled | None
    waits: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(
        cls, store: FactStore, request: Request, *, missing: Mapping[str, tuple[str, ...]] | None = None
    ) -> Question:
        """``missing`` as in ``compute_values``."""
        source = Source(store, facts_in(store), request.scope)
        waiting = available(request.indicators, store, scope=source.scope) if missing is None else missing
        asked = tuple(indicator for indicator in request.indicators if not waiting.get(indicator.code))
        compiled = values_scans(asked, source.facts, source.scope, spreads=request.spreads)
        left_out = exclusion_scans(asked, source.facts, source.scope) if request.exclusions else None
        waits = {code: columns for code, columns in waiting.items() if columns}
        return cls(source, request, asked, compiled, left_out, waits)

    @property
    def scans(self) -> list[Plan]:
        """All of them, those that count exclusions last."""
        return [*self.compiled.plans, *(self.exclusions.plans if self.exclusions else ())]

    def answer(self, *, as_of: date) -> ValueTable:
        """The values over the facts as they are now."""
        made = _Maker(self.source, self.request, as_of).table(self.asked, self.compiled)
        left_out = counted_exclusions(self.exclusions, self.source) if self.exclusions else {}
        return ValueTable(made, self.source.scope.keys, self.waits, self.compiled.unanswered, left_out)


def compute_values(
    store: FactStore, request: Request, *, as_of: date, missing: Mapping[str, tuple[str, ...]] | None = None
) -> ValueTable:
    """The values of ``request``; those of periods that ``as_of`` has not yet made firm are provisional.

    A value is firm from the indicator's maturation after the end of its period on. ``missing`` is what ``available``
    answered, for callers that already asked.
    """
    return Question.of(store, request, missing=missing).answer(as_of=as_of)


def run(store: FactStore, plans: Sequence[Plan], keys: tuple[str, ...]) -> pa.Table:
    """All scans executed and laid side by side, ordered by period and group."""
    return store.beside([plan.expr for plan in plans], (PERIOD, *keys))


@dataclass(frozen=True, slots=True)
class _Maker:
    source: Source
    request: Request
    as_of: date

    @property
    def scope(self) -> Scope:
        return self.source.scope

    def table(self, indicators: Sequence[Indicator], compiled: Compiled) -> pa.Table:
        chosen = [i.by(self.scope.keys) for i in indicators if i.code not in compiled.unanswered]
        if not chosen:
            return _schema(self.scope.keys).empty_table()
        results = run(self.source.store, compiled.plans, self.scope.keys)
        columns = {place: name for plan in compiled.plans for place, name in plan.columns.items()}
        return pa.concat_tables([self.values(each, results, columns) for each in chosen])

    def values(self, indicator: Indicator, results: pa.Table, columns: Mapping[tuple[str, str], str]) -> pa.Table:
        """The rows of one indicator: its columns taken from the wide result, its arithmetic done column-wise."""
        parts = {part: columns[code, part] for code, part in columns if code == indicator.code}
        rows = _counted(results, parts)
        numbers = {part: arithmetic.exact(rows[name]) for part, name in parts.items()}
        if "num" in numbers:
            # No row on the numerator's side is none of so many, not an unknown number of them.
            numbers["num"] = replace(numbers["num"], known=np.ones(len(rows), dtype=np.bool_))
        above, below = numbers["num" if "num" in numbers else "pct"], numbers.get("den")
        value = arithmetic.quotient(above, below, indicator.scale)
        n = numbers["n"].digits // 10 ** numbers["n"].places
        ends = self.ends(indicator, rows, numbers)
        names = [*self.scope.keys]
        return (
            pa.table(
                {
                    "indicator": pa.array([indicator.code] * len(rows), pa.string()).dictionary_encode(),
                    **{name: rows[name] for name in names},
                    "subject": _subject(rows, names),
                    **self.periods(indicator, rows),
                    "value": arithmetic.decimals(value),
                    "n": pa.array(n.astype(np.int64)),
                    "numerator": _shown(numbers.get("num"), len(rows)),
                    "denominator": _shown(below, len(rows)),
                    "low": arithmetic.decimals(ends.low),
                    "high": arithmetic.decimals(ends.high),
                    "standing": _standings(n, indicator.minimum),
                }
            )
            .select(_schema(self.scope.keys).names)
            .cast(_schema(self.scope.keys))
        )

    def ends(self, indicator: Indicator, rows: pa.Table, numbers: Mapping[str, arithmetic.Exact]) -> Ends:
        spread = indicator.spread if self.request.spreads else Spread.NONE
        return bounds(replace(indicator, spread=spread), rows, numbers, self.source)

    def periods(self, indicator: Indicator, rows: pa.Table) -> dict[str, pa.Array]:
        """The text of each row's period, and whether facts may still change it."""
        encoded = pc.dictionary_encode(rows[PERIOD].combine_chunks())
        known = [from_index(self.scope.kind, index) for index in encoded.dictionary.to_pylist()]
        firm_after = timedelta(days=indicator.maturation)
        keys = pa.array([period.key for period in known], pa.string())
        open_still = pa.array([self.as_of < period.end + firm_after for period in known], pa.bool_())
        return {"period": keys.take(encoded.indices), "provisional": open_still.take(encoded.indices)}


def _counted(results: pa.Table, parts: Mapping[str, str]) -> pa.Table:
    """The rows where the indicator counted anything at all."""
    zero = pa.scalar(0)
    masks = [pc.greater(pc.fill_null(results[parts["n"]], zero), zero)]
    if "num" in parts:
        masks.append(pc.not_equal(pc.fill_null(results[parts["num"]], zero), zero))
    return results.filter(reduce(pc.or_, masks))


def _subject(rows: pa.Table, names: Sequence[str]) -> pa.Array:
    if not names:
        return pa.array([COMPANY] * len(rows), pa.string())
    return pc.binary_join_element_wise(*(rows[name] for name in names), JOIN)


def _shown(number: arithmetic.Exact | None, size: int) -> pa.Array:
    return pa.nulls(size, pa.decimal128(38, 6)) if number is None else arithmetic.decimals(number)


def _standings(n: arithmetic.Ints, minimum: int) -> pa.Array:
    """``core.indicator.standing`` over a column."""
    tests = [n == 0, n < min(HIDE_BELOW, minimum), n < minimum]
    names = [Standing.EMPTY, Standing.HIDDEN, Standing.SMALL]
    return pa.array(np.select(tests, [str(name) for name in names], str(Standing.OK)), pa.string())


def _schema(keys: Sequence[str]) -> pa.Schema:
    exact, text = pa.decimal128(38, 6), pa.string()
    return pa.schema([
        ("indicator", pa.dictionary(pa.int32(), text)), *((key, text) for key in keys), ("subject", text),
        ("period", text), ("value", exact), ("n", pa.int64()), ("numerator", exact), ("denominator", exact),
        ("low", exact), ("high", exact), ("standing", text), ("provisional", pa.bool_()),
    ])  # fmt: skip
