"""Pages of the fair comparison: all of a role, one of them with the cases, and where the time of cases went."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fuxiao.base.permissions import Permission
from fuxiao.engine.definition import Indicator
from fuxiao.performance.process.charged import Cause, charged_cases
from fuxiao.web.access import Request, allowed
from fuxiao.web.fair import downloads
from fuxiao.web.fair.choosing import Choice, choice, offered, stretch_of
from fuxiao.web.fair.comparing import Page, compared_page
from fuxiao.web.fair.one import CaseLine, cases_of, one_page
from fuxiao.web.fair.spending import cause_word, hours, spent_page, subject_then, whose, window
from fuxiao.web.metrics.cuts import PERSON, TEAM, Subject, is_open
from fuxiao.web.metrics.desk import Desk, desk
from fuxiao.web.metrics.exports import answer
from fuxiao.web.metrics.rows import about_cases
from fuxiao.web.metrics.wording import formats
from fuxiao.web.pages import SIZE, page_of, whole
from fuxiao.web.words import language


@allowed(Permission.VALUES_READ)
@require_GET
def compared(request: Request) -> HttpResponse:
    """People or teams of one role in three classes, on one rate."""
    with desk(request) as at:
        stretch = stretch_of(request, at)
        rates = offered(at, stretch)
        by = TEAM if request.GET.get("by") == TEAM else PERSON
        chosen = choice(
            at, stretch, rates, asked=request.GET.get("indicator", ""), by=by, role=request.GET.get("role", "")
        )
        context: dict[str, object] = {"stretch": stretch, "picker": stretch.picker, "names": _named(rates)}
        if chosen is not None:
            page = _page(at, chosen)
            if form := request.GET.get("form"):
                return answer(downloads.of_comparison(page), form)
            context |= {"page": page, "chosen": chosen, "query": chosen.query(), **_indicator(at, chosen)}
        context |= {"sees_teams": at.viewer.sees_all or bool(at.viewer.teams)}
    return render(request, "fair/compared.html#found" if request.htmx else "fair/compared.html", context)


def _page(at: Desk, chosen: Choice) -> Page:
    stretch = chosen.stretch
    asked = ("fair-page", chosen.indicator.code, stretch.period.key, stretch.months, chosen.by, chosen.role)
    return at.kept((*asked, chosen.people), lambda: compared_page(at, chosen))


def _named(rates: Sequence[Indicator]) -> list[tuple[str, str]]:
    return [(each.code, each.name[language()]) for each in rates]


def _indicator(at: Desk, chosen: Choice) -> dict[str, object]:
    indicator = chosen.indicator
    return {"name": indicator.name[language()], "code": indicator.code, "soft": chosen.is_soft(at)}


@allowed(Permission.VALUES_READ)
@require_GET
def subject(request: Request, code: str, by: str, who: str) -> HttpResponse:
    """One person or team: how the figure was adjusted, and the cases it is made of."""
    place = max(1, whole(request.GET.get("page", ""), 1))
    with desk(request) as at:
        stretch = stretch_of(request, at)
        chosen = choice(at, stretch, offered(at, stretch), asked=code, by=by, role=request.GET.get("role", ""), who=who)
        if by not in (PERSON, TEAM) or chosen is None or not chosen.sees(at, who):
            raise Http404
        one, named = one_page(at, chosen, who), _indicator(at, chosen)
        cases: Sequence[CaseLine] = ()
        total = 0
        if one.n and at.viewer.may(Permission.ROWS_READ):
            cases, total = cases_of(at, chosen, who, offset=(place - 1) * SIZE, limit=SIZE)
    return render(request, "fair/subject.html", {
        "one": one, "chosen": chosen, "stretch": stretch, "picker": stretch.picker, "cases": cases,
        "page": Paginator(range(total), SIZE).get_page(place), "query": chosen.query(indicator=code),
        "time": urlencode({**stretch.query, "of": f"{by}:{who}"}), **named,
    })  # fmt: skip


@allowed(Permission.VALUES_READ)
@require_GET
def time_spent(request: Request) -> HttpResponse:
    """Where the working time of a team's, a person's or everybody's resolved cases went."""
    with desk(request) as at:
        stretch = stretch_of(request, at)
        of = subject_then(at, request.GET.get("of", ""), stretch)
        found = spent_page(at, of, stretch)
        if form := request.GET.get("form"):
            return answer(downloads.of_time(found), form)
        choices = at.choices if of in at.choices else [*at.choices, of]
    return render(request, "fair/time.html#found" if request.htmx else "fair/time.html", {
        "found": found, "of": of, "stretch": stretch, "picker": stretch.picker, "choices": choices,
        "page": page_of(request, found.people), "sees_rows": _sees_rows(request, of),
    })  # fmt: skip


def _sees_rows(request: Request, of: Subject) -> bool:
    """Rows of the whole company are for whoever sees everybody, as everywhere."""
    return request.viewer.may(Permission.ROWS_READ) and is_open(of, request.viewer)


@allowed(Permission.ROWS_READ)
@require_GET
def time_cases(request: Request) -> HttpResponse:
    """The cases under one charge of time: they add up to it. Each case's page has its clock ledger as evidence."""
    place, cause = max(1, whole(request.GET.get("page", ""), 1)), request.GET.get("cause", "")
    if cause not in set(Cause):
        raise Http404
    owner = request.GET.get("owner", "")
    with desk(request) as at:
        stretch = stretch_of(request, at)
        of = subject_then(at, request.GET.get("of", ""), stretch)
        if not _sees_rows(request, of):
            raise Http404
        found = charged_cases(
            at.store, window(stretch), whose(of), cause=Cause(cause), owner=owner, offset=(place - 1) * SIZE, limit=SIZE
        )
        about = about_cases(at.store, {case for case, _seconds in found.rows})
        owner_name = at.names.get(owner, owner)
    return render(request, "fair/time_cases.html", {
        "of": of, "stretch": stretch, "picker": stretch.picker, "cause": cause_word(Cause(cause), of), "owner": owner_name,
        "lines": [(case, about.get(case, {}), formats().duration(seconds)) for case, seconds in found.rows],
        "total": hours(found.seconds), "page": Paginator(range(found.total), SIZE).get_page(place),
        "back": urlencode({**stretch.query, "of": of.address}),
    })  # fmt: skip
