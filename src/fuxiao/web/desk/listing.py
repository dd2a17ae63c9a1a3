"""The list of cases: filtered by its address, exported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.core.case_life import State
from fuxiao.service.models import ListKind
from fuxiao.service.queries.cases import ORDERS, SHOWS, Wanted, listed, page_of
from fuxiao.web.access import Request, allowed
from fuxiao.web.desk import labels
from fuxiao.web.desk.exporting import export
from fuxiao.web.desk.reading import (
    categories,
    lists,
    numbers,
    people,
    priorities,
    scope,
    teams,
)
from fuxiao.web.shell.saved import opened


@allowed(Permission.CASE_READ)
@require_GET
def cases(request: Request) -> HttpResponse:
    """The cases in reach; the address says which. As a file with ``?form=xlsx`` or ``csv``."""
    if to := opened(request, "cases"):
        return to
    wanted = wanted_of(request)
    reach, at = scope(request), now()
    if request.GET.get("form") in {"xlsx", "csv"}:
        return export(request, listed(request.viewer, wanted, scope=reach, now=at), request.GET["form"])
    page = page_of(request.viewer, wanted, scope=reach, now=at, after=request.GET.get("after", ""))
    known = priorities(request)
    context = {
        "page": page, "wanted": wanted, "now": at, "priorities": known, "options": Options(known),
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
