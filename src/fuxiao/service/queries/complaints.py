"""Which complaints, surveys and checks somebody sees."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from fuxiao.base.permissions import Permission, Reach, Role, Viewer
from fuxiao.service.models import Check, Complaint, Survey

COMPANY_WIDE = frozenset({Role.DISPATCHER, Role.CHECKER, Role.AGENT})
"""They take complaints of every team, or judge them."""


def complaints_in_reach(viewer: Viewer) -> QuerySet[Complaint]:
    """All, those of the teams in reach and of nobody's, or those that one looks after."""
    named = ("case__owner", "customer", "owner", "team__lead", "cause_person", "cause_team", "repeat_of", "survey")
    found = Complaint.objects.select_related(*named)
    if not viewer.may(Permission.COMPLAINTS_READ):
        return found.none()
    if viewer.sees_all or viewer.roles & COMPANY_WIDE:
        return found
    own = Q(owner__number=viewer.person or "")
    if viewer.reach is Reach.TEAMS:
        return found.filter(own | Q(team__key__in=viewer.teams) | Q(team__isnull=True))
    return found.filter(own)


def surveys_in_reach(viewer: Viewer) -> QuerySet[Survey]:
    """All, those about cases of the teams in reach, or those that are about oneself."""
    found = Survey.objects.select_related("case__team", "customer", "about")
    if not viewer.may(Permission.CASE_READ):
        return found.none()
    if viewer.sees_all or Role.CHECKER in viewer.roles:
        return found
    own = Q(about__number=viewer.person or "") | Q(case__opened_by__number=viewer.person or "")
    if viewer.reach is Reach.TEAMS:
        return found.filter(own | Q(case__team__key__in=viewer.teams))
    return found.filter(own)


def checks_in_reach(viewer: Viewer) -> QuerySet[Check]:
    """All for checkers and whoever sees everybody, those of the teams in reach, or those of one's own work."""
    found = Check.objects.select_related("case", "person", "checker", "rubric", "again")
    if not viewer.may(Permission.CHECKS_READ):
        return found.none()
    if viewer.sees_all or viewer.may(Permission.CHECKS_WRITE):
        return found
    own = Q(person__number=viewer.person or "")
    if viewer.reach is Reach.TEAMS:
        return found.filter(own | Q(case__team__key__in=viewer.teams))
    return found.filter(own, again__isnull=True)
