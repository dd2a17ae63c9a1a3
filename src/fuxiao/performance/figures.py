"""The values a scheme needs over several periods, for people, teams and the whole, computed in a few scans."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from fuxiao.core.indicator import Value
from fuxiao.core.period import Period, local_day, parse_period
from fuxiao.core.score import TEAM_SCORE, Scheme
from fuxiao.core.score.scheme import Item
from fuxiao.datasets.store import Store
from fuxiao.engine.definition import Indicator
from fuxiao.metrics.values import Request, ValueTable, compute_values

NORM_MONTHS = 6
"""A person's own norm is what they reached over so many months before the period."""

NORM_STEP = Decimal("0.0001")

Cells = Mapping[tuple[str, str], Value]
"""Values of one period by (subject, indicator)."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Values by period, for people and for teams (the whole company is the team without a name).

    ``monthly`` are people's months for items stated in multiples of the own norm; ``missing`` names for each indicator
    the columns that hold nothing.
    """

    people: Mapping[str, Cells]
    teams: Mapping[str, Cells]
    monthly: Sequence[Value] = ()
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def computed(
        cls,
        store: Store,
        schemes: Sequence[Scheme],
        periods: Sequence[Period],
        *,
        library: Mapping[str, Indicator],
        as_of: datetime,
        clock: str,
    ) -> Figures:
        """The figures that any of the schemes asks for, of consecutive periods of one kind."""
        asked = Request(
            indicators=wanted(schemes, library), first=periods[0], last=periods[-1], by=("person",), clock=clock
        )
        today = local_day(int(as_of.timestamp()), store.settings.zone)
        people, teams, whole = (
            compute_values(store, replace(asked, by=(group,)), as_of=today) for group in ("person", "team", "company")
        )
        return cls.made_of(people, teams, whole, months(store, schemes, library, periods, clock=clock))

    @classmethod
    def made_of(cls, people: ValueTable, teams: ValueTable, whole: ValueTable, monthly: Sequence[Value]) -> Figures:
        """The same from tables that somebody computed."""
        return cls(
            people=by_period(people),
            teams=_with_whole(by_period(teams), whole),
            monthly=monthly,
            missing=dict(people.missing) | dict(teams.missing),
        )

    def of(self, scheme: Scheme, library: Mapping[str, Indicator]) -> Figures:
        """Those that this scheme asks for, and no others."""
        codes = {each.code for each in wanted([scheme], library)}
        return replace(self, people=_only(self.people, codes), teams=_only(self.teams, codes))

    def norms(self, period: Period) -> dict[tuple[str, str], Decimal]:
        """What each person reached over the months before a period."""
        keys = {month.key for month in months_before(period, NORM_MONTHS)}
        return own_norms(value for value in self.monthly if value.period in keys)


def _only(periods: Mapping[str, Cells], codes: Collection[str]) -> dict[str, Cells]:
    return {
        period: {(who, code): value for (who, code), value in cells.items() if code in codes}
        for period, cells in periods.items()
    }


def by_period(table: ValueTable) -> dict[str, dict[tuple[str, str], Value]]:
    """The values of a table by period, then by (subject, indicator)."""
    found: dict[str, dict[tuple[str, str], Value]] = {}
    for value in table:
        found.setdefault(value.period, {})[value.subject, value.indicator] = value
    return found


def _with_whole(
    teams: dict[str, dict[tuple[str, str], Value]], whole: ValueTable
) -> dict[str, dict[tuple[str, str], Value]]:
    for value in whole:
        teams.setdefault(value.period, {})["", value.indicator] = value
    return teams


def wanted(schemes: Sequence[Scheme], library: Mapping[str, Indicator]) -> list[Indicator]:
    """The indicators that any of the schemes looks at."""
    codes = dict.fromkeys(item.indicator for item in _items(schemes) if item.indicator != TEAM_SCORE)
    for scheme in schemes:
        codes.update(dict.fromkeys(scheme.beside))
    return [library[code] for code in codes if code in library]


def _items(schemes: Sequence[Scheme]) -> Iterator[Item]:
    return (item for scheme in schemes for role in scheme.roles.values() for item in role.items)


def months(
    store: Store, schemes: Sequence[Scheme], library: Mapping[str, Indicator], periods: Sequence[Period], *, clock: str
) -> list[Value]:
    """People's months before the first of these periods, and up to the last, for items stated in the own norm."""
    codes = {item.indicator for item in _items(schemes) if item.of_norm}
    asked = [library[code] for code in sorted(codes) if code in library]
    if not asked:
        return []
    first, last = months_before(periods[0], NORM_MONTHS)[0], months_before(periods[-1], 1)[0]
    request = Request(
        indicators=asked, first=first, last=last, by=("person",), clock=clock, spreads=False, exclusions=False
    )
    return list(compute_values(store, request, as_of=periods[-1].start))


def own_norms(values: Iterable[Value]) -> dict[tuple[str, str], Decimal]:
    """Sum of numerators over sum of denominators (scaled as the values are), at four places: never a mean of means."""
    sums: dict[tuple[str, str], list[Decimal]] = {}
    for value in values:
        if value.value is None or value.numerator is None or not value.denominator:
            continue
        row = sums.setdefault((value.subject, value.indicator), [Decimal(0), Decimal(0)])
        row[0] += value.value * value.denominator
        row[1] += value.denominator
    return {
        key: (weighted / whole).quantize(NORM_STEP, rounding=ROUND_HALF_UP)
        for key, (weighted, whole) in sums.items()
        if whole and weighted
    }


def months_before(period: Period, count: int) -> list[Period]:
    """The ``count`` months before the period's first day, oldest first."""
    month = parse_period(f"{period.start:%Y-%m}")
    months: list[Period] = []
    for _step in range(count):
        month = month.previous()
        months.append(month)
    return months[::-1]
