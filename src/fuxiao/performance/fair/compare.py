"""People or teams of one role compared on a rate: what chance and the kind of cases explain, and what they do not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from fuxiao.core.errors import CalculationError
from fuxiao.core.explain import Scalar, Trace
from fuxiao.core.fairness.casemix import Adjusted, Standardised, standardise
from fuxiao.core.fairness.classes import Class, Placed, classify_rates, classify_z
from fuxiao.core.fairness.dispersion import Dispersion, dispersion
from fuxiao.core.fairness.figures import Floats, ratio
from fuxiao.core.fairness.funnel import Decision, FunnelLines, binomial_lines, judge_rates
from fuxiao.core.fairness.intervals import Estimate, wilson_many
from fuxiao.core.fairness.shrinkage import FEWEST_PEOPLE, ShrunkRate, prior_by_moments, shrink_rates
from fuxiao.core.fairness.strata import company_rates
from fuxiao.core.indicator import Direction
from fuxiao.core.period import Period
from fuxiao.datasets.store import Store
from fuxiao.engine.definition import Indicator, Spread
from fuxiao.metrics.source import facts_in
from fuxiao.performance.fair.strata import USUAL, CaseMix, case_mix, count, permitted
from fuxiao.performance.roster import Roster

LINES = 60
"""So many sizes are drawn of each funnel line."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One person or team. Rates are 0-1.

    ``place`` is where they stand after chance and case mix: the class to show. ``raw_place`` is the class without case
    mix; where the two differ, the cases and not the work made the difference. ``shrunk`` is ``None`` in a group under
    five people. ``decision`` places the raw rate in the funnel around the group's.
    """

    subject: str
    estimate: Estimate
    shrunk: ShrunkRate | None
    decision: Decision
    adjusted: Adjusted
    place: Placed
    raw_place: Placed

    @property
    def cleared(self) -> bool:
        """Raw figures set this one apart, and the kind of cases explains it."""
        apart = {Class.ABOVE, Class.BELOW}
        return self.raw_place.place in apart and self.place.place is Class.ALIKE

    @property
    def trace(self) -> Trace:
        params: dict[str, Scalar] = {"place": self.place.place, "raw_place": self.raw_place.place}
        shrunk = () if self.shrunk is None else (self.shrunk.trace,)
        inputs = (self.estimate.trace, *shrunk, self.decision.trace, self.adjusted.trace, self.place.trace)
        return Trace("fair.compared", self.subject, params=params, inputs=inputs)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A group compared, in the order of names; ``strata`` are the factors that were adjusted for.

    ``centre`` is the group's rate, ``lines`` the funnel to draw, ``spread`` how much wider than chance the group
    differs before, ``adjusted_spread`` after adjustment (``None`` for a group of one). ``unmatched`` counts the cases
    of kinds the company has too few of; ``mix`` says of which kinds everybody's cases are.
    """

    indicator: str
    period: Period
    by: str
    role: str
    strata: tuple[str, ...]
    centre: float
    rows: tuple[Compared, ...]
    lines: FunnelLines
    spread: Dispersion | None
    adjusted_spread: Dispersion | None
    unmatched: int
    mix: CaseMix
    league: Mapping[Class, int] = field(default_factory=dict)

    def of(self, subject: str) -> Compared | None:
        """The row of one person or team; ``None`` for one without cases."""
        return next((row for row in self.rows if row.subject == subject), None)

    @property
    def trace(self) -> Trace:
        params: dict[str, Scalar] = {"period": self.period.key, "by": self.by, "role": self.role}
        return Trace("fair.comparison", self.indicator, params=params, inputs=tuple(row.trace for row in self.rows))


def comparable(indicator: Indicator) -> bool:
    """Whether persons can be compared on it: a rate of which more, or less, is better."""
    own = indicator.by(("person",))
    return own.spread is Spread.PROPORTION and own.direction is not Direction.RANGE


def roles_with_cases(
    store: Store, indicator: Indicator, period: Period, *, roster: Roster, months: int = 1
) -> dict[str, frozenset[str]]:
    """The roles in which somebody has cases that count, each with these people."""
    counts = count(store, indicator, period, by="person", strata=(), clock="business", months=months)
    roles: dict[str, set[str]] = {}
    for person, trials in zip(counts.subjects, counts.trials, strict=True):
        if trials > 0 and person in roster.members:
            roles.setdefault(roster.members[person].role, set()).add(person)
    return {role: frozenset(people) for role, people in roles.items()}


def compare(
    store: Store,
    indicator: Indicator,
    period: Period,
    *,
    roster: Roster,
    role: str,
    by: str = "person",
    strata: Sequence[str] = USUAL,
    clock: str = "business",
    error_rate: float = 0.05,
    months: int = 1,
) -> Comparison:
    """Compare the people of a role (``by="team"``: the teams they are in) on a rate of ``period``.

    With ``months`` the cases of so many months count that end with ``period``, where it is a month.
    The rates expected of each kind of case are those of the group itself. At most ``error_rate`` of those placed above
    or below are expected to be there by chance. Errors: ``fair.not_a_rate``, ``fair.stratum_in_hand``,
    ``fair.nobody_to_compare``.
    """
    dimensions = facts_in(store).declared[indicator.numerator.dataset].dimensions
    chosen = permitted(strata, dimensions)
    group = frozenset(_members(roster, role, by=by))
    counts = count(store, indicator, period, by=by, strata=chosen, clock=clock, months=months).of(group)
    if not sum(counts.trials):
        raise CalculationError("fair.nobody_to_compare", indicator=indicator.code, role=role, by=by)
    rates = company_rates(counts.strata, counts.successes, counts.trials)
    fair = standardise(counts.subjects, counts.strata, counts.successes, counts.trials, rates=rates)
    rows, spreads = _rows(fair, indicator, error_rate=error_rate)
    return Comparison(
        indicator=indicator.code,
        period=period,
        by=by,
        role=role,
        strata=chosen,
        centre=fair.overall,
        rows=rows,
        lines=binomial_lines(_sizes(fair.n), fair.overall),
        spread=spreads[0],
        adjusted_spread=spreads[1],
        unmatched=fair.unmatched,
        mix=case_mix(counts, rates, chosen),
        league={place: sum(row.place.place is place for row in rows) for place in Class},
    )


def _members(roster: Roster, role: str, *, by: str) -> list[str]:
    if by not in ("person", "team"):
        raise CalculationError("fair.by_whom", by=by)
    return [
        member.person if by == "person" else member.team for member in roster.members.values() if member.role == role
    ]


def _rows(
    fair: Standardised, indicator: Indicator, *, error_rate: float
) -> tuple[tuple[Compared, ...], tuple[Dispersion | None, Dispersion | None]]:
    x, n, centre = fair.observed, fair.n, fair.overall
    raw_z = np.nan_to_num(ratio(x - n * centre, np.sqrt(n * centre * (1 - centre))))
    raw_spread, spread = _spread(raw_z), _spread(fair.z)
    factor = 1.0 if spread is None else spread.factor
    settings = {"minimum": indicator.minimum, "direction": indicator.direction, "error_rate": error_rate}
    places = classify_z(fair.adjusted, fair.z / factor, n, centre=centre, **settings)  # type: ignore[arg-type]
    # The raw class is what a league table would say, so nothing widens it.
    raw_places = classify_rates(x, n, centre=centre, **settings)  # type: ignore[arg-type]
    parts = zip(
        fair.subjects, wilson_many(x, n), _shrunk(x, n), judge_rates(x, n, centre), fair, places, raw_places,
        strict=True,
    )  # fmt: skip
    return tuple(Compared(*part) for part in parts), (raw_spread, spread)


def _spread(z: Floats) -> Dispersion | None:
    return dispersion(z) if z.size > 1 else None


def _shrunk(x: Floats, n: Floats) -> Sequence[ShrunkRate | None]:
    if x.size < FEWEST_PEOPLE:
        return [None] * x.size
    return list(shrink_rates(x, n, prior=prior_by_moments(x, n)))


def _sizes(n: Floats) -> Floats:
    """Sizes to draw the funnel at: closer together where it narrows quickly."""
    low, high = max(1.0, float(n.min()) / 2), float(n.max()) * 1.1 + 1
    return np.unique(np.rint(np.geomspace(low, high, LINES)))
