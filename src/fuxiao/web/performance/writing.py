"""What is written on a scorecard: the self-review, the lead's review with ratings, remarks, the person's answer."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.base.wording import say_error
from fuxiao.core.errors import FuxiaoError, NotPermitted
from fuxiao.performance.cycles import queries
from fuxiao.performance.cycles.actions import rating, reviewing
from fuxiao.performance.cycles.actions.together import locked
from fuxiao.performance.cycles.models import CycleMember
from fuxiao.performance.cycles.turns import turns
from fuxiao.report.tasks import recompute_cycle
from fuxiao.web.access import Request, allowed
from fuxiao.web.performance import ratings
from fuxiao.web.performance.scorecards import card_page
from fuxiao.web.words import language, t


@allowed(Permission.SCORES_READ)
@require_POST
def write(request: Request, number: int, person: str) -> HttpResponse:
    """A self-review, a lead's review with ratings, ratings alone, or a remark."""
    member = queries.member_of(request.viewer, number, person)
    try:
        _write(request, member)
    except NotPermitted:
        raise
    except FuxiaoError as refused:
        return card_page(request, number, person, problems=say_error(refused, language()))
    messages.success(request, t("已保存。", "Saved."))
    return onwards(request, member, "scorecard")


def onwards(request: Request, member: CycleMember, address: str) -> HttpResponse:
    """The same page again; where it was asked for, that of whoever waits next, or the board where nobody does."""
    if request.POST.get("then") != "next":
        return redirect(address, member.cycle_id, member.person)
    after = turns(request.viewer, member.cycle, member)
    return (
        redirect(address, member.cycle_id, after.next) if after and after.next else redirect("cycle", member.cycle_id)
    )


def _write(request: Request, member: CycleMember) -> None:
    given = {name: request.POST.get(name, "")[:4000] for name in ("strengths", "weaknesses", "text")}
    kind = request.POST.get("kind")
    if kind == "self":
        reviewing.write_self_review(request.viewer, member, reviewing.Review(text=given["text"]), at=now())
    elif kind in ("lead", "rate"):
        review = reviewing.Review(strengths=given["strengths"], weaknesses=given["weaknesses"])
        write_review(request, member, review if kind == "lead" else None)
    else:
        reviewing.remark(request.viewer, member, given["text"], at=now())


def write_review(request: Request, member: CycleMember, review: reviewing.Review | None) -> None:
    """The lead's words and ratings together or not at all, or ratings alone; once all are reviewed ratings count."""
    scheme, beside = ratings.scheme_of(member.cycle), review is None
    with transaction.atomic():
        if scheme.rubrics:
            locked(member.cycle_id)  # ratings may be decided on below, after the audit trail was written into
        if review is not None:
            reviewing.write_lead_review(request.viewer, member, review, at=now())
        if rating.judged_items(scheme, member.position, beside=beside):
            chosen = ratings.given(request.POST, member, scheme)
            rating.rate(request.viewer, member, chosen, scheme=scheme, at=now(), beside=beside)
        if rating.count_ratings(member.cycle_id, scheme):
            recompute_cycle.enqueue(member.cycle_id)


@allowed(Permission.SCORES_READ)
@require_POST
def answer(request: Request, number: int, person: str) -> HttpResponse:
    """The person has seen the result; an objection goes with it where there is one."""
    member = queries.member_of(request.viewer, number, person)
    reviewing.answer(request.viewer, member, objection=request.POST.get("objection", "")[:4000], at=now())
    messages.success(request, t("已确认，申诉权利不受影响。", "Acknowledged; your right to appeal remains."))
    return redirect("scorecard", number, person)
