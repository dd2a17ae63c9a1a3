"""Pages of indicators: all of them, one of them, and the rows behind a figure."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fuxiao.base.permissions import Permission
from fuxiao.metrics.drill import NO_REASON, Kept, splits
from fuxiao.web.access import Request, allowed
from fuxiao.web.metrics import downloads
from fuxiao.web.metrics.compared import SORTS
from fuxiao.web.metrics.cuts import COMPANY, Cut, is_open
from fuxiao.web.metrics.desk import Desk, desk
from fuxiao.web.metrics.detail import detail
from fuxiao.web.metrics.exports import answer
from fuxiao.web.metrics.overview import overview
from fuxiao.web.metrics.periods import Picker
from fuxiao.web.metrics.presenters import figure
from fuxiao.web.metrics.rows import MOST, Slice, rows_page
from fuxiao.web.pages import SIZE, page_of, whole
from fuxiao.web.shell.kept import kept as kept_page
from fuxiao.web.shell.saved import opened


@allowed(Permission.VALUES_READ)
@require_GET
@kept_page
def values(request: Request) -> HttpResponse:
    """All indicators of a period, for the company, a team or a person."""
    if to := opened(request, "values"):
        return to
    section, search = request.GET.get("section", ""), request.GET.get("q", "").strip()
    with desk(request) as at:
        chosen, of = at.picker(request.GET.get("period", "")), at.subject(request.GET.get("of", ""))
        found = overview(at, chosen, of, section=section, search=search)
        if form := request.GET.get("form"):
            return answer(downloads.of_overview(found, chosen, of.name, section=section, search=search), form)
        context = {
            "picker": chosen, "of": of, "choices": at.choices, "found": found, "library": at.library,
            "section": section, "search": search, "beside": of.kind != COMPANY,
            "may_import": request.viewer.may(Permission.DATA_WRITE),
            "links": urlencode({"of": of.address, "period": chosen.key}),
        }  # fmt: skip
    response = render(request, "metrics/values.html#found" if request.htmx else "metrics/values.html", context)
    response.set_cookie("seen-values", "1", max_age=31_536_000, samesite="Lax", httponly=True)
    return response


@allowed(Permission.VALUES_READ)
@require_GET
@kept_page
def indicator(request: Request, code: str) -> HttpResponse:
    """One indicator: what it means, its course, and its figures by person, team or column."""
    sort = request.GET.get("sort", "")
    with desk(request) as at:
        chosen = at.picker(request.GET.get("period", ""))
        found = detail(
            at, at.library.get(code), chosen, at.subject(request.GET.get("of", "")), by=request.GET.get("by", ""),
            sort=sort if sort in SORTS else SORTS[0],
        )  # fmt: skip
        if form := request.GET.get("form"):
            return answer(downloads.of_lines(found, chosen), form)
        context = {
            "picker": chosen,
            "found": found,
            "choices": at.choices,
            "sees_rows": request.viewer.may(Permission.ROWS_READ),
            "is_open": is_open(found.cut.of, request.viewer),
            "page": page_of(request, found.lines),
        }
    return render(request, "metrics/indicator.html#groups" if request.htmx else "metrics/indicator.html", context)


@allowed(Permission.ROWS_READ)
@require_GET
@kept_page
def rows(request: Request, code: str) -> HttpResponse:
    """The rows under one figure: they add up to it. Those that count and those that were left out stand apart."""
    with desk(request) as at:
        chosen = at.picker(request.GET.get("period", ""))
        return rows_answer(
            request, at, code, Cut(at.subject(request.GET.get("of", "")), request.GET.get("by", "")), chosen
        )


def rows_answer(
    request: Request, at: Desk, code: str, cut: Cut, chosen: Picker, *, context: Mapping[str, object] | None = None
) -> HttpResponse:
    """A page of the rows under a figure of this desk, or all of them as a file."""
    who = request.GET.get("who", "")
    kept, reason = _part(request, at, code, cut)
    form, place = request.GET.get("form"), _page_number(request)
    offset, limit = (0, MOST) if form else ((place - 1) * SIZE, SIZE)
    found = rows_page(at, at.library.get(code), cut, who, chosen.period, asked=Slice(kept, offset, limit, reason))
    if form:
        return answer(downloads.of_rows(found, chosen), form)
    page = Paginator(range(found.total), SIZE).get_page(place)
    return render(request, "metrics/rows.html", {
        "picker": chosen, "found": found, "figure": figure(found.value, found.indicator), "page": page, "who": who,
        "several": len({line.kind for line in found.lines}) > 1, "by_person": "person" not in cut.groups,
        **(context or {}),
    })  # fmt: skip


def _part(request: Request, at: Desk, code: str, cut: Cut) -> tuple[Kept, str]:
    """Which of the rows, and the reason where those left out are narrowed to one; those that count for nonsense."""
    asked, reason = request.GET.get("part"), request.GET.get("reason", "")
    if asked == Kept.LEFT_OUT:
        known = reason == NO_REASON or reason in at.facts_of(at.library.get(code)).exclusions
        return Kept.LEFT_OUT, reason if known else ""
    if asked in (Kept.YES, Kept.NO) and splits(at.library.get(code), cut.groups):
        return Kept(asked), ""
    return Kept.COUNTED, ""


def _page_number(request: Request) -> int:
    """The page asked for; the first for nonsense."""
    return max(1, whole(request.GET.get("page", ""), 1))
