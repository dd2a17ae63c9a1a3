"""Somebody else is asked to review a person whose lead is away: a lead who does not write holds up the whole cycle."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from fuxiao.base.actions import announce, notify, record, require
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.cycle import Step
from fuxiao.core.errors import CalculationError, InputError, NotPermitted
from fuxiao.org.queries import accounts_of
from fuxiao.performance.cycles import queries
from fuxiao.performance.cycles.models import CycleMember, StandIn


@transaction.atomic
def name_reviewer(viewer: Viewer, member: CycleMember, account: int, reason: str, *, at: datetime) -> StandIn:
    """Ask the owner of an account to review a person in this cycle; the one named before is asked no longer.

    ``NotPermitted`` about oneself, ``InputError`` without a reason and for an account that may not review the person.
    """
    require(viewer, Permission.CYCLES_WRITE)
    if viewer.person == member.person:
        raise NotPermitted("reviewer.own")
    if member.cycle.at in (Step.FINAL, Step.SEALED):
        raise CalculationError("cycle.not_now", step=member.cycle.step)
    if not reason.strip():
        raise InputError("reviewer.no_reason")
    chosen = queries.reviewers(member).filter(pk=account).select_related("person").first()
    if chosen is None:
        raise InputError("reviewer.may_not")
    before = member.named.name if member.named else member.lead_name
    person = chosen.person.number if chosen.person else ""
    made, _ = StandIn.objects.update_or_create(
        member=member,
        defaults={"account": chosen, "person": person, "name": chosen.shown_name, "reason": reason.strip(),
                  "by_name": viewer.name, "at": at},
    )  # fmt: skip
    _tell(viewer, member, made, before, at=at)
    return made


def _tell(viewer: Viewer, member: CycleMember, made: StandIn, before: str, *, at: datetime) -> None:
    """The one named and the lead hear of it; the trail tells who was asked before."""
    told = {made.account_id, *accounts_of([member.lead]).values()} - {viewer.account}
    notify(told, "review.named", at=at, link=f"/performance/cycles/{member.cycle_id}/{member.person}/", by=viewer.name,
           name=member.name, period=member.cycle.period, reviewer=made.name, reason=made.reason)  # fmt: skip
    label = f"{member.name} {member.cycle.period}"
    record(viewer, "scorecard.reviewer", kind="scorecard", key=f"{member.cycle_id}/{member.person}", label=label, at=at,
           old={"reviewer": before}, new={"reviewer": made.name, "reason": made.reason})  # fmt: skip
    announce("performance.scorecards", at=at)
