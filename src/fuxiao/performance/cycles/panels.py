"""Colleagues who are asked to rate beside the lead: who may be, and whom the viewer is asked to rate."""

from __future__ import annotations

from django.db.models import Case, Q, QuerySet, When

from fuxiao.base.permissions import GRANTS, Permission, Viewer
from fuxiao.core.cycle import Step
from fuxiao.org.models import User
from fuxiao.performance.cycles.models import CycleMember, Rating
from fuxiao.performance.cycles.queries import HEAVY


def colleagues(member: CycleMember) -> QuerySet[CycleMember]:
    """Those of the same cycle who may be asked to rate a person beside their lead: of the same team or position."""
    seen = [role.value for role, (_reach, may) in GRANTS.items() if Permission.SCORES_READ in may]
    signed_up = User.objects.filter(is_active=True, grants__role__in=seen, person__isnull=False)
    near = Q(team=member.team) | Q(position=member.position)
    found = CycleMember.objects.filter(near, cycle=member.cycle, person__in=signed_up.values("person__number"))
    own_team = Case(When(team=member.team, then=0), default=1)
    return found.exclude(person__in=(member.person, member.lead)).order_by(own_team, "team", "person")


def to_rate(viewer: Viewer) -> QuerySet[CycleMember]:
    """The people whom the viewer is asked to rate as a colleague, while leads review: names, not results."""
    asked = CycleMember.objects.filter(panel__person=viewer.own_number, cycle__step=Step.LEAD_REVIEW)
    return asked.select_related("cycle").defer(*HEAVY).order_by("cycle_id", "team", "person")


def still_to_rate(viewer: Viewer) -> QuerySet[CycleMember]:
    """Those of them whom the viewer did not rate yet."""
    return to_rate(viewer).exclude(pk__in=Rating.objects.filter(rater=viewer.own_number).values("member"))
