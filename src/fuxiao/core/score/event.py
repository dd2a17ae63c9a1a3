"""Events beside the figures: bonus and deduction points, and the veto with its safeguards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from fuxiao.core.explain import Scalar, Trace, figure
from fuxiao.core.indicator import Standing, Value
from fuxiao.core.score.curves_step import Bonus, Deduction
from fuxiao.core.score.exact import as_decimal, shown
from fuxiao.core.score.grade import Grades


@dataclass(frozen=True, slots=True)
class ScoreEvent:
    """Something that happened to one person in the period and that a scheme may count.

    ``evidence`` is a link or record number; ``decided_by`` confirmed the event, ``approved_by`` is the second pair
    of eyes. A veto without all three, or with one person in both places, is not applied.
    """

    kind: str
    count: Decimal = Decimal(1)
    on: date | None = None
    confirmed: bool = False
    evidence: str = ""
    decided_by: str = ""
    approved_by: str = ""


Counted = tuple[Fraction, Trace]


@dataclass(frozen=True, slots=True)
class EventPoints:
    """Points for each confirmed event of a kind; ``cap`` is the most this rule gives or takes."""

    event: str
    points: Decimal
    cap: Decimal | None = None

    def count(self, events: Iterable[ScoreEvent], values: Mapping[str, Value], code: str) -> Counted | None:
        """The points, and the trace under ``code``; ``None`` where nothing happened."""
        del values
        counts = [e.count for e in events if e.kind == self.event and e.confirmed]
        if not counts:
            return None
        count = sum(counts, Decimal(0))
        points, formula = Fraction(count) * Fraction(self.points), f"{shown(count)} × {figure(self.points)}"
        if self.cap is not None and points > self.cap:
            points, formula = Fraction(self.cap), f"min({figure(self.cap)}, {formula})"
        return points, Trace(code, as_decimal(points), formula, {"event": self.event})


@dataclass(frozen=True, slots=True)
class ValuePoints:
    """Points by an indicator's value: a bonus curve gives, a deduction curve takes at most what it is worth."""

    indicator: str
    curve: Bonus | Deduction

    def count(self, events: Iterable[ScoreEvent], values: Mapping[str, Value], code: str) -> Counted | None:
        """The points, and the trace under ``code``; ``None`` where the value may not be scored."""
        del events
        value = values.get(self.indicator)
        if value is None or value.value is None or value.standing is not Standing.OK:
            return None
        return self._points(value.value), self._trace(value.value, code)

    def _points(self, value: Decimal) -> Fraction:
        if isinstance(self.curve, Bonus):
            return self.curve.points(value)
        return min(Fraction(self.curve.worth), self.curve.deducted(value))

    def _trace(self, value: Decimal, code: str) -> Trace:
        below = (self.curve.trace(value),)
        return Trace(code, as_decimal(self._points(value)), params={"indicator": self.indicator}, inputs=below)


PointRule = EventPoints | ValuePoints


@dataclass(frozen=True, slots=True)
class PointSide:
    """All bonus rules, or all deduction rules, of a scheme and the cap over their sum."""

    rules: tuple[PointRule, ...] = ()
    cap: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Points:
    """What one side came to: the sum after the cap, positive on both sides, and what each rule gave."""

    total: Fraction
    traces: tuple[Trace, ...] = ()


NO_POINTS = Points(Fraction(0))


def count_points(side: PointSide, *, events: Sequence[ScoreEvent], values: Mapping[str, Value], code: str) -> Points:
    """The points of one side (``code``: ``score.bonus`` or ``score.deduction``); only confirmed events count."""
    kept = [pair for rule in side.rules if (pair := rule.count(events, values, code)) is not None]
    if not kept:
        return NO_POINTS
    total = sum((points for points, _ in kept), Fraction(0))
    capped = total if side.cap is None else min(total, Fraction(side.cap))
    return Points(capped, tuple(trace for _, trace in kept))


class VetoMode(StrEnum):
    """What a confirmed veto does to the result."""

    ZERO = "zero"  # the score becomes nought
    CAP = "cap"  # the score becomes at most ``limit``
    GRADE_CAP = "grade_cap"  # the score stays, the grade becomes at best ``grade``


@dataclass(frozen=True, slots=True)
class VetoRule:
    """One reason for a veto (一票否决) and what it does."""

    event: str
    mode: VetoMode
    limit: Decimal = Decimal(59)
    grade: str = ""


@dataclass(frozen=True, slots=True)
class Veto:
    """A veto that was looked at: applied, or not and why (``missing`` names what the event lacks)."""

    rule: VetoRule
    event: ScoreEvent
    missing: tuple[str, ...] = ()

    @property
    def applied(self) -> bool:
        return not self.missing

    def trace(self) -> Trace:
        """Says that it counted, or which safeguard was not met."""
        params: dict[str, Scalar] = {"event": self.rule.event, "mode": self.rule.mode.value}
        if self.missing:
            params["missing"] = ", ".join(self.missing)
        else:
            params["evidence"] = self.event.evidence
        return Trace("score.veto" if self.applied else "score.veto_ignored", self.applied, params=params)


def find_vetoes(rules: Iterable[VetoRule], events: Iterable[ScoreEvent]) -> tuple[Veto, ...]:
    """The vetoes the events call for, with what each lacks to be applied."""
    by_kind = {rule.event: rule for rule in rules}
    return tuple(Veto(by_kind[e.kind], e, tuple(_lacking(e))) for e in events if e.kind in by_kind)


def _lacking(event: ScoreEvent) -> Iterable[str]:
    if not event.confirmed:
        yield "confirmation"
    if not event.evidence.strip():
        yield "evidence"
    if not event.approved_by or event.approved_by == event.decided_by:
        yield "second_approver"


def veto_total(total: Fraction, vetoes: Iterable[Veto]) -> Fraction:
    """The score after the vetoes that change it."""
    for veto in vetoes:
        if veto.applied and veto.rule.mode is VetoMode.ZERO:
            total = min(total, Fraction(0))
        if veto.applied and veto.rule.mode is VetoMode.CAP:
            total = min(total, Fraction(veto.rule.limit))
    return total


def veto_grade(grade: str, vetoes: Iterable[Veto], grades: Grades) -> str:
    """The grade after the vetoes that cap it."""
    for veto in vetoes:
        if veto.applied and veto.rule.mode is VetoMode.GRADE_CAP:
            grade = grades.worse(grade, veto.rule.grade)
    return grade
