"""A stretch of the period under one role, with everything a component asks for worked out from plan and person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from fuxiao.core.bonus.base import WHOLE, Part, attendance
from fuxiao.core.bonus.component import Whose
from fuxiao.core.bonus.earner import Earner, Segment
from fuxiao.core.bonus.money import ZERO, shown
from fuxiao.core.bonus.piece import Output
from fuxiao.core.bonus.plan import Plan, Role
from fuxiao.core.bonus.rules import AttendanceBy
from fuxiao.core.errors import CalculationError
from fuxiao.core.explain import Trace

NO_TERMS = Role(components=())  # what a role that the plan does not name is promised


@dataclass(slots=True, kw_only=True)
class Stretch:
    """One stretch: the whole period, or one of several after a transfer. ``own`` is the person's own coefficient."""

    plan: Plan
    earner: Earner
    role: str
    terms: Role
    team: str
    base: Decimal
    own: Trace
    rated: bool
    present: Part
    stay: Part = WHOLE
    output: tuple[Output, ...]
    points: Decimal
    revenue: Decimal

    def factor(self, name: str) -> Trace:
        """A factor by name: ``own``, or one that the plan declares."""
        if name == "own":
            return self.own
        return self.plan.factors[name].of(name, self.earner.factors.get(name), self.known)

    def known(self, code: str) -> Decimal | None:
        """An indicator's value, the score, or the team's score."""
        if code == "score":
            return self.earner.score
        return self.attainment(Whose.TEAM) if code == "team_score" else self.earner.indicators.get(code)

    @property
    def score(self) -> Decimal:
        """The score as a weight: nothing for a person who is not rated."""
        return self.earner.score or ZERO if self.rated else ZERO

    def attainment(self, of: Whose) -> Decimal | None:
        """Per cent reached; without a team score the own stands in; ``None`` for a person who is not rated."""
        earner = self.earner
        own = None if not self.rated else earner.score if earner.attainment is None else earner.attainment
        return own if of is Whose.OWN or earner.team_score is None else earner.team_score


def stretches(plan: Plan, earner: Earner, company: Decimal | None = None) -> tuple[Stretch, ...]:
    """The stretches of a person's period in order of time; one where no segments are given."""
    if company is not None and "company" not in earner.factors:
        earner = replace(earner, factors={**earner.factors, "company": company})
    terms = plan.role(earner.role) or NO_TERMS
    own, rated = own_coefficient(plan, earner)
    rule = plan.attendance
    days = rule.days if rule.by is AttendanceBy.MONTHLY_DAYS else None
    ignored = rule.by is AttendanceBy.IGNORED
    present = WHOLE if ignored else attendance(earner.attended, earner.scheduled, monthly_days=days)
    whole = Stretch(
        plan=plan,
        earner=earner,
        role=earner.role,
        terms=terms,
        team=earner.team,
        base=base_of(plan, terms, earner.base),
        own=own,
        rated=rated,
        present=present,
        output=earner.output,
        points=earner.points or ZERO,
        revenue=earner.revenue or ZERO,
    )
    return tuple(cut(whole, earner.segments)) if earner.segments else (whole,)


def cut(whole: Stretch, segments: tuple[Segment, ...]) -> Iterator[Stretch]:
    """The whole period as its segments; what the person earned without a segment counts to the last."""
    for index, each in enumerate(segments):
        if not ZERO <= each.days <= each.of or each.of == 0:
            raise CalculationError("bonus.segment_days", person=whole.earner.person, days=each.days, of=each.of)
        last = index == len(segments) - 1
        base = whole.earner.base if each.base is None else each.base
        terms = whole.plan.role(each.role) or NO_TERMS
        own = whole.own if each.coefficient is None else given_coefficient(each.coefficient)
        yield replace(
            whole,
            role=each.role,
            terms=terms,
            team=each.team or whole.team,
            base=base_of(whole.plan, terms, base),
            own=own,
            rated=whole.rated or each.coefficient is not None,
            stay=Part(each.of, each.days),
            output=each.output + (whole.output if last else ()),
            points=(each.points or ZERO) + (whole.points if last else ZERO),
            revenue=(each.revenue or ZERO) + (whole.revenue if last else ZERO),
        )


def base_of(plan: Plan, terms: Role, given: Decimal | None) -> Decimal:
    """The bonus base: the person's, else the role's, else the plan's default, else nothing."""
    if given is not None:
        return given
    if terms.base is not None:
        return terms.base
    return ZERO if plan.defaults.base is None else plan.defaults.base


def own_coefficient(plan: Plan, earner: Earner) -> tuple[Trace, bool]:
    """The person's own coefficient, and whether they are rated: as given, else by grade or score, else by rule."""
    if earner.rated and earner.coefficient is not None:
        return given_coefficient(earner.coefficient), True
    found = plan.coefficients.of(score=earner.score, grade=earner.grade) if earner.rated else None
    if found is None:
        return Trace("bonus.coefficient", plan.coefficients.not_rated, params={"rated": False}), False
    value, formula = found
    return Trace("bonus.coefficient", value, formula, {"grade": earner.grade, "score": earner.score}), True


def given_coefficient(value: Decimal) -> Trace:
    """A coefficient that scoring (or a segment) gave."""
    if value < 0:
        raise CalculationError("bonus.negative_coefficient", coefficient=value)
    return Trace("bonus.coefficient", value, shown(value))
