"""The list of cases: filtered by its address, exported, changed many at once or one in place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET, require_POST

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.base.wording import say_error
from fuxiao.core.case_life import State, Verb
from fuxiao.core.errors import FuxiaoError, InputError, NotPermitted
from fuxiao.service.actions.editing import edit
from fuxiao.service.actions.life import Act, act
from fuxiao.service.models import Case, ListKind
from fuxiao.service.queries.cases import ORDERS, SHOWS, Wanted, listed, page_of
from fuxiao.service.queries.reach import case_in_reach
from fuxiao.web import words
from fuxiao.web.access import Request, allowed, sent_from
from fuxiao.web.desk import labels
from fuxiao.web.desk.exporting import export
from fuxiao.web.desk.people import person_named
from fuxiao.web.desk.reading import (
    case_or_404,
    categories,
    lists,
    numbers,
    people,
    priorities,
    teams,
    today,
    way_back,
)
from fuxiao.web.pages import whole
from fuxiao.web.shell.saved import opened
from fuxiao.web.words import t

MOST = 200
"""So many cases can be changed at once."""


@allowed(Permission.CASE_READ)
@require_GET
def cases(request: Request) -> HttpResponse:
    """The cases in reach; the address says which. As a file with ``?form=xlsx`` or ``csv``."""
    if to := opened(request, "cases"):
        return to
    wanted = wanted_of(request)
    asked: Any = {"on": today(), "now": now()}
    if request.GET.get("form") in {"xlsx", "csv"}:
        return export(request, listed(request.viewer, wanted, **asked), request.GET["form"])
    page = page_of(request.viewer, wanted, after=request.GET.get("after", ""), **asked)
    known = priorities(request)
    context = {
        "page": page, "wanted": wanted, "now": now(), "priorities": known, "options": Options(known),
        "filtered": bool(wanted.search or wanted.team or wanted.owner or wanted.priority or wanted.category),
        "may_assign": request.viewer.may(Permission.CASE_ASSIGN), "may_close": request.viewer.may(Permission.CASE_CLOSE),
        "may_write": request.viewer.may(Permission.CASE_WRITE), "back": request.get_full_path(),
    }  # fmt: skip
    if request.htmx:
        return render(request, "desk/list.html#list", context)
    found_now = numbers(request)
    return render(request, "desk/list.html", context | {
        "shows": [(key, word, found_now.get(key)) for key, word in labels.SHOWS.items()],
        "teams": teams(request), "categories": categories(request),
        "people": people(request) if request.viewer.may(Permission.CASE_ASSIGN) else "",
        "chosen_priorities": lists(request)[ListKind.PRIORITY],
    })  # fmt: skip


class Options(dict[str, SafeString]):
    """The options of a list by the one that is chosen, each put together once for all rows of a page."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self.words = words

    def __missing__(self, chosen: str) -> SafeString:
        head = [] if chosen in self.words else [("", mark_safe(" selected disabled"), chosen or "—")]
        rest = [(key, mark_safe(" selected") if key == chosen else "", word) for key, word in self.words.items()]
        self[chosen] = format_html_join("", '<option value="{}"{}>{}</option>', [*head, *rest])
        return self[chosen]


def wanted_of(request: Request) -> Wanted:
    """The filters that the address names; nonsense is left out."""
    given = {
        name: request.GET.get(name, "").strip()[:120] for name in ("team", "owner", "priority", "category", "state")
    }
    show, order = request.GET.get("show", "open"), request.GET.get("order", "new")
    if given["state"] not in set(State):
        given["state"] = ""
    return Wanted(
        search=request.GET.get("q", "").strip()[:80], show="all" if given["state"] else show if show in SHOWS else "open",
        order=order if order in ORDERS else "new", **given,
    )  # fmt: skip


def address_of(wanted: Wanted) -> str:
    """The address of a list that shows this."""
    facts = asdict(wanted)
    facts["q"] = facts.pop("search")
    kept = {
        name: value
        for name, value in facts.items()
        if value and (name, value) not in {("show", "open"), ("order", "new")}
    }
    return f"{reverse('desk')}?{urlencode(kept)}" if kept else reverse("desk")


@allowed(Permission.CASE_WRITE)
@require_POST
def bulk(request: Request) -> HttpResponse:
    """Do the same with many cases, back to the list; what was refused is listed with its reason, the rest is done."""
    numbers = request.POST.getlist("case")[:MOST]
    what, done, refused = request.POST.get("what", ""), [], []
    for number in numbers:
        try:
            done.append(_each(request, number, what).number)
        except FuxiaoError as error:
            refused.append((number, say_error(error, words.language())[0]))
    back = way_back(request, otherwise=reverse("desk"))
    if done and not refused:
        messages.success(request, t("完成 {n} 张。", "Done: {n}.", n=len(done)))
        return redirect(back)
    context = {"done": done, "refused": refused, "back": back}
    return render(request, "desk/bulk.html", context, status=422 if refused and not done else 200)


def _each(request: Request, number: str, what: str) -> Case:
    viewer, at = request.viewer, now()
    if what == "assign":
        person = person_named(request.POST.get("person", ""))
        case = _seen(request, number)
        verb = Verb.ASSIGN if case.state in {State.NEW, State.ASSIGNED} else Verb.TRANSFER
        reason = t("批量派工", "given out together") if verb is Verb.TRANSFER else ""
        return act(viewer, number, Act(verb=verb, person=person, reason=reason), at=at)
    if what == "priority":
        case = _seen(request, number)
        return edit(viewer, number, {"priority": _priority(request)}, version=case.version, at=at)
    if what == "close":
        return act(viewer, number, Act(verb=Verb.CLOSE), at=at)
    raise InputError("desk.what", choices=("assign", "priority", "close"))


def _seen(request: Request, number: str) -> Case:
    found = case_in_reach(request.viewer, number, on=today())
    if found is None:
        raise NotPermitted("case.not_yours", number=number)
    return found


def _priority(request: Request) -> str:
    given = request.POST.get("priority", "")
    if given not in labels.words_of(ListKind.PRIORITY):
        raise InputError("desk.what", choices=tuple(labels.words_of(ListKind.PRIORITY)))
    return given


@allowed(Permission.CASE_WRITE)
@require_POST
def set_field(request: Request, number: str) -> HttpResponse:
    """Change owner or priority in place; what is refused is said beside it."""
    case = case_or_404(request, number)
    try:
        if "priority" in request.POST:
            version = whole(request.POST.get("version", str(case.version)), 0)
            edit(request.viewer, number, {"priority": _priority(request)}, version=version, at=now())
        else:
            _each(request, number, "assign")
    except FuxiaoError as error:
        messages.error(request, say_error(error, words.language())[0])
    else:
        messages.success(request, t("已保存。", "Saved."))
    page = sent_from(request)
    return redirect(page if page.startswith(reverse("desk")) else reverse("desk_case", args=[number]))
