"""Targets proposed from a company's own months: a start for people to decide on, never a decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from fuxiao.core.errors import FuxiaoError, Issue
from fuxiao.core.explain import Trace
from fuxiao.core.indicator import Direction
from fuxiao.core.period import Period, parse_period
from fuxiao.core.proposal.history import Month, Previous, Rules
from fuxiao.core.proposal.targets import Proposal, propose
from fuxiao.datasets.store import Store
from fuxiao.engine.definition import Indicator
from fuxiao.metrics.source import COMPANY
from fuxiao.metrics.values import Request, ValueTable, compute_values
from fuxiao.performance.figures import months_before
from fuxiao.performance.roster import Roster

HISTORY = 24
"""Months that are looked at: two years show a season."""
BOUNDED = ("percent",)
STEPS = 100
"""A figure that is no percentage is rounded to about so many steps of its own size."""


@dataclass(frozen=True, slots=True)
class TargetProposal:
    """Proposed targets of one indicator for a company, team or role.

    ``proposal`` is ``None`` where ``refused`` says why there is none (too few months with enough facts …).
    ``row`` is ready for ``targets.yaml``, but for the company as a whole, whose figure has no row of its own.
    """

    indicator: str
    by: str
    subject: str
    period: Period
    months: int
    proposal: Proposal | None
    refused: Issue | None = None

    @property
    def warnings(self) -> tuple[Issue, ...]:
        return () if self.proposal is None else self.proposal.warnings

    @property
    def trace(self) -> Trace | None:
        """The steps from the months to the target, each with its arithmetic."""
        return None if self.proposal is None else self.proposal.trace

    def row(self, *, decided_on: date | None = None, reason: str = "") -> dict[str, object] | None:
        """A row of ``targets.yaml``; ``None`` without a proposal and for the company."""
        if self.proposal is None or self.by == COMPANY:
            return None
        numbers = {name: getattr(self.proposal, name) for name in ("floor", "target", "stretch")}
        row: dict[str, object] = {"indicator": self.indicator, self.by: self.subject, **numbers}
        row |= {"valid_from": self.period.start, "valid_to": self.period.end}
        row |= {} if decided_on is None else {"decided_on": decided_on}
        return row | ({"reason": reason} if reason else {})


@dataclass(frozen=True, slots=True)
class House:
    """How a company sets targets where the indicator does not say: see ``core.proposal.Rules``.

    ``benchmarks`` and ``limits`` (law or contract) by indicator code; a benchmark not given is the definition's own.
    ``snaps`` are steps to round to; not given, half a per cent, or about a hundredth of the level.
    """

    benchmarks: Mapping[str, Decimal | None] | None = None
    limits: Mapping[str, Decimal] | None = None
    snaps: Mapping[str, Decimal] | None = None
    rules: Rules = field(default_factory=Rules)


USUAL = House()


def propose_targets(
    store: Store,
    indicators: Iterable[Indicator],
    period: Period,
    *,
    by: str = COMPANY,
    roster: Roster | None = None,
    as_of: date,
    history: int = HISTORY,
    house: House = USUAL,
    previous: Mapping[tuple[str, str], Previous] | None = None,
    clock: str = "business",
) -> list[TargetProposal]:
    """Propose targets for ``period`` from the ``history`` months before ``as_of``.

    ``by`` is ``company``, ``team`` or ``role``. Months that are not yet firm on ``as_of`` do not count. A role's month
    is the sum over its people on ``roster``, never a mean of means. ``previous`` holds by (indicator, subject) the last
    target and what was reached, so that the next one is raised by half of the excess at most. Ordered by indicator as
    given, then subject.
    """
    whose = ("person",) if by == "role" else (by,)
    wanted = [each for each in (i.by(whose) for i in indicators) if by != "role" or each.denominator is not None]
    if not wanted:
        return []
    table = _history(store, wanted, by=by, as_of=as_of, months=history, clock=clock)
    series = _by_role(table, roster) if by == "role" else _series(table)
    found: list[TargetProposal] = []
    for indicator in wanted:
        for subject in sorted(subject for code, subject in series if code == indicator.code):
            months = series[indicator.code, subject]
            last = (previous or {}).get((indicator.code, subject))
            made = TargetProposal(indicator.code, by, subject, period, len(months), None)
            found.append(_proposed(made, indicator, months, rules=_rules(indicator, months, house), previous=last))
    return found


def _history(
    store: Store, indicators: Sequence[Indicator], *, by: str, as_of: date, months: int, clock: str
) -> ValueTable:
    month = parse_period(f"{as_of:%Y-%m}")
    before = months_before(month, months)
    asked = Request(
        indicators=indicators, first=before[0], last=before[-1], by=("person" if by == "role" else by,), clock=clock,
        spreads=False, exclusions=False,
    )  # fmt: skip
    return compute_values(store, asked, as_of=as_of)


def _series(table: ValueTable) -> dict[tuple[str, str], list[Month]]:
    series: dict[tuple[str, str], list[Month]] = {}
    for value in table:
        if value.value is not None and not value.provisional:
            months = series.setdefault((value.indicator, value.subject), [])
            months.append(_month(value.period, value.value, value.n))
    return series


def _by_role(table: ValueTable, roster: Roster | None) -> dict[tuple[str, str], list[Month]]:
    """Numerators over denominators of all people of a role, scaled as the values are."""
    roles = {} if roster is None else {person: member.role for person, member in roster.members.items()}
    sums: dict[tuple[str, str, str], tuple[Decimal, Decimal, int]] = {}
    for value in table:
        if value.subject not in roles or value.value is None or value.provisional or not value.denominator:
            continue
        key = (value.indicator, roles[value.subject], value.period)
        above, below, n = sums.get(key, (Decimal(0), Decimal(0), 0))
        sums[key] = (above + value.value * value.denominator, below + value.denominator, n + value.n)
    series: dict[tuple[str, str], list[Month]] = {}
    for (code, role, period), (above, below, n) in sorted(sums.items()):
        series.setdefault((code, role), []).append(_month(period, above / below, n))
    return series


def _month(period: str, value: Decimal, n: int) -> Month:
    year, month = period.split("-")
    return Month(int(year), int(month), value, n)


def _rules(indicator: Indicator, months: Sequence[Month], house: House) -> Rules:
    """The house's rules with what the indicator says: direction, minimum, scale, benchmark, step."""
    code = indicator.code
    known = dict(house.benchmarks or {})
    own = indicator.benchmark.value if indicator.benchmark is not None else None
    bounded = indicator.unit in BOUNDED
    # A range has no better side; the core refuses it, and the proposal says so.
    direction = Direction.HIGHER if indicator.direction is Direction.RANGE else indicator.direction
    return replace(
        house.rules,
        direction=direction,
        minimum=indicator.minimum,
        benchmark=known.get(code, own),
        limit=(house.limits or {}).get(code, house.rules.limit),
        lowest=Decimal(0) if bounded or _never_negative(months) else None,
        highest=Decimal(100) if bounded else None,
        snap=(house.snaps or {}).get(code) or (house.rules.snap if bounded else step_for(months)),
    )


def _never_negative(months: Sequence[Month]) -> bool:
    return all(month.value >= 0 for month in months)


def step_for(months: Sequence[Month]) -> Decimal:
    """A round step (1, 2 or 5 times a power of ten) of about a hundredth of the usual level; 1 where that is 0."""
    if not months:
        return Decimal(1)
    size = abs(sum((month.value for month in months), Decimal(0)) / len(months)) / STEPS
    if size == 0:
        return Decimal(1)
    power = Decimal(1).scaleb(size.adjusted())
    return next(step * power for step in map(Decimal, (1, 2, 5, 10)) if step * power >= size)


def _proposed(
    made: TargetProposal, indicator: Indicator, months: Sequence[Month], *, rules: Rules, previous: Previous | None
) -> TargetProposal:
    """The proposal, or why there is none."""
    if indicator.direction is Direction.RANGE:
        return replace(made, refused=Issue(indicator.code, "proposal.range_has_no_better"))
    ahead = [(month.start.year, month.start.month) for month in made.period.months()]
    try:
        return replace(made, proposal=propose(months, target_months=ahead, rules=rules, previous=previous))
    except FuxiaoError as error:
        return replace(made, refused=Issue(indicator.code, error.code, dict(error.params)))
