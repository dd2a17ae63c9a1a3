"""Looks for every signal the records can support, and keeps only what survives having looked at everybody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import ibis.expr.types as ir
from ibis import _

from fuxiao.core.explain import Scalar, Trace
from fuxiao.core.gaming.screen import screen
from fuxiao.core.gaming.signal import Limits, Signal
from fuxiao.core.period import Period
from fuxiao.datasets.store import Store
from fuxiao.performance.roster import Roster
from fuxiao.performance.signals import asking, choosing, clocks, closing, spending
from fuxiao.performance.signals.evidence import Evidence, Look
from fuxiao.performance.signals.limits import policy_of
from fuxiao.performance.window import Window, rows_of, window_of

LOOKS: tuple[Look, ...] = (*choosing.LOOKS, *closing.LOOKS, *clocks.LOOKS, *asking.LOOKS, *spending.LOOKS)
CONSEQUENCE = "review"
"""All that a signal ever leads to: a person looks at the cases. Never a lower score, never a lower amount."""
MOST_CASES = 20
MONTHS = 3
ERROR_RATE = 0.01
NO_COLUMN: Mapping[str, tuple[str, ...]] = {"unlogged_complaints": ("records.checks.unlogged_complaint",)}
"""Detectors for which the contracts hold no column."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One raised signal with the cases to look at first (at most twenty). ``looked_at`` people or pairs were compared.

    ``consequence`` is always ``review``.
    """

    detector: str
    signal: Signal
    cases: tuple[str, ...]
    looked_at: int
    consequence: str = CONSEQUENCE

    @property
    def trace(self) -> Trace:
        params: dict[str, Scalar] = {
            "detector": self.detector,
            "looked_at": self.looked_at,
            "consequence": self.consequence,
        }
        return Trace("signals.finding", self.signal.subject, params=params, inputs=(self.signal.trace,))


@dataclass(frozen=True, slots=True)
class SignalReport:
    """The signals of a period, strongest first; a subject may have several.

    ``looked_at`` holds every signal that was weighed, by detector, raised or not: for a review of the thresholds.
    ``missing`` names for each detector that could not look the columns that hold nothing. ``window`` are the days.
    """

    period: Period
    window: Window
    as_of: datetime
    findings: tuple[Finding, ...]
    looked_at: Mapping[str, tuple[Signal, ...]]
    missing: Mapping[str, tuple[str, ...]]
    thresholds: Mapping[str, Limits] = field(default_factory=dict)

    def of(self, subject: str) -> tuple[Finding, ...]:
        """The findings about one person, or one pair written ``a → b``."""
        return tuple(finding for finding in self.findings if finding.signal.subject == subject)

    @property
    def trace(self) -> Trace:
        inputs = tuple(finding.trace for finding in self.findings)
        params: dict[str, Scalar] = {"consequence": CONSEQUENCE, "detectors": len(self.looked_at)}
        return Trace("signals.report", self.period.key, params=params, inputs=inputs)


def find_signals(
    store: Store,
    period: Period,
    *,
    roster: Roster,
    as_of: datetime,
    thresholds: Mapping[str, Limits] | None = None,
    months: int = MONTHS,
    error_rate: float = ERROR_RATE,
    detectors: Collection[str] = (),
) -> SignalReport:
    """Look for the thirteen kinds of gaming and for over-compensation in the ``months`` that end with ``period``.

    One month of one person is a small sample, so three are looked at by default (0: the period alone). For each
    detector at most ``error_rate`` of the people flagged are expected to be honest. ``thresholds`` stand in for those
    of the home folder (``policy_of``). ``detectors`` names the only ones to ask. Temporary tables of the store are used
    and forgotten.
    """
    limits = {**policy_of(store.home).limits, **(thresholds or {})}
    looks = [look for look in LOOKS if not detectors or look.key in detectors]
    window = window_of(period, months=months)
    evidence = Evidence(store, window, int(as_of.timestamp()), roster)
    missing = _missing(store)
    try:
        weighed = {
            look.key: screen(look.find(evidence, limits[look.key]), error_rate=error_rate)
            for look in looks
            if look.key not in missing
        }
        findings = [finding for look in looks for finding in _findings(evidence, look, weighed.get(look.key, ()))]
    finally:
        store.forget()
    ordered = sorted(findings, key=lambda f: (-f.signal.strength, f.signal.code, f.signal.subject, f.detector))
    return SignalReport(period, window, as_of, tuple(ordered), weighed, {**missing, **NO_COLUMN}, limits)


def _findings(evidence: Evidence, look: Look, signals: tuple[Signal, ...]) -> Iterable[Finding]:
    for signal in signals:
        if signal.raised:
            behind = look.behind(evidence, signal.subject).filter(_.case_id.notnull()).limit(MOST_CASES)
            cases = tuple(str(row["case_id"]) for row in evidence.rows(behind.select("case_id")))
            yield Finding(look.key, signal, cases, len(signals))


def _missing(store: Store) -> dict[str, tuple[str, ...]]:
    """For each detector that cannot look, the columns that hold nothing; one scan a table."""
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for look in LOOKS:
        for need in look.needs:
            table, _dot, column = need.rpartition(".")
            wanted[table].add(column)
    full = {name for table, needs in sorted(wanted.items()) for name in _filled(store, table, sorted(needs))}
    lacking = {look.key: tuple(need for need in look.needs if need not in full) for look in LOOKS}
    return {key: columns for key, columns in lacking.items() if columns}


def _filled(store: Store, name: str, needs: list[str]) -> list[str]:
    """Those of a table's columns that hold something, or the value asked for."""
    records = name.startswith("records.")
    table = store.records(name.removeprefix("records.")) if records else store.facts(name)
    known = [need for need in needs if need.partition("=")[0] in table.columns]
    if not known:
        return []
    [row] = rows_of(store, table.aggregate(**{need: _count(table, need) for need in known}))
    return [f"{name}.{need}" for need in known if row[need]]


def _count(table: ir.Table, need: str) -> ir.IntegerScalar:
    column, _equals, value = need.partition("=")
    return table.count(where=table[column] == value) if value else table[column].count()
