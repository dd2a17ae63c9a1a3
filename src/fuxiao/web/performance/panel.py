"""Ratings of colleagues: the reviewer asks for them, and a colleague gives theirs without seeing the result."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.base.wording import say_error
from fuxiao.core.errors import FuxiaoError, NotPermitted, UnknownName
from fuxiao.performance.cycles import panels, queries
from fuxiao.performance.cycles.actions.panel import ask_panel
from fuxiao.performance.cycles.models import CycleMember
from fuxiao.web.access import Request, allowed
from fuxiao.web.editing import form_page
from fuxiao.web.org.positions import position_word
from fuxiao.web.performance import ratings
from fuxiao.web.performance.presenters import cycle_title
from fuxiao.web.performance.writing import write_review
from fuxiao.web.words import language, later, t


class PanelForm(forms.Form):
    """Which colleagues rate."""

    people = forms.MultipleChoiceField(
        label=later("请谁评分", "Who rates"), required=False, widget=forms.CheckboxSelectMultiple
    )


@allowed(Permission.SCORES_REVIEW)
@require_http_methods(["GET", "POST"])
def ask(request: Request, number: int, person: str) -> HttpResponse:
    """Whoever reviews a person asks colleagues to rate them on what a panel rates."""
    member = queries.member_of(request.viewer, number, person)
    if not queries.may_review(request.viewer, member):
        raise NotPermitted("cycle.not_your_people")
    asked = list(member.panel.values_list("person", flat=True))
    form = PanelForm(request.POST if request.method == "POST" else None, initial={"people": asked})
    field: Any = form.fields["people"]
    field.choices = [(each.person, _near(each)) for each in panels.colleagues(member)]
    if not field.choices:
        field.help_text = t(
            "没有同班组或同岗位、有账号的同事。", "No colleague of the same team or position has an account."
        )

    def save() -> str:
        chosen = form.cleaned_data["people"]
        ask_panel(request.viewer, member, chosen, scheme=ratings.scheme_of(member.cycle), at=now())
        return reverse("scorecard", args=[number, person])

    return form_page(
        request, form, save, title=t("请同事给{name}评分", "Ask colleagues to rate {name}", name=member.name),
        crumbs=[(reverse("scorecard", args=[number, person]), f"{member.name} · {cycle_title(member.cycle)}")],
        note=t(
            "同班组或同岗位的同事可以来评评审组的项目，取所有人的平均。他们会收到通知，看不到得分和奖金；本人看不到是谁评的。没评完不挡周期往下走，已经评的不会收回。",
            "Colleagues of the same team or position can rate the items of the panel; the mean of all counts. They are told, and see neither score nor bonus; the person does not see who rated. The cycle does not wait for them, and what was rated stays.",
        ),
    )  # fmt: skip


def _near(member: CycleMember) -> str:
    return " · ".join(filter(None, (member.name, member.team_name, position_word(member.position))))


@allowed(Permission.SCORES_READ)
@require_GET
def following(request: Request) -> HttpResponse:
    """The next colleague whom the reader is asked to rate; the first page where nobody is left."""
    member = panels.still_to_rate(request.viewer).first()
    if member is None:
        messages.success(request, t("没有同事在等您评分。", "No colleague is waiting for your rating."))
        return redirect("home")
    return redirect("panel_rate", member.cycle_id, member.person)


@allowed(Permission.SCORES_READ)
@require_http_methods(["GET", "POST"])
def rate(request: Request, number: int, person: str) -> HttpResponse:
    """The rubrics of a colleague and nothing of their result; what was rated can be changed while leads review."""
    viewer = request.viewer
    member = panels.to_rate(viewer).filter(cycle_id=number, person=person).first()
    if member is None:
        raise UnknownName("scorecard", person, ())
    problems: list[str] = []
    if request.method == "POST":
        try:
            write_review(request, member, None)
        except NotPermitted:
            raise
        except FuxiaoError as refused:
            problems = say_error(refused, language())
        else:
            messages.success(request, t("已保存。", "Saved."))
            return redirect("panel_next" if panels.still_to_rate(viewer).exists() else "home")
    context = {
        "member": member, "title": cycle_title(member.cycle), "problems": problems,
        "questions": ratings.questions(viewer, member, ratings.scheme_of(member.cycle), request.POST, beside=True),
        "others": panels.still_to_rate(viewer).exclude(pk=member.pk).exists(),
    }  # fmt: skip
    return render(request, "performance/rate.html", context, status=400 if problems else 200)
