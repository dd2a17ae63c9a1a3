"""Pages that show people: the list, its download, one person."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fuxiao.base.clock import today
from fuxiao.base.permissions import Permission
from fuxiao.base.queries import history_of
from fuxiao.core.errors import StoreError
from fuxiao.org import queries
from fuxiao.org.attendance import Month, months_of
from fuxiao.org.models import Person
from fuxiao.org.person_actions import posts
from fuxiao.web.access import Request, allowed
from fuxiao.web.lake import lake
from fuxiao.web.org.hours import shift_facts
from fuxiao.web.org.labels import change_of, may_see
from fuxiao.web.org.leave_shown import leave_facts
from fuxiao.web.org.sheets import KINDS, sheet_response
from fuxiao.web.pages import page_of
from fuxiao.web.shell.home import organisation
from fuxiao.web.shell.kept import kept, known
from fuxiao.web.shell.saved import opened

HISTORY = 30


@allowed(Permission.ORG_READ)
@require_GET
@kept
def people(request: Request) -> HttpResponse:
    """Everybody in reach, searched by name, pinyin, initials or number; as a file with ``?as=xlsx`` or ``csv``."""
    if answer := opened(request, "people"):
        return answer
    search, team, gone = request.GET.get("q", "").strip(), request.GET.get("team", ""), request.GET.get("gone") == "1"
    found = queries.people(request.viewer, on=day(), search=search, team=team, gone=gone)
    if (kind := request.GET.get("as", "")) in KINDS:
        return sheet_response(request.viewer, found, kind, on=day())
    page = page_of(request, found.only("number", "name", "hired_on", "left_on"))
    context = {
        "page": page, "rows": queries.posts_on(page, on=day()), "search": search, "team": team, "gone": gone, "teams": known(request, "teams", lambda: list(queries.teams())),
        "may_write": request.viewer.may(Permission.ORG_WRITE),
    }  # fmt: skip
    return render(request, "org/people.html#list" if request.htmx else "org/people.html", context)


@allowed(Permission.ORG_READ)
@require_GET
def person(request: Request, number: str) -> HttpResponse:
    """One person: particulars, posts over time, attendance of the last months, the history of changes."""
    found = person_in_reach(request, number)
    viewer, own = request.viewer, request.viewer.person == number
    history = history_of("org.person", number)[:HISTORY] if viewer.may(Permission.AUDIT_READ) else ()
    held = list(posts(found).reverse())
    ((_, team, position),) = queries.posts_on([found], on=day())
    return render(request, "org/person.html", {
        "person": found, "team_name": team, "position": position, "posts": held, "history": [change_of(viewer, entry) for entry in history],
        "months": _attendance(number), "sees_pay": may_see(viewer, "wage"),
        "sees_personal": may_see(viewer, "phone", own=own), "may_write": viewer.may(Permission.ORG_WRITE),
        "may_undo": len(held) > 1 and held[1].valid_to == held[0].valid_from, **shift_facts(found, day()),
        **leave_facts(request, found),
    })  # fmt: skip


def person_in_reach(request: Request, number: str) -> Person:
    """The person, or 404 where there is none or not for this viewer."""
    found = queries.people(request.viewer, on=day(), anybody=True).select_related("manager").filter(number=number)
    if (person := found.first()) is None:
        raise Http404
    return person


def day() -> date:
    """Today in the organisation's zone."""
    return today(organisation().zone)


def _attendance(number: str) -> list[Month]:
    try:
        with lake() as store:
            return months_of(store, number, until=day())
    except StoreError:
        return []
