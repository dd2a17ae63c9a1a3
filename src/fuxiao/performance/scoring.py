"""Scores a period: the roster's values against their targets under a scheme, with everything needed to explain it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from fuxiao.core.indicator import Direction, Standing, Value
from fuxiao.core.period import Period, local_day, parse_period
from fuxiao.core.score import TEAM_SCORE, GroupScores, IndicatorInfo, Scheme, Subject, score_group
from fuxiao.core.score.scheme import Scope, SmallSample
from fuxiao.core.target import Target
from fuxiao.datasets.store import Store
from fuxiao.engine.definition import Indicator
from fuxiao.metrics.values import Request, ValueTable, compute_values
from fuxiao.performance.decisions import Decisions
from fuxiao.performance.roster import Roster, read_roster

NORM_MONTHS = 6
"""A person's own norm is what they reached over so many months before the period."""

Cells = Mapping[tuple[str, str], Value]
"""Values of one period by (subject, indicator)."""


@dataclass(frozen=True, slots=True)
class ScoreRun:
    """A period scored: the roster, the values that were used (people and teams), the cards, what could not be computed.

    ``missing`` names for each indicator the columns that hold nothing in this company's data.
    """

    period: Period
    scheme: Scheme
    roster: Roster
    values: Cells
    team_values: Cells
    scores: GroupScores
    as_of: datetime
    clock: str
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def indicator_infos(library: Mapping[str, Indicator]) -> dict[str, IndicatorInfo]:
    """What a scheme must know of each indicator; the team's own score is one too."""
    known = {code: IndicatorInfo(each.direction, each.kind, tuple(each.counter)) for code, each in library.items()}
    return known | {TEAM_SCORE: IndicatorInfo(Direction.HIGHER, "people")}


def score_period(
    store: Store,
    scheme: Scheme,
    period: Period,
    *,
    library: Mapping[str, Indicator],
    decisions: Decisions,
    as_of: datetime,
    clock: str = "business",
    default_role: str = "",
) -> ScoreRun:
    """Scorecards of everybody on the roster of ``period``.

    Where the company keeps no memberships, everybody credited with a value is scored in ``default_role`` (or in the
    scheme's only role). Raises ``UnknownName`` for a role of the roster that the scheme does not know only when it is
    the default; people in other unknown roles are left out and keep no card.
    """
    wanted = _indicators(scheme, library)
    today = local_day(int(as_of.timestamp()), store.settings.zone)
    asked = Request(indicators=wanted, first=period, last=period, by=("person",), clock=clock)
    people = compute_values(store, asked, as_of=today)
    teams = compute_values(store, replace(asked, by=("team",)), as_of=today)
    whole = compute_values(store, replace(asked, by=("company",)), as_of=today)
    role = default_role or (next(iter(scheme.roles)) if len(scheme.roles) == 1 else "")
    values = cells(people)
    roster = read_roster(store, period, default_role=role, seen=sorted({subject for subject, _ in values}))
    team_values = cells(teams) | {("", v.indicator): v for v in whole}
    norms = _norms(store, scheme, library, period, clock=clock)
    subjects = _people(scheme, roster, values, decisions, norms)
    return ScoreRun(
        period=period,
        scheme=scheme,
        roster=roster,
        values=values,
        team_values=team_values,
        scores=score_group(scheme, subjects, period=period.key, teams=_teams(scheme, roster, team_values)),
        as_of=as_of,
        clock=clock,
        missing=dict(people.missing) | dict(teams.missing),
    )


def cells(table: ValueTable) -> dict[tuple[str, str], Value]:
    """The values of a one-period table by (subject, indicator)."""
    return {(value.subject, value.indicator): value for value in table}


def _indicators(scheme: Scheme, library: Mapping[str, Indicator]) -> list[Indicator]:
    codes = dict.fromkeys(
        item.indicator for role in scheme.roles.values() for item in role.items if item.indicator != TEAM_SCORE
    )
    for side in (scheme.bonus, scheme.deductions):
        codes.update(dict.fromkeys(rule.indicator for rule in side.rules if hasattr(rule, "indicator")))
    return [library[code] for code in codes if code in library]


def _people(
    scheme: Scheme, roster: Roster, values: Cells, decisions: Decisions, norms: Mapping[tuple[str, str], Decimal]
) -> Iterator[Subject]:
    shrunk = _shrunken(scheme, roster, values)
    day = roster.period.start
    for member in roster.members.values():
        if member.role not in scheme.roles:
            continue
        codes = [item.indicator for item in scheme.roles[member.role].items]
        targets = decisions.targets.targets(codes, on=day, person=member.person, team=member.team, role=member.role)
        for code in codes:
            if (member.person, code) in norms:
                targets[code] = _with_norm(targets.get(code), norms[member.person, code])
        yield Subject(
            id=member.person,
            role=member.role,
            values={code: values[member.person, code] for code in codes if (member.person, code) in values},
            team=member.team,
            targets=targets,
            shrunk={code: shrunk[member.person, code] for code in codes if (member.person, code) in shrunk},
            events=decisions.of(member.person, roster.period.start, roster.period.end),
            tenure_month=member.tenure_month(roster.period),
        )


def _with_norm(target: Target | None, norm: Decimal) -> Target:
    return Target(norm=norm) if target is None else Target(target.floor, target.target, target.stretch, norm)


def _teams(scheme: Scheme, roster: Roster, team_values: Cells) -> Iterator[Subject]:
    """Each team with its own figures; one that has none takes those of the nearest team above it, up to the whole."""
    codes = {item.indicator for role in scheme.roles.values() for item in role.items}
    for team in sorted({member.team for member in roster.members.values()}):
        found = {
            code: value for code in sorted(codes) if (value := _climb(roster, team_values, team, code)) is not None
        }
        yield Subject(id=team, role=_team_role(scheme, roster, team), values=found)


def _climb(roster: Roster, team_values: Cells, team: str, code: str) -> Value | None:
    seen: set[str] = set()
    while team and team not in seen:
        if (team, code) in team_values:
            return team_values[team, code]
        seen.add(team)
        team = roster.teams[team].parent if team in roster.teams else ""
    return team_values.get(("", code))


def _team_role(scheme: Scheme, roster: Roster, team: str) -> str:
    """The role whose items a team is judged by: its function where that is a role, else that of most members."""
    kind = roster.teams[team].kind if team in roster.teams else ""
    if kind in scheme.roles:
        return kind
    counts: dict[str, int] = {}
    for member in roster.members.values():
        judged = member.role in scheme.roles and not _led_by_team(scheme, member.role)
        if member.team == team and judged:
            counts[member.role] = counts.get(member.role, 0) + 1
    if counts:
        return max(sorted(counts), key=lambda role: counts[role])
    return next(role for role in scheme.roles if not _led_by_team(scheme, role))


def _led_by_team(scheme: Scheme, role: str) -> bool:
    """Whether a role is itself scored by its team's score (a lead): a team cannot be judged by that."""
    return any(item.indicator == TEAM_SCORE for item in scheme.roles[role].items)


def _shrunken(scheme: Scheme, roster: Roster, values: Cells) -> dict[tuple[str, str], Decimal]:
    """Small-sample rates pulled towards the people of the same role, for the items that ask for it."""
    found: dict[tuple[str, str], Decimal] = {}
    for role in scheme.roles.values():
        members = [m.person for m in roster.members.values() if m.role == role.key]
        for item in role.items:
            if item.small is SmallSample.SHRUNK and item.scope is Scope.OWN:
                group = [values[p, item.indicator] for p in members if (p, item.indicator) in values]
                found |= shrink_group(group)
    return found


def shrink_group(group: Sequence[Value]) -> dict[tuple[str, str], Decimal]:
    """Shrunken rates of one indicator's small samples; empty where the group is too small or it is no proportion."""
    from fuxiao.core.fairness.figures import exact
    from fuxiao.core.fairness.shrinkage import prior_by_moments, shrink_rates

    rates = [v for v in group if v.denominator and v.numerator is not None and 0 <= v.numerator <= v.denominator]
    if len(rates) < 5:
        return {}
    x, n = [float(v.numerator or 0) for v in rates], [float(v.denominator or 0) for v in rates]
    shrunk = shrink_rates(x, n, prior=prior_by_moments(x, n))
    return {
        (v.subject, v.indicator): exact(float(shrunk.value[at]), 10) * 100
        for at, v in enumerate(rates)
        if v.standing is Standing.SMALL
    }


def _norms(
    store: Store, scheme: Scheme, library: Mapping[str, Indicator], period: Period, *, clock: str
) -> dict[tuple[str, str], Decimal]:
    """What each person reached over the months before the period, for items stated in multiples of the own norm."""
    codes = {item.indicator for role in scheme.roles.values() for item in role.items if item.of_norm}
    wanted = [library[code] for code in sorted(codes) if code in library]
    if not wanted:
        return {}
    before = months_before(period, NORM_MONTHS)
    request = Request(
        indicators=wanted,
        first=before[0],
        last=before[-1],
        by=("person",),
        clock=clock,
        spreads=False,
        exclusions=False,
    )
    return own_norms(compute_values(store, request, as_of=period.start))


def own_norms(values: Iterable[Value]) -> dict[tuple[str, str], Decimal]:
    """Sum of numerators over sum of denominators (scaled as the values are): never a mean of means."""
    sums: dict[tuple[str, str], list[Decimal]] = {}
    for value in values:
        if value.value is None or value.numerator is None or not value.denominator:
            continue
        row = sums.setdefault((value.subject, value.indicator), [Decimal(0), Decimal(0)])
        row[0] += value.value * value.denominator
        row[1] += value.denominator
    return {key: weighted / whole for key, (weighted, whole) in sums.items() if whole and weighted}


def months_before(period: Period, count: int) -> list[Period]:
    """The ``count`` months before the period's first day, oldest first."""
    month = parse_period(f"{period.start:%Y-%m}")
    months: list[Period] = []
    for _step in range(count):
        month = month.previous()
        months.append(month)
    return months[::-1]
