"""Calling a cycle off that was opened by mistake, and the list of those that were."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.period import parse_period
from fuxiao.performance.cycles import queries
from fuxiao.performance.cycles.actions import calling_off
from fuxiao.performance.cycles.models import CalledOff
from fuxiao.web.access import Request, allowed
from fuxiao.web.editing import form_page
from fuxiao.web.metrics.periods import title
from fuxiao.web.performance.forms import ReasonForm
from fuxiao.web.performance.named import title_in
from fuxiao.web.performance.presenters import cycle_title
from fuxiao.web.words import t


def called_off_lines(viewer: Viewer) -> list[tuple[CalledOff, str, str]]:
    """The cycles that were called off, with their periods and schemes in words."""
    return [
        (each, title(parse_period(each.period)), title_in(each.scheme_text, each.scheme))
        for each in queries.called_off(viewer)
    ]


@allowed(Permission.CYCLES_WRITE)
@require_http_methods(["GET", "POST"])
def call_off(request: Request, number: int) -> HttpResponse:
    """Call a running cycle off that was opened by mistake."""
    cycle = queries.cycle_of(request.viewer, number)
    form, name = ReasonForm(request.POST or None), cycle_title(cycle)

    def save() -> str:
        calling_off.call_off(request.viewer, number, form.cleaned_data["reason"], at=now())
        return reverse("cycles")

    return form_page(
        request, form, save, title=t("撤销周期", "Call the cycle off"), button=t("撤销这个周期", "Call this cycle off"),
        crumbs=[(reverse("cycles"), t("考核周期", "Review cycles")), (reverse("cycle", args=[number]), name)],
        note=t(
            "只用于误开的周期：数据截止前可以撤销。{name}的实时得分随即消失，{n} 人会收到通知；列表里留下撤销人和理由，以后可以重新开始。",
            "For a cycle opened by mistake, before its data is closed. The live scores of {name} end at once, and everybody in it ({n}) is told. Who called it off and why stays in the list; it can be opened again.",
            name=name, n=cycle.members.count(),
        ),
    )  # fmt: skip
