"""Reads of the organisation: who looks, and which people and teams are in reach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from fuxiao.base.permissions import GRANTS, Reach, Role, Viewer, permissions_of, reach_of
from fuxiao.org.models import Membership, Person, Team, User
from fuxiao.org.pinyin import folded

ANONYMOUS = Viewer(account=None, name="")


def viewer_of(user: User, *, on: date) -> Viewer:
    """What this account may see and do on that day. Three queries, whatever the size of the organisation."""
    roles = frozenset(Role(each) for each in user.grants.values_list("role", flat=True)) if user.is_active else ()
    person = user.person
    reach = reach_of(roles)
    teams: frozenset[str] = frozenset()
    # Whoever sees everybody in one role leads in another: each right reaches as far as the role that gives it.
    if person is not None and any(GRANTS[each][0] is Reach.TEAMS for each in roles):
        teams = teams_below(_own_teams(person, on=on))
    return Viewer(
        account=user.pk, name=user.shown_name, person=person.number if person else None, roles=frozenset(roles),
        reach=reach, permissions=permissions_of(roles), teams=teams,
    )  # fmt: skip


def _own_teams(person: Person, *, on: date) -> set[int]:
    held = current(Membership.objects.filter(person=person), on=on).values_list("team_id", flat=True)
    return set(held) | set(Team.objects.filter(lead=person).values_list("id", flat=True))


def teams_below(roots: Iterable[int]) -> frozenset[str]:
    """The keys of these teams and all below them. One query: a tree of teams fits into memory."""
    keys: dict[int, str] = {}
    below: dict[int | None, list[int]] = defaultdict(list)
    for number, key, parent in Team.objects.values_list("id", "key", "parent_id"):
        keys[number] = key
        below[parent].append(number)
    found: set[int] = set()
    waiting = list(roots)
    while waiting:
        team = waiting.pop()
        if team not in found:
            found.add(team)
            waiting += below[team]
    return frozenset(keys[team] for team in found if team in keys)


def teams_of(key: str) -> frozenset[str]:
    """The team and all below it, by key."""
    return teams_below(Team.objects.filter(key=key).values_list("id", flat=True))


def current(memberships: QuerySet[Membership], *, on: date) -> QuerySet[Membership]:
    """Those that hold on a day."""
    return memberships.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on)


def members(teams: Iterable[int], *, on: date) -> QuerySet[Membership, Any]:
    """The ids of those who are in these teams on a day, for a question about them."""
    return current(Membership.objects.filter(team__in=teams), on=on).order_by().values("person_id")


def people(
    viewer: Viewer, *, on: date, search: str = "", team: str = "", gone: bool = False, anybody: bool = False
) -> QuerySet[Person]:
    """The people in reach; where they are posted, ``posts_on`` knows.

    ``search`` finds by name, pinyin, initials or number. ``gone`` shows those who left instead, ``anybody`` both.
    """
    found = _in_reach(viewer, Person.objects.all(), on=on)
    if not anybody:
        found = found.filter(left_on__lte=on) if gone else found.filter(Q(left_on__isnull=True) | Q(left_on__gt=on))
    if search:
        found = found.filter(_matching(search))
    if team:
        held = current(Membership.objects.filter(team__key__in=teams_of(team)), on=on)
        found = found.filter(pk__in=held.values("person_id"))
    return found


def posts_on(people: Iterable[Person], *, on: date) -> list[tuple[Person, str, str]]:
    """These people, each with the name of the team and the position of a day; empty for whoever has none. One query."""
    rows = list(people)
    held = current(Membership.objects.filter(person__in=[each.pk for each in rows]), on=on)
    found = {
        person: (team, position) for person, team, position in held.values_list("person_id", "team__name", "position")
    }
    return [(each, *found.get(each.pk, ("", ""))) for each in rows]


def _matching(search: str) -> Q:
    wanted = folded(search)
    spoken = wanted.replace(" ", "")
    return (
        Q(number__icontains=wanted) | Q(name__icontains=search.strip()) | Q(initials__startswith=spoken)
        | Q(plain__startswith=spoken)
    )  # fmt: skip


def _in_reach(viewer: Viewer, found: QuerySet[Person], *, on: date) -> QuerySet[Person]:
    if viewer.sees_all:
        return found
    own = Q(number=viewer.person or "")
    if viewer.reach is Reach.TEAMS:
        held = current(Membership.objects.filter(team__key__in=viewer.teams), on=on)
        own |= Q(pk__in=held.values("person_id"))
    return found.filter(own)


def teams() -> QuerySet[Team]:
    """All teams with their parents; the tree is known to everybody."""
    return Team.objects.select_related("parent", "lead").order_by(F("parent_id").asc(nulls_first=True), "sort", "key")


def directory() -> list[tuple[str, str, str]]:
    """Number, name and pinyin of everybody who ever was here, to tell who a name in a file is."""
    return list(Person.objects.order_by("sort", "number").values_list("number", "name", "plain"))


def names() -> dict[str, str]:
    """The names of all people and teams by number and key. Two queries."""
    return dict(Person.objects.values_list("number", "name")) | dict(Team.objects.values_list("key", "name"))


def numbers_in_reach(viewer: Viewer, *, on: date) -> frozenset[str]:
    """The numbers of those in the viewer's teams on that day; nobody where the reach is not teams."""
    if viewer.reach is not Reach.TEAMS:
        return frozenset()
    return frozenset(people(viewer, on=on, anybody=True).values_list("number", flat=True))


def top_teams(viewer: Viewer) -> list[Team]:
    """The teams in the viewer's reach that are below no other in reach, then those below them, in order of key."""
    mine = [team for team in teams() if team.key in viewer.teams]
    top = [team for team in mine if team.parent is None or team.parent.key not in viewer.teams]
    return [*top, *(team for team in mine if team not in top)]


def accounts_of(numbers: Iterable[str]) -> dict[str, int]:
    """The active accounts of these people, by number."""
    found = User.objects.filter(person__number__in=set(numbers), is_active=True)
    return dict(found.values_list("person__number", "id"))


def accounts_with(role: Role) -> list[int]:
    """The active accounts that have a role."""
    return list(User.objects.filter(grants__role=role, is_active=True).order_by("id").values_list("id", flat=True))


def accounts_above(number: str, roles: Iterable[Role], *, on: date) -> set[int]:
    """The active accounts with one of these roles whose teams have this person below or among them on a day."""
    parents = dict(Team.objects.values_list("id", "parent_id"))
    waiting: list[int | None] = list(
        current(Membership.objects.filter(person__number=number), on=on).values_list("team_id", flat=True)
    )
    above: set[int] = set()
    while waiting:
        team = waiting.pop()
        if team is not None and team not in above:
            above.add(team)
            waiting.append(parents.get(team))
    held = current(Membership.objects.filter(team__in=above), on=on).values("person_id")
    leads = Team.objects.filter(pk__in=above, lead__isnull=False).values("lead_id")
    found = User.objects.filter(is_active=True, grants__role__in=list(roles))
    return set(found.filter(Q(person__in=held) | Q(person__in=leads)).values_list("id", flat=True))


def open_teams() -> QuerySet[Team]:
    """The teams that people can be moved to."""
    return Team.objects.filter(closed_on__isnull=True).order_by("sort", "key")


def heads(*, on: date) -> dict[int, int]:
    """How many people each team has on a day, those of the teams below not counted; by the team's id."""
    held = current(Membership.objects.order_by(), on=on)
    return dict(held.values_list("team_id").annotate(n=Count("person", distinct=True)))
