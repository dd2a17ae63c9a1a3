"""Reviews that somebody has to wait for: another is named in the place of a lead, or they are waited for no longer."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.performance.cycles import queries
from fuxiao.performance.cycles.actions.rating import count_ratings
from fuxiao.performance.cycles.actions.standing_in import name_reviewer
from fuxiao.performance.cycles.actions.waiving import waive_reviews
from fuxiao.performance.cycles.models import CycleMember
from fuxiao.report.tasks import recompute_cycle
from fuxiao.web.access import Request, allowed
from fuxiao.web.editing import form_page
from fuxiao.web.performance.forms import ReasonForm, ReviewerForm
from fuxiao.web.performance.presenters import cycle_title
from fuxiao.web.performance.ratings import scheme_of
from fuxiao.web.words import t


@allowed(Permission.CYCLES_WRITE)
@require_http_methods(["GET", "POST"])
def reviewer(request: Request, number: int, person: str) -> HttpResponse:
    """Ask somebody else to review a person, or take the review over."""
    member = queries.member_of(request.viewer, number, person)
    form = ReviewerForm(request.POST or None, _choices(request, member))

    def save() -> str:
        given = form.cleaned_data
        name_reviewer(request.viewer, member, int(given["reviewer"]), given["reason"], at=now())
        return reverse("cycle", args=[number])

    cycles = [(reverse("cycles"), t("考核周期", "Review cycles"))]
    return form_page(
        request, form, save, title=t("{name}由谁评价", "Who reviews {name}", name=member.name), button=t("指定", "Ask them"),
        crumbs=[*cycles, (reverse("cycle", args=[number]), cycle_title(member.cycle))],
        note=t(
            "现在由{who}评价。所选的人会收到通知，能看到这一期的评分卡、写评语和主持面谈；直属主管也会知道，仍可以写。",
            "{who} reviews now. Whoever you choose is told, sees the scorecard of this cycle, and can write the review "
            "and hold the talk; the lead is told as well and may still write.",
            who=member.named.name if member.named else member.lead_name or t("没有人", "Nobody"),
        ),
    )  # fmt: skip


@allowed(Permission.CYCLES_WRITE)
@require_http_methods(["GET", "POST"])
def waive(request: Request, number: int) -> HttpResponse:
    """Wait no longer for the lead reviews that are missing; where people judge items, the ratings there are count now."""
    cycle = queries.cycle_of(request.viewer, number)
    form = ReasonForm(request.POST or None)

    def save() -> str:
        scheme = scheme_of(cycle)
        with transaction.atomic():
            waive_reviews(request.viewer, number, form.cleaned_data["reason"], at=now())
            if count_ratings(number, scheme):
                recompute_cycle.enqueue(number)
        return reverse("cycle", args=[number])

    return form_page(
        request, form, save, title=t("不再等缺的评语", "Wait no longer for missing reviews"),
        button=t("不再等", "Wait no longer"),
        crumbs=[(reverse("cycles"), t("考核周期", "Review cycles")), (reverse("cycle", args=[number]), cycle_title(cycle))],
        note=t(
            "还有 {n} 人没有主管评语。他们的评分卡上会写明理由和您的名字，主管会收到通知；得分不变，这一步结束前主管仍可以补写。要由人评分的项目没有评分时按缺数据处理。",
            "People still without a lead's review: {n}. Their scorecards will say why, and your name; their leads are told. No score changes, and leads may still write until the step ends. An item judged by people without a rating counts as missing data.",
            n=cycle.members.filter(queries.OWED).count(),
        ),
    )  # fmt: skip


def _choices(request: Request, member: CycleMember) -> list[tuple[int, str]]:
    """Everybody who may be asked, whoever looks first."""
    found = list(queries.reviewers(member).select_related("person"))
    mine = [each for each in found if each.pk == request.viewer.account]
    return [
        *((each.pk, t("{name}（我来评价）", "{name} (I take it over)", name=each.shown_name)) for each in mine),
        *((each.pk, each.shown_name) for each in found if each not in mine),
    ]
