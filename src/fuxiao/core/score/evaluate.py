"""Scoring one subject: which figure counts, its points, the total, the grade, the coefficient; in that fixed order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from fuxiao.core.errors import CalculationError, DefinitionError, Issue
from fuxiao.core.indicator import Standing, Value
from fuxiao.core.score.card import ItemScore, Scorecard
from fuxiao.core.score.curve import Curve
from fuxiao.core.score.event import ScoreEvent, count_points, find_vetoes, veto_grade
from fuxiao.core.score.gate import find_gates, gate_grade
from fuxiao.core.score.scheme import TEAM_SCORE, Item, Role, Scheme, Scope, SmallSample
from fuxiao.core.score.total import Extras, Total, effective_weights, missing_share, sum_up, weighted_mean
from fuxiao.core.target import Target

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Subject:
    """Who is scored, and on what: a person, or a team under the role whose items the team is judged by.

    ``values`` by indicator code; ``targets`` are this subject's own (already looked up as of a day), ``shrunk`` the
    shrunken estimates for small samples, ``tenure_month`` counts from 1. ``ranked`` is off for people on probation.
    """

    id: str
    role: str
    values: Mapping[str, Value]
    team: str = ""
    targets: Mapping[str, Target] = field(default_factory=dict)
    shrunk: Mapping[str, Decimal] = field(default_factory=dict)
    events: tuple[ScoreEvent, ...] = ()
    tenure_month: int | None = None
    ranked: bool = True


@dataclass(frozen=True, slots=True)
class TeamResult:
    """What members take from their team: its values for items of team scope, and its score."""

    values: Mapping[str, Value] = field(default_factory=dict)
    score: Decimal | None = None


NO_TEAM = TeamResult()


def score_person(
    scheme: Scheme,
    role: str,
    values: Mapping[str, Value],
    *,
    subject: str,
    period: str,
    targets: Mapping[str, Target] | None = None,
    events: Sequence[ScoreEvent] = (),
    shrunk: Mapping[str, Decimal] | None = None,
    tenure_month: int | None = None,
    team: TeamResult = NO_TEAM,
) -> Scorecard:
    """The scorecard of one person; raises ``UnknownName`` for a role the scheme does not have."""
    person = Subject(subject, role, values, "", targets or {}, shrunk or {}, tuple(events), tenure_month)
    return Scorer(scheme, scheme.role(role)).card(person, period=period, team=team)


class Scorer:
    """Scores many subjects of one role; curves with the same own target are built once."""

    def __init__(self, scheme: Scheme, role: Role) -> None:
        self.scheme = scheme
        self.role = role
        self._limit = Fraction(scheme.limits.missing_share) / 100
        self._curves: dict[tuple[int, Target | None, Decimal], Curve | None] = {}
        self._weights: dict[tuple[bool, ...], tuple[Fraction, ...]] = {}

    def card(self, subject: Subject, *, period: str, team: TeamResult = NO_TEAM) -> Scorecard:
        """The scorecard of one subject."""
        drafts = [self._draft(at, item, subject, team) for at, item in enumerate(self.role.items)]
        percents = [draft.percent for draft in drafts]
        items = tuple(
            d.line(item, w) for d, item, w in zip(drafts, self.role.items, self._shares(percents), strict=True)
        )
        extras = self._extras(subject, team)
        result = self._result(percents, extras)
        grade, by = self._grade(result, extras)
        return Scorecard(
            subject=subject.id,
            period=period,
            scheme=self.scheme,
            role=self.role,
            items=items,
            extras=extras,
            result=result,
            grade=grade,
            coefficient=self._coefficient(result, grade, by),
            team=subject.team,
            ranked=subject.ranked,
            grade_by=by,
        )

    def _draft(self, at: int, item: Item, subject: Subject, team: TeamResult) -> _Draft:
        code = item.indicator
        value = (team.values if item.scope is Scope.TEAM else subject.values).get(code)
        if code == TEAM_SCORE and item.scope is Scope.TEAM:
            used, missing = team.score, "" if team.score is not None else "no_team_score"
        else:
            used, missing = usable(item, value, subject.shrunk.get(code))
        factor = self.scheme.tenure_factor(subject.tenure_month) if item.tenure else ONE
        curve = self._curve(at, item, subject, factor)
        if curve is None:
            return _Draft(item.curve, value, None, None, "no_norm", factor)
        percent = None if used is None else curve.percent(used)
        return _Draft(curve, value, used, percent, missing, factor)

    def _curve(self, at: int, item: Item, subject: Subject, factor: Decimal) -> Curve | None:
        target = subject.targets.get(item.indicator)
        if target is None and factor == 1 and not item.of_norm:
            return item.curve
        key = (at, target, factor)
        if key not in self._curves:
            try:
                self._curves[key] = own_curve(item, target, factor)
            except DefinitionError as refused:
                facts = {
                    "subject": subject.id,
                    "indicator": item.indicator,
                    "target": "" if target is None else target.text(),
                }
                raise CalculationError("score.target_unusable", **facts) from refused
        return self._curves[key]

    def _shares(self, percents: Sequence[Fraction | None]) -> tuple[Fraction, ...]:
        key = tuple(percent is None for percent in percents)
        if key not in self._weights:
            self._weights[key] = effective_weights(self.role.shares, percents)
        return self._weights[key]

    def _extras(self, subject: Subject, team: TeamResult) -> Extras:
        scheme, happened = self.scheme, subject.events
        return Extras(
            team.score if self.role.team_share else None,
            count_points(scheme.bonus, events=happened, values=subject.values, code="score.bonus"),
            count_points(scheme.deductions, events=happened, values=subject.values, code="score.deduction"),
            find_vetoes(scheme.vetoes, happened),
            find_gates(scheme.gates, self.role.key, subject.values),
        )

    def _result(self, percents: Sequence[Fraction | None], extras: Extras) -> Total | None:
        own = weighted_mean(self.role.shares, percents)
        too_much = missing_share(self.role.shares, percents) > self._limit
        if own is None or too_much:
            return None
        return sum_up(own, extras, role=self.role, limits=self.scheme.limits)

    def _grade(self, result: Total | None, extras: Extras) -> tuple[str | None, str]:
        if result is None:
            return None, "not_rated"
        by_band = self.scheme.grades.of(result.score)
        held = veto_grade(by_band, extras.vetoes, self.scheme.grades)
        vetoed = held != by_band or result.after_veto != result.gated
        grade = gate_grade(held, extras.gates, self.scheme.grades)
        gated = grade != held or result.gated != result.capped
        return grade, "veto" if vetoed else "gate" if gated else "bands"

    def _coefficient(self, result: Total | None, grade: str | None, by: str) -> Decimal:
        if result is None or grade is None:
            return self.scheme.limits.unrated_coefficient
        return coefficient_of(self.scheme, result.score, grade, by=by)


def coefficient_of(scheme: Scheme, total: Decimal, grade: str, *, by: str) -> Decimal:
    """The performance coefficient for a score and the grade it ended with (``by``: see ``Scorecard.grade_by``)."""
    top = scheme.limits.highest
    basis = scheme.grades.basis(total, grade, by=by, top=top)
    return scheme.coefficients.of(basis, grade, grades=scheme.grades, top=top)[0]


@dataclass(frozen=True, slots=True)
class _Draft:
    """An item's points before the weights are known."""

    curve: Curve
    value: Value | None
    used: Decimal | None
    percent: Fraction | None
    missing: str
    factor: Decimal

    def line(self, item: Item, effective: Fraction) -> ItemScore:
        shrunk = self.used is not None and self.value is not None and self.value.standing is Standing.SMALL
        return ItemScore(
            item, self.curve, self.value, self.used, self.percent, effective, self.missing, shrunk, self.factor
        )


def usable(item: Item, value: Value | None, shrunk: Decimal | None) -> tuple[Decimal | None, str]:
    """The figure that may be scored, or ``None`` and the reason. Missing is never scored as 0 or as 100."""
    if value is None or value.value is None:
        return None, _absent(item, value)
    if value.n < item.raters_min:
        return None, "few_raters"
    if value.standing is Standing.OK:
        return value.value, ""
    if value.standing is Standing.SMALL and item.small is SmallSample.SHRUNK and shrunk is not None:
        return shrunk, ""
    return None, value.standing.value


def _absent(item: Item, value: Value | None) -> str:
    """Why there is no figure: nobody rated, nothing is known, nothing happened."""
    if item.rubric is not None:
        return "not_judged"
    return "no_value" if value is None else Standing.EMPTY.value


def own_curve(item: Item, target: Target | None, factor: Decimal) -> Curve | None:
    """An item's curve for one subject: own target or own norm, then the learning-period factor.

    ``None`` where the item is stated in multiples of the own norm and the subject has neither norm nor own target.
    Raises ``DefinitionError`` where an own target does not fit the curve, e.g. would turn it round.
    """
    curve = item.curve
    if target is not None and target.given:
        curve = curve.aimed_at(target)
    elif item.of_norm:
        if target is None or target.norm is None:
            return None
        curve = curve.scaled(target.norm)
    if curve.direction is not item.curve.direction:
        raise DefinitionError("target", [Issue("target", "target.turns_curve", {"numbers": curve.text()})])
    return curve if factor == 1 else curve.scaled(factor)
