"""What the reader was told. Notices are of the account itself, also while it looks through another's eyes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fuxiao.base import actions, queries
from fuxiao.base.clock import now
from fuxiao.base.models import Notice
from fuxiao.base.wording import say
from fuxiao.web import words
from fuxiao.web.access import Request, signed_in
from fuxiao.web.pages import page_of
from fuxiao.web.words import t

LATEST = 8
AREAS = {
    "data": ("数据", "Data", "database"), "org": ("组织与权限", "Organisation", "users"),
    "leave": ("请假", "Leave", "calendar-off"),
    "service": ("服务", "Service", "bell"), "desk": ("服务", "Service", "bell"), "case": ("工单", "Cases", "bell"),
    "cycle": ("考核", "Reviews", "calendar"), "review": ("考核", "Reviews", "calendar"),
    "appeal": ("申诉", "Appeals", "gavel"), "signals": ("信号复核", "Signal reviews", "search"),
    "complaint": ("投诉", "Complaints", "message-report"), "survey": ("满意度", "Surveys", "mood-smile"),
    "cost": ("费用与赔付", "Costs", "coin"), "part": ("备件", "Parts", "packages"),
    "visit": ("上门", "Visits", "route"), "rules": ("规则", "Rules", "scale"),
    "events": ("加减分与否决", "Score events", "star"), "panel": ("考核", "Reviews", "calendar"),
}  # fmt: skip
"""The words and the icon of a kind's first part."""


@dataclass(frozen=True, slots=True)
class Told:
    """One notice in words."""

    notice: Notice
    text: str
    icon: str


def told(notices: Iterable[Notice]) -> list[Told]:
    lang = words.language()
    return [Told(each, say(f"{queries.NOTICE}{each.kind}", lang, each.facts), _area(each.kind)[2]) for each in notices]


def _area(kind: str) -> tuple[str, str, str]:
    return AREAS[kind.partition(".")[0]]


def _areas() -> dict[str, list[str]]:
    """The kinds by their first part, areas that read alike together."""
    found: dict[str, list[str]] = {}
    for kind in sorted(queries.notice_kinds()):
        found.setdefault(t(*_area(kind)[:2]), []).append(kind)
    return found


def _account(request: Request) -> int:
    return request.own.account or 0


@signed_in
@require_GET
def unread(request: Request) -> HttpResponse:
    """The number on the bell."""
    return render(
        request, "shell/bell.html#count", {"unread_notices": queries.unread_notices(_account(request)).count()}
    )


@signed_in
@require_GET
def latest(request: Request) -> HttpResponse:
    """What the bell shows when it is opened; without script the whole list."""
    if not request.htmx:
        return redirect("notices")
    return render(request, "notices/latest.html", {"told": told(queries.notices(_account(request))[:LATEST])})


@signed_in
@require_GET
def notices(request: Request) -> HttpResponse:
    """Everything the reader was told: all, of one area, or unread only."""
    areas, area, only = _areas(), request.GET.get("area", ""), request.GET.get("unread") == "1"
    found = queries.notices(_account(request), kinds=areas.get(area, ()), unread=only)
    page = page_of(request, found, size=30)
    context = {
        "page": page, "told": told(page.object_list), "areas": list(areas), "area": area, "only": only,
        "waiting": queries.unread_notices(_account(request)).exists(),
    }  # fmt: skip
    return render(request, "notices/notices.html#list" if request.htmx else "notices/notices.html", context)


@signed_in
@require_GET
def open_notice(request: Request, number: int) -> HttpResponse:
    """Go where a notice leads; it is read by that."""
    found = queries.notices(_account(request)).filter(pk=number).first()
    if found is None:
        raise Http404
    if not request.viewer.read_only:
        actions.mark_read(_account(request), at=now(), notice=number)
    return redirect(found.link or "notices")


@signed_in
@require_POST
def read_all(request: Request) -> HttpResponse:
    """Take all of it for read."""
    actions.mark_read(_account(request), at=now())
    return redirect("notices")


@dataclass(frozen=True, slots=True)
class Choice:
    """How the reader hears of one kind."""

    kind: str
    text: str
    here: bool
    mail: bool


@signed_in
@require_http_methods(["GET", "POST"])
def choices(request: Request) -> HttpResponse:
    """How the reader wants to hear of each kind."""
    if request.method == "POST":
        here, mail = set(request.POST.getlist("here")), set(request.POST.getlist("mail"))
        chosen = {kind: (kind in here, kind in mail) for kind in queries.notice_kinds()}
        actions.choose_notices(_account(request), chosen)
        messages.success(request, t("已保存。", "Saved."))
        return redirect("notice_choices")
    kept, lang = queries.notice_choices(_account(request)), words.language()
    groups = [
        (area, [Choice(kind, say(f"hear.{kind}", lang), *kept[kind]) for kind in kinds])
        for area, kinds in _areas().items()
    ]
    return render(request, "notices/choices.html", {"groups": groups})
