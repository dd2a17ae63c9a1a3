"""Which complaints, surveys and checks somebody sees."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from fuxiao.base.permissions import Permission, Reach, Role, Viewer, reach_for
from fuxiao.service.models import Check, Complaint, Survey

COMPANY_WIDE = frozenset({Role.DISPATCHER, Role.CHECKER, Role.AGENT})
"""They take complaints of every team, or judge them."""


def complaints_in_reach(viewer: Viewer) -> QuerySet[Complaint]:
    """All, those of the teams in reach and of nobody's, or those that one looks after."""
    named = ("case__owner", "customer", "owner", "team__lead", "cause_person", "cause_team", "repeat_of", "survey")
    found = Complaint.objects.select_related(*named)
    reach = reach_for(viewer, Permission.COMPLAINTS_READ)
    if reach is None:
        return found.none()
    if reach is Reach.ALL or viewer.roles & COMPANY_WIDE:
        return found
    own = Q(owner__number=viewer.person or "")
    if reach is Reach.TEAMS:
        return found.filter(own | Q(team__key__in=viewer.teams) | Q(team__isnull=True))
    return found.filter(own)


def surveys_in_reach(viewer: Viewer) -> QuerySet[Survey]:
    """All, those about cases of the teams in reach, or those that are about oneself."""
    found = Survey.objects.select_related("case__team", "customer", "about")
    reach = reach_for(viewer, Permission.CASE_READ)
    if reach is None:
        return found.none()
    if reach is Reach.ALL or Role.CHECKER in viewer.roles:
        return found
    own = Q(about__number=viewer.person or "") | Q(case__opened_by__number=viewer.person or "")
    if reach is Reach.TEAMS:
        return found.filter(own | Q(case__team__key__in=viewer.teams))
    return found.filter(own)


def checks_in_reach(viewer: Viewer) -> QuerySet[Check]:
    """All for checkers and whoever sees everybody, those of the teams in reach, or those of one's own work."""
    found = Check.objects.select_related("case", "person", "checker", "rubric", "again")
    reach = reach_for(viewer, Permission.CHECKS_READ)
    if reach is None:
        return found.none()
    if reach is Reach.ALL or viewer.may(Permission.CHECKS_WRITE):
        return found
    own = Q(person__number=viewer.person or "")
    if reach is Reach.TEAMS:
        return found.filter(own | Q(case__team__key__in=viewer.teams))
    return found.filter(own, again__isnull=True)
