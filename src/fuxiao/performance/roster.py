"""Who is scored and paid in a period: people with role, team, share of the period, base and attendance."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

import ibis
from ibis import _

from fuxiao.core.bonus.money import MINOR_UNITS
from fuxiao.core.period import Period
from fuxiao.core.score import Scheme
from fuxiao.datasets.store import Store

EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Stint:
    """A stretch of the period ``[start, end)`` in one role and team."""

    role: str
    team: str
    start: date
    end: date
    base: Decimal | None = None

    @property
    def days(self) -> int:
        return (self.end - self.start).days


@dataclass(frozen=True, slots=True)
class Member:
    """One person of the roster. ``role`` and ``team`` are those of the longest stint (of equal ones the last).

    ``position`` is what the company calls the role, where a scheme covers it by another one.
    ``attended`` and ``scheduled`` are days; ``None`` where the company records no attendance.
    """

    person: str
    name: str
    role: str
    team: str
    stints: tuple[Stint, ...] = ()
    hired_on: date | None = None
    wage: Decimal | None = None
    base: Decimal | None = None
    attended: Decimal | None = None
    scheduled: Decimal | None = None
    position: str = ""

    def tenure_month(self, period: Period) -> int | None:
        """The month of service in which the period starts, from 1; ``None`` where the hiring day is not known."""
        if self.hired_on is None:
            return None
        last = period.end - timedelta(days=1)
        return max(1, (last.year - self.hired_on.year) * 12 + last.month - self.hired_on.month + 1)


@dataclass(frozen=True, slots=True)
class Team:
    """A team with its place in the tree and its function (the role its members are mostly in)."""

    team: str
    name: str
    parent: str = ""
    kind: str = ""
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody of a period, by person, and the teams."""

    period: Period
    members: Mapping[str, Member]
    teams: Mapping[str, Team] = field(default_factory=dict)

    def under(self, scheme: Scheme) -> Roster:
        """The same people in the roles of a scheme; who is in a position that none of them covers stays in it."""
        members = {person: _covered(member, scheme) for person, member in self.members.items()}
        teams = {key: replace(team, kind=scheme.covering(team.kind)) for key, team in self.teams.items()}
        return replace(self, members=members, teams=teams)

    def name(self, person: str) -> str:
        """The name to show for a person or a team; the key itself for somebody unknown."""
        if person in self.members:
            return self.members[person].name
        return self.teams[person].name if person in self.teams else person

    def find(self, text: str) -> list[Member]:
        """The member with this employee number, else all of this name; blanks, width and capitals tell no two apart."""
        if text in self.members:
            return [self.members[text]]
        return [member for member in self.members.values() if _same(member.name) == _same(text)]


def _same(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def _covered(member: Member, scheme: Scheme) -> Member:
    stints = tuple(replace(stint, role=scheme.covering(stint.role)) for stint in member.stints)
    return replace(member, role=scheme.covering(member.role), stints=stints, position=member.role)


def read_roster(store: Store, period: Period, *, default_role: str = "", seen: Sequence[str] = ()) -> Roster:
    """The roster of a period from memberships, people, teams and attendance.

    Where a company keeps no memberships, everybody in ``seen`` (people credited with something) is a member in
    ``default_role``, in the team their facts belong to.
    """
    digits = MINOR_UNITS.get(store.settings.currency, 2)
    people = {row["person"]: row for row in _rows(store, store.records("people"))}
    stints = _stints(store, period, digits)
    if not stints:
        stints = {person: [Stint(default_role, team, period.start, period.end)] for person, team in _seen(store, seen)}
    attendance = _attendance(store, period)
    members = {
        person: _member(person, rows, people.get(person, {}), attendance.get(person), digits)
        for person, rows in sorted(stints.items())
    }
    return Roster(period, members, _teams(store))


def _member(
    person: str, stints: list[Stint], record: Mapping[str, object], days: tuple[Decimal, Decimal] | None, digits: int
) -> Member:
    main = max(stints, key=lambda stint: (stint.days, stint.start))
    return Member(
        person=person,
        name=str(record.get("name") or person),
        role=main.role,
        team=main.team,
        stints=tuple(stints),
        hired_on=_day(record.get("hired_on")),
        wage=_money(record.get("wage"), digits),
        base=main.base if main.base is not None else _money(record.get("bonus_base"), digits),
        attended=None if days is None else days[0],
        scheduled=None if days is None else days[1],
    )


def _stints(store: Store, period: Period, digits: int) -> dict[str, list[Stint]]:
    first, after = (period.start - EPOCH).days, (period.end - EPOCH).days
    table = store.records("memberships")
    ends = _.valid_to.isnull() | ((_.valid_to > first) & (_.valid_to > _.valid_from))
    now = table.filter(_.valid_from < after, ends)
    stints: dict[str, list[Stint]] = {}
    for row in _rows(store, now.order_by("person", "valid_from")):
        start = max(period.start, _day(row["valid_from"]) or period.start)
        end = min(period.end, _day(row["valid_to"]) or period.end)
        base = _money(row["bonus_base"], digits)
        stints.setdefault(str(row["person"]), []).append(
            Stint(str(row["role"] or ""), str(row["team"] or ""), start, end, base)
        )
    return stints


def _seen(store: Store, people: Iterable[str]) -> Iterable[tuple[str, str]]:
    """People credited in the facts with the team most of their cases belong to."""
    cases = store.facts("cases")
    counts = cases.filter(_.ao.notnull()).group_by("ao", "ao_team").aggregate(n=_.count())
    ranked = counts.mutate(place=ibis.row_number().over(group_by="ao", order_by=[ibis.desc("n"), "ao_team"]))
    teams = {row["ao"]: row["ao_team"] for row in _rows(store, ranked.filter(_.place == 0))}
    return [(person, str(teams.get(person) or "")) for person in sorted(set(people))]


def _attendance(store: Store, period: Period) -> dict[str, tuple[Decimal, Decimal]]:
    """Days attended and scheduled. A day with leave that is partly paid counts by that part: half a day, often."""
    if "attendance" not in store.manifest.records:
        return {}
    first, after = (period.start - EPOCH).days, (period.end - EPOCH).days
    rows = store.records("attendance").filter(_.date >= first, _.date < after)
    partly = _.leave.notnull() & (_.paid_min > 0) & (_.paid_min < _.scheduled_min)
    told = rows.mutate(paid=partly.ifelse(_.paid_min, 1), due=partly.ifelse(_.scheduled_min, 1))
    alike = told.group_by("person", "paid", "due").aggregate(
        attended=((_.available_min > 0) | (_.paid_min > 0)).sum(), scheduled=(_.scheduled_min > 0).sum()
    )
    days: dict[str, tuple[Decimal, Decimal]] = {}
    for row in _rows(store, alike.order_by("person", "due", "paid")):
        attended, scheduled = days.get(str(row["person"]), (Decimal(0), Decimal(0)))
        part = _number(row["paid"]) / _number(row["due"])
        days[str(row["person"])] = attended + _number(row["attended"]) * part, scheduled + _number(row["scheduled"])
    return {person: found for person, found in days.items() if found[1]}


def _number(value: object) -> Decimal:
    return Decimal(str(value or 0))


def _teams(store: Store) -> dict[str, Team]:
    rows = _rows(store, store.records("teams").order_by("team"))
    return {
        str(row["team"]): Team(
            team=str(row["team"]),
            name=str(row["name"] or row["team"]),
            parent=str(row["parent"] or ""),
            kind=str(row["kind"] or ""),
            lead=str(row["lead"] or ""),
        )
        for row in rows
    }


def _rows(store: Store, table: ibis.Table) -> list[dict[str, object]]:
    found: list[dict[str, object]] = store.execute(table).to_pylist()
    return found


def _day(value: object) -> date | None:
    return EPOCH + timedelta(days=value) if isinstance(value, int) else None


def _money(value: object, digits: int) -> Decimal | None:
    return Decimal(value).scaleb(-digits) if isinstance(value, int) else None


def read_names(store: Store) -> dict[str, str]:
    """Names of people and teams by their key."""
    names = {str(row["person"]): str(row["name"]) for row in _rows(store, store.records("people")) if row["name"]}
    return names | {str(row["team"]): str(row["name"]) for row in _rows(store, store.records("teams")) if row["name"]}
