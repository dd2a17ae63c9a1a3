"""Scores a period: the roster's values against their targets under a scheme, with everything needed to explain it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from fuxiao.core.errors import InputError, UnknownName
from fuxiao.core.indicator import Direction, Standing, Value
from fuxiao.core.period import Period
from fuxiao.core.score import TEAM_SCORE, GroupScores, IndicatorInfo, Scheme, Subject, score_group
from fuxiao.core.score.scheme import Scope, SmallSample
from fuxiao.core.target import Target
from fuxiao.datasets.store import Store
from fuxiao.engine.definition import Indicator
from fuxiao.performance.decisions import Decisions
from fuxiao.performance.figures import Cells, Figures
from fuxiao.performance.roster import Member, Roster, read_roster
from fuxiao.performance.rulings import Ruling, with_grades, with_ratings, without_cases


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
    known = {
        code: IndicatorInfo(each.direction, each.kind, tuple(each.counter), each.by(("person",)).direction)
        for code, each in library.items()
    }
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
    rulings: Sequence[Ruling] = (),
    figures: Figures | None = None,
) -> ScoreRun:
    """Scorecards of everybody on the roster of ``period``; see ``score_periods``."""
    return score_periods(
        store, scheme, [period], library=library, decisions=decisions, as_of=as_of, clock=clock,
        default_role=default_role, rulings=rulings, figures=figures,
    )[0]  # fmt: skip


def score_periods(
    store: Store,
    scheme: Scheme,
    periods: Sequence[Period],
    *,
    library: Mapping[str, Indicator],
    decisions: Decisions,
    as_of: datetime,
    clock: str = "business",
    default_role: str = "",
    rulings: Sequence[Ruling] = (),
    figures: Figures | None = None,
) -> list[ScoreRun]:
    """Scorecards of consecutive periods of one kind, oldest first; the values of all are computed together.

    Where the company keeps no memberships, everybody credited with a value is scored in ``default_role`` (or in the
    scheme's only role); ``InputError`` (``score.no_role``) where there are several and none is named, ``UnknownName``
    for a default the scheme does not know. People of the roster in a role it does not know keep no card. ``rulings``
    are decisions about figures and grades of these periods. ``figures`` are those of the periods, where another scheme
    asked for them as well.
    """
    if default_role and default_role not in scheme.roles:
        raise UnknownName("role", default_role, scheme.roles)
    if figures is None:
        figures = Figures.computed(store, [scheme], periods, library=library, as_of=as_of, clock=clock)
    figures = figures.of(scheme, library)
    role = default_role or (next(iter(scheme.roles)) if len(scheme.roles) == 1 else "")
    runs = []
    for period in periods:
        values = with_ratings(without_cases(figures.people.get(period.key, {}), rulings, library), rulings, period.key)
        team_values = without_cases(figures.teams.get(period.key, {}), rulings, library)
        seen = sorted({subject for subject, _ in values})
        roster = read_roster(store, period, default_role=role, seen=seen).under(scheme)
        if roster.members and not any(member.role for member in roster.members.values()):
            raise InputError("score.no_role", known=tuple(scheme.roles))
        subjects = _people(scheme, roster, values, decisions, figures.norms(period))
        scores = score_group(scheme, subjects, period=period.key, teams=_teams(scheme, roster, team_values))
        scores = with_grades(scores, rulings)
        runs.append(
            ScoreRun(period, scheme, roster, values, team_values, scores, as_of, clock, missing=figures.missing)
        )
    return runs


def _people(
    scheme: Scheme, roster: Roster, values: Cells, decisions: Decisions, norms: Mapping[tuple[str, str], Decimal]
) -> Iterator[Subject]:
    shrunk = _shrunken(scheme, roster, values)
    day = roster.period.start
    for member in roster.members.values():
        if member.role not in scheme.roles:
            continue
        codes = [item.indicator for item in scheme.roles[member.role].items]
        targets = _targets(decisions, member, codes, day)
        for code in codes:
            if (member.person, code) in norms:
                targets[code] = _with_norm(targets.get(code), norms[member.person, code])
        yield Subject(
            id=member.person,
            role=member.role,
            values={c: values[member.person, c] for c in (*codes, *scheme.beside) if (member.person, c) in values},
            team=member.team,
            targets=targets,
            shrunk={code: shrunk[member.person, code] for code in codes if (member.person, code) in shrunk},
            events=decisions.of(member.person, roster.period.start, roster.period.end),
            tenure_month=member.tenure_month(roster.period),
        )


def _targets(decisions: Decisions, member: Member, codes: Sequence[str], day: date) -> dict[str, Target]:
    """The targets that hold; one that was set for the position goes before one for the scheme's role."""
    found: dict[str, Target] = {}
    for role in dict.fromkeys((member.role, member.position)):
        found |= decisions.targets.targets(codes, on=day, person=member.person, team=member.team, role=role)
    return found


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
