"""Pages of costs: what waits for approval, all of them, the limits; proposing and deciding."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fuxiao.base.clock import now, today
from fuxiao.base.permissions import Permission
from fuxiao.base.wording import say_error
from fuxiao.core.errors import InputError
from fuxiao.engine.schema import COST_KINDS
from fuxiao.service.actions import costs as actions
from fuxiao.service.models import Category, Cost, Product
from fuxiao.service.queries import costs as queries
from fuxiao.service.queries.reach import case_in_reach
from fuxiao.web import words
from fuxiao.web.access import Request, allowed
from fuxiao.web.editing import form_page
from fuxiao.web.org.amounts import MoneyField
from fuxiao.web.org.forms import DayField
from fuxiao.web.pages import page_of
from fuxiao.web.shell.home import organisation
from fuxiao.web.templatetags.names import said
from fuxiao.web.templatetags.numbers import minor
from fuxiao.web.words import later, t


class CostForm(forms.Form):
    kind = forms.ChoiceField(label=later("费用类别", "Kind"))
    amount = MoneyField(label=later("金额", "Amount"))
    note = forms.CharField(label=later("说明", "Why"), required=False, max_length=400)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        field: Any = self.fields["kind"]
        field.choices = [(kind, said(kind, "cost_kind")) for kind in COST_KINDS]
        self.fields["amount"].required = True


class LimitForm(CostForm):
    category = forms.ModelChoiceField(
        Category.objects.all(), label=later("仅限类别", "Only for the category"), to_field_name="key", required=False,
        empty_label=later("全部", "All"),
    )  # fmt: skip
    product = forms.ModelChoiceField(
        Product.objects.all(), label=later("仅限型号", "Only for the product"), to_field_name="code", required=False,
        empty_label=later("全部", "All"),
    )  # fmt: skip
    valid_from = DayField(label=later("从哪天起", "From"))

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        del self.fields["note"]


@allowed(Permission.COSTS_READ)
@require_GET
def waiting(request: Request) -> HttpResponse:
    """What somebody has to decide on."""
    return _list(request, "waiting", queries.waiting(request.viewer, on=day()))


@allowed(Permission.COSTS_READ)
@require_GET
def costs(request: Request) -> HttpResponse:
    """All costs in reach, newest first."""
    return _list(request, "all", queries.costs(request.viewer, on=day()))


@allowed(Permission.COSTS_READ)
@require_GET
def limits(request: Request) -> HttpResponse:
    """How much is allowed without approval."""
    return _list(request, "limits", queries.limits())


@allowed(Permission.COSTS_APPROVE)
@require_http_methods(["GET", "POST"])
def new_limit(request: Request) -> HttpResponse:
    """A limit from a day on."""
    form = LimitForm(request.POST or None, initial={"valid_from": day(), "kind": "compensation"})

    def save() -> str:
        given = form.cleaned_data
        names = ("kind", "amount", "valid_from", "category", "product")
        actions.add_limit(request.viewer, actions.NewLimit(*(given[name] for name in names)), at=now())
        return reverse("cost_limits")

    return form_page(
        request, form, save, title=t("新限额", "New limit"), crumbs=[(reverse("cost_limits"), t("费用限额", "Limits"))],
        note=t("同一范围原来的限额到这一天为止。", "The limit for the same cases that held before ends on that day."),
    )  # fmt: skip


@allowed(Permission.CASE_WRITE)
@require_http_methods(["GET", "POST"])
def propose(request: Request, number: str) -> HttpResponse:
    """A cost of a case."""
    case = case_in_reach(request.viewer, number, on=day())
    if case is None:
        raise Http404
    form = CostForm(request.POST or None, initial={"kind": request.GET.get("kind", "")})

    def save() -> str:
        given = form.cleaned_data
        asked = actions.Asked(given["kind"], given["amount"], given["note"])
        made = actions.propose(request.viewer, number, asked, at=now())
        if made.state == "waiting":
            messages.info(request, t("超出限额，已提交审批。", "Above the limit: it waits for approval."))
        return f"/desk/{number}/"

    compensation = queries.limit_of(case, "compensation", on=day())
    note = t("每单赔付限额 {amount}，超出要由别人审批。", "Compensation up to {amount} a case; above it somebody else approves.",
             amount=minor(compensation.amount)) if compensation else ""  # fmt: skip
    title = t("登记费用：{n}", "Cost of {n}", n=number)
    return form_page(request, form, save, title=title, crumbs=[(f"/desk/{number}/", number)], note=note)


@allowed(Permission.COSTS_READ)
@require_POST
def act(request: Request, number: str, what: str) -> HttpResponse:
    """Approve, refuse or pay; the action checks who may."""
    reason, viewer, at = request.POST.get("reason", ""), request.viewer, now()
    acts: dict[str, Callable[[], Cost]] = {
        "approve": lambda: actions.approve(viewer, number, reason=reason, at=at),
        "refuse": lambda: actions.refuse(viewer, number, reason=reason, at=at),
        "paid": lambda: actions.paid(viewer, number, at=at),
    }
    if what not in acts or not queries.costs(viewer, on=day()).filter(number=number).exists():
        raise Http404
    return _done(request, acts[what])


@allowed(Permission.CASE_WRITE)
@require_POST
def withdraw(request: Request, number: str) -> HttpResponse:
    """Whoever proposed it takes it back."""
    if not Cost.objects.filter(number=number).exists():
        raise Http404
    return _done(request, lambda: actions.withdraw(request.viewer, number, at=now()))


def _done(request: Request, write: Callable[[], Cost]) -> HttpResponse:
    try:
        cost = write()
    except InputError as refused:
        messages.error(request, " ".join(say_error(refused, words.language())))
    else:
        messages.success(request, said(cost.state, "cost_state"))
    return redirect("costs_waiting" if request.viewer.may(Permission.COSTS_READ) else "home")


def _list(request: Request, tab: str, found: Any) -> HttpResponse:
    context = {"tab": tab, "page": page_of(request, found), "may_decide": request.viewer.may(Permission.COSTS_APPROVE),
               "may_open": request.viewer.may(Permission.CASE_READ)}  # fmt: skip
    return render(request, "costs/limits.html" if tab == "limits" else "costs/costs.html", context)


def day() -> date:
    return today(organisation().zone)
