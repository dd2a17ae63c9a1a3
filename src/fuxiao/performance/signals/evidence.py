"""What detectors read: the window's facts, who is a peer of whom, and how a detector is declared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import ibis.expr.types as ir
from ibis import _

from fuxiao.core.gaming.signal import Signal
from fuxiao.datasets.store import Store
from fuxiao.performance.process.log import Log, act_log
from fuxiao.performance.roster import Roster
from fuxiao.performance.window import DAY, Window, counted, rows_of

Row = Mapping[str, object]


@dataclass(frozen=True)
class Evidence:
    """The records of a window as of a moment (epoch seconds). Not slotted: the log is made once, when first needed."""

    store: Store
    window: Window
    as_of: int
    roster: Roster

    def facts(self, table: str, anchor: str = "event") -> ir.Table:
        """The counted rows of a fact table in the window."""
        return counted(self.store, table, anchor, self.window)

    def resolved(self, *, settled_days: int = 0) -> ir.Table:
        """The cases resolved in the window, at least ``settled_days`` ago: what follows a case has had its time."""
        cases = self.facts("cases", "resolved").filter(_.resolved)
        return cases.filter(_.resolved_at <= self.as_of - settled_days * DAY)

    def events(self, *types: str) -> ir.Table:
        """The events of these types in the window, of cases that count."""
        start, end = self.window.moments(self.store.settings.zone)
        events = self.store.records("case_events").filter(_["at"] >= start, _["at"] < end, _["at"] <= self.as_of)
        cases = self.store.facts("cases").filter(~_.x1, ~_.x2).select("case_id", "case_type", "difficulty", "ao")
        return (events.filter(_.type.isin(types)) if types else events).inner_join(cases, "case_id")

    @cached_property
    def log(self) -> Log:
        """Who acted on the cases resolved in the window, and in which order."""
        return act_log(self.store, self.resolved())

    def rows(self, expr: ir.Expr) -> list[dict[str, object]]:
        """The rows of a small result."""
        return rows_of(self.store, expr)

    def role(self, person: str) -> str:
        """Whose figures a person is compared with; people off the roster are peers of each other."""
        member = self.roster.members.get(person)
        return "" if member is None else member.role


@dataclass(frozen=True, slots=True)
class Look:
    """One way to look for a signal.

    ``needs`` are columns that must hold something, as ``cases.difficulty`` (facts), ``records.complaints.recoded``
    or ``records.case_events.type=recoded`` (this very value). ``find`` takes the detector's own kind of limits and
    yields a signal for everybody looked at, raised or not; ``behind`` the cases of one subject, those to read first on
    top.
    """

    key: str
    needs: tuple[str, ...]
    find: Callable[[Evidence, Any], Iterable[Signal]]
    behind: Callable[[Evidence, str], ir.Table]


@dataclass(frozen=True, slots=True)
class Tally:
    """Hits among cases of each subject, with the share among peers of the same role (the subject left out)."""

    hits: Mapping[str, int]
    cases: Mapping[str, int]
    roles: Mapping[str, str]
    _role_hits: Counter[str] = field(init=False, repr=False, compare=False)
    _role_cases: Counter[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        hits: Counter[str] = Counter()
        cases: Counter[str] = Counter()
        for subject, role in self.roles.items():
            hits[role] += self.hits[subject]
            cases[role] += self.cases[subject]
        object.__setattr__(self, "_role_hits", hits)
        object.__setattr__(self, "_role_cases", cases)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self.cases))

    def peers(self, subject: str) -> tuple[int, int]:
        """Hits and cases of the others in the same role; of everybody else where nobody shares it."""
        role = self.roles[subject]
        cases = self._role_cases[role] - self.cases[subject]
        if cases:
            return self._role_hits[role] - self.hits[subject], cases
        others = sum(self.cases.values()) - self.cases[subject]
        return sum(self.hits.values()) - self.hits[subject], others

    def usual(self, subject: str, *, fewest: int = 100) -> float | None:
        """The share among peers, one more hit and miss than seen so that it is never 0; ``None`` with few cases."""
        hits, cases = self.peers(subject)
        return (hits + 1) / (cases + 2) if cases >= fewest else None


def tally(evidence: Evidence, table: ir.Table, *, by: str, hit: ir.Value) -> Tally:
    """Count rows and hits of a table by person."""
    known = table.filter(table[by].notnull())
    rows = evidence.rows(
        known.group_by(subject=known[by]).agg(cases=_.count(), hits=hit.coalesce(False).cast("int64").sum())
    )
    return tally_of(evidence, rows)


def tally_of(evidence: Evidence, rows: Iterable[Row]) -> Tally:
    """A tally from rows of ``subject, hits, cases``."""
    kept = list(rows)
    hits = {str(row["subject"]): whole(row, "hits") for row in kept}
    cases = {str(row["subject"]): whole(row, "cases") for row in kept}
    return Tally(hits, cases, {subject: evidence.role(subject) for subject in cases})


def whole(row: Row, name: str) -> int:
    """A count of a row; nothing is 0."""
    return int(str(row[name] or 0))


def number(row: Row, name: str) -> float:
    """A number of a row; nothing is 0."""
    return float(str(row[name] or 0))
