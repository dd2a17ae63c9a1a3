"""Pages of score events: the register, a report, and one event with what may be done about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fuxiao.base import clock
from fuxiao.base.permissions import Permission
from fuxiao.base.queries import history_of
from fuxiao.base.wording import say_error
from fuxiao.core.errors import DefinitionError, InputError
from fuxiao.performance.events import actions, queries
from fuxiao.performance.events.kinds import known_kinds
from fuxiao.performance.events.models import ReportedEvent
from fuxiao.web.access import Request, allowed
from fuxiao.web.cases.reach import openable
from fuxiao.web.events.forms import ReportForm
from fuxiao.web.events.presenters import TABS, download, effect_word, kind_word, lines, state_word
from fuxiao.web.metrics.exports import answer
from fuxiao.web.pages import page_of, whole
from fuxiao.web.shell.home import organisation
from fuxiao.web.words import language, t


@allowed(Permission.EVENTS_READ)
@require_GET
def listed(request: Request) -> HttpResponse:
    """Everything reported about people in reach, newest first; what stands in the file by hand among it."""
    tab = request.GET.get("tab", "")
    every = lines(request.viewer, settings.HOME, known_kinds(settings.HOME), on=day())
    found = [line for line in every if line.in_tab(tab)]
    if form := request.GET.get("form"):
        return answer(download(found), form)
    page = page_of(request, found)
    context = {
        "page": page, "rows": page.object_list, "tab": tab, "may_write": queries.may_write(request.viewer), "any": bool(every),
        "tabs": [(key, t(zh, en), sum(line.in_tab(key) for line in every)) for key, zh, en in TABS],
    }  # fmt: skip
    return render(request, "events/list.html#list" if request.htmx else "events/list.html", context)


@allowed(Permission.EVENTS_WRITE)
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Report an event; a second person decides whether it counts."""
    kinds = known_kinds(settings.HOME)
    form = ReportForm(request.POST or None, kinds, initial={"on": day(), "person": request.GET.get("person", "")})
    if request.method == "POST" and form.is_valid():
        try:
            given, seen = form.given, openable(request, filter(None, [form.given.case]))
            made = actions.report(request.viewer, settings.HOME, given, openable=seen, today=day(), at=clock.now())
        except InputError as refused:
            form.refuse(refused)
        else:
            messages.success(request, t("已登记，等待第二人批准。", "Reported; it waits for a second person."))
            return redirect("score_event", made.pk)
    known = queries.reportable(request.viewer, on=day()).filter(left_on__isnull=True)
    context = {"form": form, "kinds": kinds, "people": known.order_by("sort", "number").values_list("number", "name")}
    return render(request, "events/new.html", context, status=422 if form.errors else 200)


@allowed(Permission.EVENTS_READ)
@require_GET
def event(request: Request, number: int) -> HttpResponse:
    """One event: what is known of it, who did what, and what the reader may do."""
    return _page(request, queries.event_of(request.viewer, number, on=day()))


def _page(request: Request, found: ReportedEvent, problems: tuple[str, ...] = ()) -> HttpResponse:
    viewer, kinds = request.viewer, known_kinds(settings.HOME)
    word, tone = state_word(found.state)
    context = {
        "event": found, "kind": kind_word(found.kind, kinds), "effect": effect_word(found.kind, kinds), "word": word,
        "tone": tone, "closed": queries.closed_period(settings.HOME, found.person, found.on), "problems": problems,
        "decides": queries.may_decide(viewer, found), "withdraws": queries.may_withdraw(viewer, found),
        "revokes": queries.may_revoke(viewer, found), "sees_case": found.case in openable(request, filter(None, [found.case])),
        "history": history_of("performance.event", str(found.pk)), "given": request.POST,
    }  # fmt: skip
    return render(request, "events/event.html", context, status=400 if problems else 200)


@allowed(Permission.EVENTS_WRITE)
@require_POST
def act(request: Request, number: int, what: str) -> HttpResponse:
    """Approve, refuse, withdraw or revoke; the action checks who may."""
    found, viewer, home = queries.event_of(request.viewer, number, on=day()), request.viewer, settings.HOME
    reason, seen = request.POST.get("reason", "")[:2000], whole(request.POST.get("version", ""), 0)
    acts: dict[str, tuple[Callable[[], None], str]] = {
        "approve": (lambda: actions.approve(viewer, home, found, version=seen, at=clock.now()),
                    t("已批准，得分已更新。", "Approved; scores follow.")),
        "refuse": (lambda: actions.refuse(viewer, found, reason, version=seen, at=clock.now()),
                   t("已写明不批准的理由。", "Refused, with the reason.")),
        "withdraw": (lambda: actions.withdraw(viewer, found, version=seen, at=clock.now()), t("已撤回。", "Withdrawn.")),
        "revoke": (lambda: actions.revoke(viewer, home, found, reason, version=seen, at=clock.now()),
                   t("已撤销，不再计入。", "Revoked; it no longer counts.")),
    }  # fmt: skip
    if what not in acts:
        raise Http404
    do, told = acts[what]
    try:
        do()
    except (InputError, DefinitionError) as refused:
        return _page(request, found, tuple(say_error(refused, language())))
    messages.success(request, told)
    return redirect("score_event", number)


def day() -> date:
    return clock.today(organisation().zone)
