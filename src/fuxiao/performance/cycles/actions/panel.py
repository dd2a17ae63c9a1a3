"""Colleagues are asked to rate a person on the items of a panel: their lead sees one side of the work, they another."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from fuxiao.base.actions import announce, notify, record
from fuxiao.base.permissions import Viewer
from fuxiao.core.cycle import Step
from fuxiao.core.errors import CalculationError, InputError, NotPermitted
from fuxiao.core.score import Scheme
from fuxiao.org.queries import accounts_of
from fuxiao.performance.cycles import queries
from fuxiao.performance.cycles.actions.rating import judged_items
from fuxiao.performance.cycles.models import CycleMember, Panelist
from fuxiao.performance.cycles.panels import colleagues


@transaction.atomic
def ask_panel(
    viewer: Viewer, member: CycleMember, people: Collection[str], *, scheme: Scheme, at: datetime
) -> None:  # fmt: skip
    """Ask just these colleagues to rate a person; who was asked before and did not rate is asked no longer.

    Whoever reviews the person asks. ``InputError`` for somebody who may not be asked, and where nothing of the person's
    scheme is rated by a panel.
    """
    if not queries.may_review(viewer, member):
        raise NotPermitted("cycle.not_your_people")
    if member.cycle.at is not Step.LEAD_REVIEW:
        raise CalculationError("cycle.not_now", step=member.cycle.step)
    if not judged_items(scheme, member.position, beside=True):
        raise InputError("panel.nothing_to_rate")
    allowed = {each.person: each.name for each in colleagues(member)}
    if not allowed.keys() >= set(people):
        raise InputError("panel.may_not")
    before = {each.person: each.name for each in member.panel.all()}
    rated = set(member.ratings.values_list("rater", flat=True))
    member.panel.exclude(person__in=rated | set(people)).delete()
    new = sorted(set(people) - before.keys())
    Panelist.objects.bulk_create(
        Panelist(member=member, person=each, name=allowed[each], by_name=viewer.name, at=at) for each in new
    )
    _tell(viewer, member, new, list(before.values()), at=at)


def _tell(viewer: Viewer, member: CycleMember, new: list[str], before: list[str], *, at: datetime) -> None:
    """Those newly asked hear of it; the trail tells who was asked before and is now."""
    link = f"/performance/cycles/{member.cycle_id}/{member.person}/rate/"
    told = {"by": viewer.name, "name": member.name, "period": member.cycle.period}
    notify(accounts_of(new).values(), "panel.asked", at=at, link=link, **told)
    label, now = f"{member.name} {member.cycle.period}", member.panel.values_list("name", flat=True)
    record(viewer, "scorecard.panel", kind="scorecard", key=f"{member.cycle_id}/{member.person}", label=label, at=at,
           old={"panel": before}, new={"panel": list(now)})  # fmt: skip
    announce("performance.scorecards", at=at)
