"""Gates: conditions on an indicator that keep score or grade down for as long as they are not met."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from fuxiao.core.explain import Scalar, Trace, figure
from fuxiao.core.indicator import Standing, Value
from fuxiao.core.score.event import VetoMode
from fuxiao.core.score.exact import shown
from fuxiao.core.score.grade import Grades


@dataclass(frozen=True, slots=True)
class GateRule:
    """An indicator with the least or the most it may be, and what follows where it is not.

    ``mode`` is ``cap`` (the score is at most ``limit``) or ``grade_cap`` (the grade is at best ``grade``). It holds
    for the ``roles`` named, for all where none is.
    """

    indicator: str
    least: Decimal | None = None
    most: Decimal | None = None
    mode: VetoMode = VetoMode.GRADE_CAP
    limit: Decimal = Decimal(0)
    grade: str = ""
    roles: tuple[str, ...] = ()

    def met_by(self, value: Decimal) -> bool:
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)

    def holds_for(self, role: str) -> bool:
        return not self.roles or role in self.roles


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate that was looked at. Without a figure that may be scored it stays open: nothing is laid to missing data."""

    rule: GateRule
    value: Decimal | None

    @property
    def shut(self) -> bool:
        return self.value is not None and not self.rule.met_by(self.value)

    def at(self, value: Decimal) -> Gate:
        """The same gate with another figure."""
        return replace(self, value=value)

    def trace(self) -> Trace:
        """What was asked for and what there was."""
        rule = self.rule
        params: dict[str, Scalar] = {"indicator": rule.indicator, "mode": rule.mode.value}
        params |= {"limit": rule.limit} if rule.mode is VetoMode.CAP else {"grade": rule.grade}
        bounds = [f"≥ {figure(rule.least)}"] if rule.least is not None else []
        bounds += [f"≤ {figure(rule.most)}"] if rule.most is not None else []
        return Trace("score.gate", self.shut, f"{shown(self.value or Decimal(0))}; {', '.join(bounds)}", params)


def find_gates(rules: Iterable[GateRule], role: str, values: Mapping[str, Value]) -> tuple[Gate, ...]:
    """The gates of a role with the figures they look at."""
    return tuple(Gate(rule, _scored(values.get(rule.indicator))) for rule in rules if rule.holds_for(role))


def _scored(value: Value | None) -> Decimal | None:
    return None if value is None or value.standing is not Standing.OK else value.value


def gate_total(total: Fraction, gates: Iterable[Gate]) -> Fraction:
    """The score after the gates that cap it."""
    for gate in gates:
        if gate.shut and gate.rule.mode is VetoMode.CAP:
            total = min(total, Fraction(gate.rule.limit))
    return total


def gate_grade(grade: str, gates: Iterable[Gate], grades: Grades) -> str:
    """The grade after the gates that cap it."""
    for gate in gates:
        if gate.shut and gate.rule.mode is VetoMode.GRADE_CAP:
            grade = grades.worse(grade, gate.rule.grade)
    return grade
