"""Pages of surveys for staff: all of them with response rates, one with its link, and how customers are asked."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.db.models import Avg, Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.service.actions import surveys as actions
from fuxiao.service.models import Survey
from fuxiao.service.queries.complaints import surveys_in_reach
from fuxiao.web.access import Request, allowed
from fuxiao.web.desk.qr import qr_path
from fuxiao.web.editing import form_page
from fuxiao.web.pages import page_of
from fuxiao.web.voice.exporting import export_surveys, wants_file
from fuxiao.web.voice.forms import RulesForm
from fuxiao.web.words import t


def shown_as(state: str, at: datetime) -> Q:
    """Which surveys a filter of the list means at a moment; all without one."""
    pending = Q(answered_at__isnull=True, withdrawn_at__isnull=True)
    wanted = {
        "waiting": pending & Q(sent_at__isnull=True, ends_at__gt=at),
        "open": pending & Q(sent_at__isnull=False, ends_at__gt=at),
        "answered": Q(answered_at__isnull=False),
        "low": Q(csat__lte=2) | Q(solved=False),
        "over": pending & Q(ends_at__lte=at),
    }
    return wanted.get(state, Q())


@allowed(Permission.CASE_READ)
@require_GET
def surveys(request: Request) -> HttpResponse:
    """The surveys in reach, and how many were sent, answered, good."""
    found = surveys_in_reach(request.viewer)
    state = request.GET.get("state", "")
    rates = found.aggregate(
        sent=Count("pk", filter=Q(sent_at__isnull=False)), answered=Count("pk", filter=Q(answered_at__isnull=False)),
        good=Count("pk", filter=Q(csat__gte=4)), mean=Avg("csat"),
    )  # fmt: skip
    shown = found.filter(shown_as(state, at := now()))
    if wants_file(request):
        return export_surveys(request, shown)
    page = page_of(request, shown)
    context = {
        "page": page, "state": state, "at": at, "rates": rates, "may_write": request.viewer.may(Permission.DESK_WRITE),
        "states": [
            ("", t("全部", "All")), ("waiting", t("待发给客户", "To be passed on")), ("open", t("等待答复", "No answer yet")),
            ("answered", t("已答复", "Answered")), ("low", t("低分", "Low marks")),
            ("over", t("已过期", "Ran out")),
        ],
    }  # fmt: skip
    return render(request, "voice/surveys.html#found" if request.htmx else "voice/surveys.html", context)


def _one(request: Request, number: str) -> Survey:
    found = surveys_in_reach(request.viewer).filter(number=number).first()
    if found is None:
        raise Http404
    return found


@allowed(Permission.CASE_READ)
@require_GET
def survey(request: Request, number: str) -> HttpResponse:
    """One survey: the answers, or the link and its code to give to the customer."""
    found = _one(request, number)
    may_write = request.viewer.may(Permission.CASE_WRITE) and not request.viewer.read_only
    address = request.build_absolute_uri(reverse("survey_answer", args=[actions.token_of(found.number)]))
    unanswered = found.answered_at is None and found.withdrawn_at is None
    open_still = unanswered and now() < found.ends_at
    path, side = qr_path(address) if may_write and open_still else ("", 0)
    context = {"survey": found, "address": address if path else "", "path": path, "side": side,
               "over": unanswered and not open_still}  # fmt: skip
    return render(request, "voice/survey.html", context)


@allowed(Permission.CASE_WRITE)
@require_POST
def passed(request: Request, number: str) -> HttpResponse:
    """The link was given to the customer."""
    actions.passed_on(request.viewer, _one(request, number), at=now())
    messages.success(request, t("已记为发给客户。", "Noted: the customer has it."))
    return redirect("survey", number)


@allowed(Permission.DESK_WRITE)
@require_http_methods(["GET", "POST"])
def rules(request: Request) -> HttpResponse:
    """How customers are asked."""
    held = actions.policy()
    form = RulesForm(request.POST or None, instance=None if request.method == "POST" else held)
    if request.method != "POST":
        form.initial["version"] = held.version

    def save() -> str:
        given = {name: form.cleaned_data[name] for name in form.cleaned_data if name != "version"}
        actions.save_policy(request.viewer, given, version=form.cleaned_data["version"], at=now())
        return reverse("surveys")

    def saved() -> dict[str, object]:
        return {name: getattr(actions.policy(), name) for name in (*RulesForm.Meta.fields, "version")}

    return form_page(
        request, form, save, title=t("满意度调查设置", "How customers are asked"), saved=saved,
        crumbs=[(reverse("surveys"), t("满意度", "Surveys"))],
    )  # fmt: skip
