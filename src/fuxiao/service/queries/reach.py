"""Which cases somebody sees."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from fuxiao.base.permissions import Permission, Reach, Role, Viewer
from fuxiao.org.models import Membership, Person, Team
from fuxiao.org.queries import current
from fuxiao.service.models import Case, Visit

COMPANY_WIDE = frozenset({Role.DISPATCHER, Role.CHECKER, Role.PARTS})
"""They work for every team: giving out, checking and supplying cases needs to see them."""
NAMED = ("owner", "team", "customer", "device", "product", "category", "opened_by")


def cases_in_reach(viewer: Viewer, *, on: date) -> QuerySet[Case]:
    """The cases that the viewer may read: all, those of the teams in reach, or the own and the own team's queue.

    At most two queries to find out, whatever the number of cases.
    """
    found = Case.objects.select_related(*NAMED)
    if not viewer.may(Permission.CASE_READ):
        return found.none()
    if viewer.sees_all or viewer.roles & COMPANY_WIDE:
        return found
    me = Person.objects.filter(number=viewer.person).values_list("id", flat=True).first() if viewer.person else None
    own = _own(me)
    if viewer.reach is Reach.TEAMS:
        teams = list(Team.objects.filter(key__in=viewer.teams).values_list("id", flat=True))
        return found.filter(own | Q(team_id__in=teams))
    queue = own_teams(me, on=on) if me is not None else []
    return found.filter(own | Q(owner__isnull=True, team_id__in=queue))


def _own(me: int | None) -> Q:
    """Cases that somebody has, took in, or goes to."""
    if me is None:
        return Q(pk__in=())
    visits = Visit.objects.filter(engineer_id=me, cancelled_at__isnull=True).order_by()
    return Q(owner_id=me) | Q(opened_by_id=me) | Q(pk__in=visits.values("case_id"))


def own_teams(person: int, *, on: date) -> list[int]:
    """The teams that somebody is in on a day."""
    held = current(Membership.objects.filter(person_id=person), on=on)
    return list(held.values_list("team_id", flat=True))


def case_in_reach(viewer: Viewer, number: str, *, on: date) -> Case | None:
    """The case of that number; ``None`` where there is none, or not for this viewer."""
    return next(iter(cases_in_reach(viewer, on=on).filter(number=number).order_by()), None)
