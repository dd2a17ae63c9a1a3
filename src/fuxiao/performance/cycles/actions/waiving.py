"""Lead reviews that are not waited for any longer: the reason stands in their place, so that a cycle can go on."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from fuxiao.base.actions import announce, notify, record, require
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.cycle import Step
from fuxiao.core.errors import CalculationError, InputError
from fuxiao.org.queries import accounts_of
from fuxiao.performance.cycles.actions.together import locked_one
from fuxiao.performance.cycles.models import Comment, Cycle, CycleMember
from fuxiao.performance.cycles.queries import OWED, WAIVED


@transaction.atomic
def waive_reviews(viewer: Viewer, number: int, reason: str, *, at: datetime) -> int:
    """Wait no longer for the lead reviews that are missing; how many. Until the step ends each may still be written.

    ``InputError`` without a reason, ``CalculationError`` outside the step of lead reviews.
    """
    require(viewer, Permission.CYCLES_WRITE)
    cycle = locked_one(number)
    if cycle.at is not Step.LEAD_REVIEW:
        raise CalculationError("cycle.not_now", step=cycle.step)
    if not reason.strip():
        raise InputError("review.no_reason")
    owed = list(cycle.members.filter(OWED).select_related("stand_in"))
    said = {"kind": WAIVED, "author": viewer.signature, "author_name": viewer.name, "text": reason.strip(), "at": at}
    Comment.objects.bulk_create(Comment(member=member, **said) for member in owed)
    cycle.members.filter(pk__in=[each.pk for each in owed]).update(reviewed_at=at, version=F("version") + 1)
    _tell(viewer, cycle, owed, reason.strip(), at=at)
    return len(owed)


def _tell(viewer: Viewer, cycle: Cycle, owed: list[CycleMember], reason: str, *, at: datetime) -> None:
    """Those who were asked to write hear of it; the trail names whom it is about."""
    leads = accounts_of({member.lead for member in owed if member.lead and member.named is None}).values()
    asked = {*leads, *(member.named.account_id for member in owed if member.named)} - {viewer.account}
    link = f"/performance/cycles/{cycle.pk}/"
    notify(asked, "review.waived", at=at, link=link, by=viewer.name, period=cycle.period, reason=reason)
    label, told = f"{cycle.period} {cycle.scheme}", {"people": [each.person for each in owed], "reason": reason}
    record(viewer, "cycle.reviews_waived", kind="cycle", key=str(cycle.pk), label=label, at=at, new=told)
    announce("performance.cycles", at=at)
