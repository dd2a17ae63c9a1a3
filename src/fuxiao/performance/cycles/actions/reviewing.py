"""What people write about a scorecard: the self-review, the lead's review, remarks, and the answer to the result."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from fuxiao.base.actions import announce, record, require
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.cycle import Step
from fuxiao.core.errors import CalculationError, InputError, NotPermitted
from fuxiao.performance.cycles import queries
from fuxiao.performance.cycles.models import Comment, CycleMember


@dataclass(frozen=True, slots=True)
class Review:
    """What was written: strengths and weaknesses of a lead's review, or one text."""

    strengths: str = ""
    weaknesses: str = ""
    text: str = ""


@transaction.atomic
def write_self_review(viewer: Viewer, member: CycleMember, review: Review, *, at: datetime) -> None:
    """The person's own view, while it is asked for; writing again replaces it."""
    require(viewer, Permission.SCORES_READ)
    if viewer.person != member.person:
        raise NotPermitted("cycle.own_only")
    _in_step(member, Step.SELF_REVIEW)
    if not review.text.strip():
        raise InputError("cycle.empty_text")
    _keep(viewer, member, "self", review, at=at)
    CycleMember.objects.filter(pk=member.pk).update(self_reviewed_at=at, version=F("version") + 1)


@transaction.atomic
def write_lead_review(viewer: Viewer, member: CycleMember, review: Review, *, at: datetime) -> None:
    """The lead's comment: one strength and one thing to work on at least, both written; writing again replaces it."""
    require(viewer, Permission.SCORES_REVIEW)
    if not queries.may_review(viewer, member):
        raise NotPermitted("cycle.not_your_people")
    _in_step(member, Step.LEAD_REVIEW)
    if not review.strengths.strip() or not review.weaknesses.strip():
        raise InputError("cycle.both_sides")
    _keep(viewer, member, "lead", review, at=at)
    member.comments.filter(kind=queries.WAIVED).delete()
    CycleMember.objects.filter(pk=member.pk).update(reviewed_at=at, version=F("version") + 1)


@transaction.atomic
def remark(viewer: Viewer, member: CycleMember, text: str, *, at: datetime) -> None:
    """A remark below the scorecard: by the person or whoever reviews them."""
    require(viewer, Permission.SCORES_READ)
    if viewer.person != member.person and not queries.may_review(viewer, member):
        raise NotPermitted("cycle.not_your_people")
    if not text.strip():
        raise InputError("cycle.empty_text")
    _keep(viewer, member, "remark", Review(text=text.strip()), at=at)


@transaction.atomic
def answer(viewer: Viewer, member: CycleMember, *, objection: str, at: datetime) -> None:
    """The person says that they have seen the result, with or without an objection; no appeal is waived by it."""
    require(viewer, Permission.SCORES_READ)
    if viewer.person != member.person:
        raise NotPermitted("cycle.own_only")
    _in_step(member, Step.SHARED)
    CycleMember.objects.filter(pk=member.pk).update(
        answered_at=at, objection=objection.strip(), version=F("version") + 1
    )
    _tell(viewer, member, "scorecard.answered", {"objection": objection.strip()}, at=at)


def _in_step(member: CycleMember, step: Step) -> None:
    if member.cycle.at is not step:
        raise CalculationError("cycle.not_now", step=member.cycle.step)


def _keep(viewer: Viewer, member: CycleMember, kind: str, review: Review, *, at: datetime) -> None:
    written = {
        "strengths": review.strengths.strip(),
        "weaknesses": review.weaknesses.strip(),
        "text": review.text.strip(),
    }
    said = {"author": viewer.signature, "author_name": viewer.name, "at": at, **written}
    if kind == "remark":
        Comment.objects.create(member=member, kind=kind, **said)
    else:
        Comment.objects.update_or_create(member=member, kind=kind, defaults=said)
    _tell(viewer, member, f"scorecard.{kind}", {name: text for name, text in written.items() if text}, at=at)


def _tell(viewer: Viewer, member: CycleMember, action: str, new: dict[str, object], *, at: datetime) -> None:
    label = f"{member.name} {member.cycle.period}"
    record(viewer, action, kind="scorecard", key=f"{member.cycle_id}/{member.person}", label=label, at=at, new=new)
    announce("performance.scorecards", at=at)
