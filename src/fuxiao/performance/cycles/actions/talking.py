"""The talk about a result: what was said, what was agreed, both signatures, and what came of earlier agreements."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from fuxiao.base.actions import announce, record, require
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.cycle import Step
from fuxiao.core.errors import CalculationError, InputError, NotPermitted
from fuxiao.performance.cycles import queries
from fuxiao.performance.cycles.models import AgreedAction, CycleMember, Talk


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """The talk in words: goal, reality, options, will, and what the lead should change."""

    goal: str = ""
    reality: str = ""
    options: str = ""
    will: str = ""
    upward: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """One agreed action."""

    text: str
    help: str
    due_on: date


@transaction.atomic
def hold_talk(
    viewer: Viewer, member: CycleMember, notes: Notes, agreed: list[Agreed], *, held_on: date, at: datetime
) -> Talk:
    """Write down the talk and sign it as the lead, with at least one agreed action; again until the person signs."""
    require(viewer, Permission.SCORES_REVIEW)
    if not queries.may_review(viewer, member):
        raise NotPermitted("cycle.not_your_people")
    if member.cycle.at is not Step.SHARED:
        raise CalculationError("cycle.not_now", step=member.cycle.step)
    if not notes.will.strip() or not agreed:
        raise InputError("talk.nothing_agreed")
    before = Talk.objects.filter(member=member).first()
    if before is not None and before.person_signed_at is not None:
        raise CalculationError("talk.signed_already")
    talk, _ = Talk.objects.update_or_create(
        member=member, defaults={**asdict(notes), "held_on": held_on, "lead_name": viewer.name, "lead_signed_at": at}
    )
    talk.actions.all().delete()
    AgreedAction.objects.bulk_create(AgreedAction(talk=talk, **asdict(each)) for each in agreed)
    CycleMember.objects.filter(pk=member.pk).update(talked_at=at, version=F("version") + 1)
    _tell(viewer, "talk.held", member, {"held_on": held_on.isoformat(), "actions": len(agreed)}, at=at)
    return talk


@transaction.atomic
def sign_talk(viewer: Viewer, member: CycleMember, *, objection: str, at: datetime) -> None:
    """The person signs: it means "seen and talked about", an objection stands beside it, no appeal is waived."""
    require(viewer, Permission.SCORES_READ)
    if viewer.person != member.person:
        raise NotPermitted("cycle.own_only")
    signed = Talk.objects.filter(member=member, person_signed_at=None).update(
        person_signed_at=at, objection=objection.strip(), version=F("version") + 1
    )
    if not signed:
        raise CalculationError("talk.signed_already")
    _tell(viewer, "talk.signed", member, {"objection": objection.strip()}, at=at)


@transaction.atomic
def follow_up(viewer: Viewer, member: CycleMember, number: int, *, effect: str, at: datetime) -> None:
    """Say what came of an agreed action of an earlier talk."""
    require(viewer, Permission.SCORES_REVIEW)
    if not queries.may_review(viewer, member):
        raise NotPermitted("cycle.not_your_people")
    if not effect.strip():
        raise InputError("cycle.empty_text")
    found = queries.open_actions(viewer, member).filter(pk=number)
    if not AgreedAction.objects.filter(pk__in=found.values("pk")).update(done_at=at, effect=effect.strip()):
        raise InputError("talk.no_such_action")
    _tell(viewer, "talk.followed_up", member, {"action": number, "effect": effect.strip()}, at=at)


def _tell(viewer: Viewer, action: str, member: CycleMember, new: dict[str, object], *, at: datetime) -> None:
    label = f"{member.name} {member.cycle.period}"
    record(viewer, action, kind="scorecard", key=f"{member.cycle_id}/{member.person}", label=label, at=at, new=new)
    announce("performance.scorecards", at=at)
