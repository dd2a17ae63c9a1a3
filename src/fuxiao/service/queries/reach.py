"""Which cases somebody sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from fuxiao.base.permissions import Permission, Reach, Role, Viewer, reach_for
from fuxiao.base.written import written_once
from fuxiao.org.models import Membership, Person, Team
from fuxiao.org.queries import current
from fuxiao.service.models import Case, Visit

COMPANY_WIDE = frozenset({Role.DISPATCHER, Role.CHECKER, Role.PARTS})
"""They work for every team: giving out, checking and supplying cases needs to see them."""
NAMED = ("owner", "team", "customer", "device", "product", "category", "opened_by")


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose cases somebody reads: ``every`` one, or the own ones and those of teams, by their ids.

    With ``waiting`` of these teams only what nobody has.
    """

    every: bool = False
    me: int | None = None
    teams: tuple[int, ...] = ()
    waiting: bool = False


def scope_of(viewer: Viewer, *, on: date) -> Scope | None:
    """What the viewer reads on a day; ``None`` for nothing. At most two queries."""
    reach = reach_for(viewer, Permission.CASE_READ)
    if reach is None:
        return None
    if reach is Reach.ALL or viewer.roles & COMPANY_WIDE:
        return Scope(every=True)
    me = Person.objects.filter(number=viewer.person).values_list("id", flat=True).first() if viewer.person else None
    if reach is Reach.TEAMS:
        teams = Team.objects.filter(key__in=viewer.teams).order_by("id").values_list("id", flat=True)
        return Scope(me=me, teams=tuple(teams))
    return Scope(me=me, teams=tuple(own_teams(me, on=on)) if me is not None else (), waiting=True)


def cases_of(scope: Scope | None) -> QuerySet[Case]:
    """The cases of a scope."""
    found = Case.objects.select_related(*NAMED)
    if scope is None:
        return found.none()
    if scope.every:
        return found
    of_teams = Q(team_id__in=scope.teams)
    return found.filter(_own(scope.me) | (Q(owner__isnull=True) & of_teams if scope.waiting else of_teams))


def cases_in_reach(viewer: Viewer, *, on: date) -> QuerySet[Case]:
    """The cases that the viewer may read: all, those of the teams in reach, or the own and the own team's queue.

    At most two queries to find out, whatever the number of cases.
    """
    return cases_of(scope_of(viewer, on=on))


def _own(me: int | None) -> Q:
    """Cases that somebody has, took in, or goes to."""
    if me is None:
        return Q(pk__in=())
    visits = Visit.objects.filter(engineer_id=me, cancelled_at__isnull=True).order_by()
    return Q(owner_id=me) | Q(opened_by_id=me) | Q(pk__in=visits.values("case_id"))


def own_teams(person: int, *, on: date) -> list[int]:
    """The teams that somebody is in on a day."""
    held = current(Membership.objects.filter(person_id=person), on=on)
    return list(held.order_by("team_id").values_list("team_id", flat=True))


@written_once
def _numbered(scope: Scope | None, *, number: str) -> QuerySet[Case]:
    return cases_of(scope).filter(number=number).order_by()


def case_in_reach(viewer: Viewer, number: str, *, on: date) -> Case | None:
    """The case of that number; ``None`` where there is none, or not for this viewer."""
    return next(iter(_numbered(scope_of(viewer, on=on), number=number)), None)
