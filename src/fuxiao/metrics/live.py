"""The running month, kept in memory: after each new record one case's facts are made again, and one person's figures.

No estimate and no delta arithmetic: the month is small enough to be computed from its facts each time it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from typing import Any

import ibis
import pyarrow as pa

from fuxiao.core.indicator import Value, standing
from fuxiao.core.period import Period, local_day
from fuxiao.datasets.manifest import epoch
from fuxiao.datasets.one_case import GAPS, NEAR, OneCase
from fuxiao.datasets.store import Store
from fuxiao.datasets.store.sql import text as literal
from fuxiao.engine import schema
from fuxiao.engine.compile import Compiled, compile_values
from fuxiao.engine.definition import Indicator
from fuxiao.engine.facts.cases import FROM_EVENTS
from fuxiao.engine.rows import PERIOD, Facts, Scope, anchor_columns, columns_of
from fuxiao.metrics.arithmetic import PLACES
from fuxiao.metrics.availability import parts_of
from fuxiao.metrics.case_records import CaseRecords, Neighbours
from fuxiao.metrics.month_facts import MonthFacts, columns_for
from fuxiao.metrics.month_tables import MonthTables
from fuxiao.metrics.source import facts_in

WHO = "\N{LATIN SMALL LETTER THORN}who"
"""Stands in the queries of one person for whoever is asked for."""
FEW = 3
"""So many persons are asked for one by one; the scan for all takes about as long."""
PERSONS = ("a1", "ao", "ao_first", "av")


@dataclass(frozen=True, slots=True)
class _Question:
    """One scan as text, with the columns of the figures in its result."""

    query: str
    columns: Mapping[tuple[str, str], str]


class LiveMonth:
    """Figures of persons in one month that follow every record, over the facts of a store as last built.

    Gaps from a resolution to the next case are kept current for cases resolved in this month; older ones keep those of
    the last build. A case that nothing happens to stays as it was built, though its limit may pass meanwhile; naming it
    to ``record`` without new records brings it up to the moment. Records given here are not stored: imports do that.
    """

    def __init__(
        self,
        store: Store,
        indicators: Sequence[Indicator],
        month: Period,
        *,
        now: datetime,
        clock: str = "business",
        library: Sequence[Indicator] = (),
    ) -> None:
        """``indicators`` are asked for by person. Of all in ``library``, ``facts`` answers for teams as well."""
        self.month = month
        self._store = store
        self._indicators = [each.by(("person",)) for each in indicators]
        self._now = epoch(now)
        scope = Scope(by=("person",), kind=month.kind, first=month.index, last=month.index, clock=clock)
        wanted = _columns(self._indicators, facts_in(store), scope)
        for name, more in columns_for(library, facts_in(store), scope).items():
            wanted[name] = list(dict.fromkeys([*wanted.get(name, ()), *sorted(more)]))
        self._tables = MonthTables(store, month, wanted)
        self._raw = self._tables.raw
        self._one = self._prepared(_questions(compile_values(indicators, self._tables.facts, _only(scope, WHO))))
        self._all = _questions(compile_values(indicators, self._tables.facts, scope))
        self._records = CaseRecords(store, self._tables.case_ids())
        self._near = Neighbours(self._tables.near()) if "cases" in self._tables.columns else None
        near = {*NEAR, *PERSONS}
        by_case = {
            name: {*columns, *(near if name == "cases" else ())}
            for name, columns in self._tables.columns.items()
            if "case_id" in columns
        }
        self._deriver = OneCase(store, moments=self._moments(), tables=by_case, present=store.manifest.records)
        self._unknown = told_by_nobody(store)
        self.facts = MonthFacts(store, self._tables.names, month, clock=clock)

    def close(self) -> None:
        """Give the memory back."""
        self._deriver.close()
        self._raw.close()

    def record(self, dataset: str, rows: Iterable[Mapping[str, Any]], *, case_id: str, now: datetime) -> frozenset[str]:
        """Take in new records of one case, or new versions of them, as of ``now``; the persons it is credited to."""
        return self.record_case(case_id, {dataset: rows}, now=now)

    def record_case(
        self, case_id: str, news: Mapping[str, Iterable[Mapping[str, Any]]], *, now: datetime
    ) -> frozenset[str]:
        """The same for records of several datasets: its facts are made again once."""
        self._now = epoch(now)
        records: Mapping[str, Sequence[Mapping[str, Any]]] = {}
        for dataset, rows in news.items():
            records = self._records.add(case_id, dataset, rows)
        derived = self._deriver.derive(records, now=self._now)
        for row in derived.get("cases", ()):
            row.update(dict.fromkeys(self._unknown & row.keys()))
        if self._near is not None and (own := derived.get("cases")):
            self._follow(self._near, own[0])
        for name, made in derived.items():
            self._tables.replace_case(name, case_id, made)
        return frozenset(row[name] for row in derived.get("cases", ()) for name in PERSONS if row[name])

    def record_alone(self, dataset: str, rows: Iterable[Mapping[str, Any]], *, now: datetime) -> None:
        """Take in new records that belong to no case, or new versions of them, such as a complaint about none."""
        self._now = epoch(now)
        [named] = schema.dataset(dataset).key
        for row in rows:
            for name, made in self._deriver.derive({dataset: [row]}, now=self._now).items():
                if named in self._tables.columns[name]:
                    self._tables.replace(name, row[named], made, by=named)

    def person(self, person: str) -> dict[str, Value]:
        """The figures of one person, by indicator; none where nothing counted."""
        cells: dict[tuple[str, str], Any] = {}
        for question in self._one:
            rows = self._raw.execute(f"EXECUTE {question.query}(who := {literal(person)})")
            names = [column[0] for column in rows.description or ()]
            for row in rows.fetchall():
                found = dict(zip(names, row, strict=True))
                cells |= {place: found[column] for place, column in question.columns.items()}
        return self._values(person, cells)

    def _values(self, person: str, cells: Mapping[tuple[str, str], Any]) -> dict[str, Value]:
        today = local_day(self._now, self._store.settings.zone)
        values = (self._value(each, person, cells, today) for each in self._indicators)
        return {value.indicator: value for value in values if value is not None}

    def people(self, persons: Iterable[str]) -> dict[str, dict[str, Value]]:
        """The figures of several persons, by person and indicator: one scan for all where there are many."""
        wanted = list(persons)
        if len(wanted) <= FEW:
            return {person: self.person(person) for person in wanted}
        cells: dict[str, dict[tuple[str, str], Any]] = {person: {} for person in wanted}
        for question in self._all:
            for row in self._read(question.query).to_pylist():
                if (own := cells.get(row["person"])) is not None:
                    own |= {place: row[column] for place, column in question.columns.items()}
        return {person: self._values(person, found) for person, found in cells.items()}

    def everybody(self) -> pa.Table:
        """Numerators, denominators, counts and percentiles of all persons: a row a person, a column a part.

        Columns are named as in ``engine.compile``.
        """
        keys = ["person", PERIOD]
        tables = [_aligned(self._read(question.query)) for question in self._all]
        return reduce(lambda a, b: a.join(b, keys, join_type="full outer"), tables).sort_by("person")

    def _prepared(self, questions: Iterable[_Question]) -> list[_Question]:
        """The questions by name: what was planned once need not be planned again."""
        made = []
        for at, question in enumerate(questions):
            self._raw.execute(f"PREPARE person_{at} AS {question.query}")
            made.append(_Question(f"person_{at}", question.columns))
        return made

    def _value(
        self, indicator: Indicator, person: str, cells: Mapping[tuple[str, str], Any], today: date
    ) -> Value | None:
        part = {name: cells.get((indicator.code, name)) for name in ("num", "den", "n", "pct")}
        n = int(part["n"] or 0)
        if not n and not part["num"]:
            return None
        below = None if indicator.denominator is None else _exact(part["den"] or 0)
        above = _exact(part["pct"] if indicator.percentile is not None else part["num"] or 0)
        last = self.month.end + timedelta(days=indicator.maturation)
        return Value(
            indicator=indicator.code, subject=person, period=self.month.key, n=n,
            value=_quotient(above, below, indicator.scale),
            numerator=None if indicator.percentile is not None else _decimal(above),
            denominator=None if below is None else _decimal(below),
            standing=standing(n, minimum=indicator.minimum),
            provisional=today < last,
        )  # fmt: skip

    def _moments(self) -> tuple[int, int]:
        """The first moment of a case at work, and the last one that is near: the month's end or now."""
        start, end = (int(moment.timestamp()) for moment in self.month.bounds(self._store.settings.zone))
        earliest = self._records.earliest
        return min(start, start if earliest is None else earliest), max(end, self._now)

    def _read(self, query: str) -> pa.Table:
        return self._raw.sql(query).to_arrow_table()

    def _follow(self, near: Neighbours, own: dict[str, Any]) -> None:
        """Work out the gaps from this case to the next one, and from those before to this one."""
        case_id = own["case_id"]
        near.put({name: own[name] for name in NEAR})
        affected, base = near.around(case_id)
        gaps = self._deriver.gaps(base, now=self._now)
        since = self.month.bounds(self._store.settings.zone)[0].timestamp()
        for row in affected:
            if row["case_id"] != case_id and (row["resolved_at"] is None or row["resolved_at"] < since):
                continue
            found = gaps.get(row["case_id"], {})
            fresh = {name: found.get(name) for name in GAPS}
            if row["case_id"] == case_id:
                own |= fresh
            elif fresh != near.gaps(row["case_id"]):
                self._tables.set_gaps(row["case_id"], fresh)
            near.keep_gaps(row["case_id"], fresh)


def _aligned(table: pa.Table) -> pa.Table:
    """Periods of one width, whatever arithmetic they come from."""
    return table.set_column(table.schema.get_field_index(PERIOD), PERIOD, table[PERIOD].cast(pa.int32()))


def _only(scope: Scope, who: str) -> Scope:
    return Scope(by=scope.by, kind=scope.kind, first=scope.first, last=scope.last, clock=scope.clock, only=(who,))


def _questions(compiled: Compiled) -> list[_Question]:
    return [
        _Question(str(ibis.to_sql(plan.expr, dialect="duckdb")).replace(f"'{WHO}'", "$who::VARCHAR"), plan.columns)
        for plan in compiled.plans
    ]


def _columns(indicators: Iterable[Indicator], facts: Facts, scope: Scope) -> dict[str, list[str]]:
    """The columns of each fact table that the indicators read."""
    wanted: dict[str, dict[str, None]] = {}
    for part in (part for each in indicators for part in parts_of(each)):
        if part.dataset in facts.tables:
            columns = [*columns_of(facts, part, scope), *anchor_columns(part, scope)]
            wanted.setdefault(part.dataset, {}).update(dict.fromkeys(columns))
    return {name: list(columns) for name, columns in wanted.items()}


def told_by_nobody(store: Store) -> frozenset[str]:
    """Columns of cases that are unknown of all of them: what only events tell where the facts were made of none."""
    if "case_events" in store.manifest.records or "cases" not in store.manifest.facts:
        return frozenset()
    cases = store.facts("cases")
    reopened = store.execute(cases.aggregate(known=cases.reopens.notnull().any()))["known"][0].as_py()
    return frozenset(FROM_EVENTS if reopened else {*FROM_EVENTS, "reopens"})


def _exact(number: float | Decimal | None) -> Fraction:
    """A sum as it is; a percentile comes as a float that was rounded to six places."""
    return Fraction(round(number * 10**PLACES), 10**PLACES) if isinstance(number, float) else Fraction(number or 0)


def _quotient(above: Fraction, below: Fraction | None, scale: Fraction) -> Decimal | None:
    """Six places, halves away from zero; ``None`` where there is nothing to divide by."""
    if below is not None and not below:
        return None
    return _decimal(above * scale / (1 if below is None else below))


def _decimal(number: Fraction) -> Decimal:
    sign = -1 if number < 0 else 1
    digits = (2 * abs(number.numerator) * 10**PLACES + number.denominator) // (2 * number.denominator)
    return sign * Decimal(digits).scaleb(-PLACES)
