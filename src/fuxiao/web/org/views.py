"""Pages of people and teams."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fuxiao.base.clock import today
from fuxiao.base.permissions import Permission
from fuxiao.base.queries import history_of
from fuxiao.org import queries
from fuxiao.org.models import Team
from fuxiao.web.access import Request, allowed
from fuxiao.web.pages import page_of
from fuxiao.web.shell.home import organisation


@allowed(Permission.ORG_READ)
@require_GET
def people(request: Request) -> HttpResponse:
    """Everybody in reach, searched by name, pinyin, initials or number."""
    search, team = request.GET.get("q", "").strip(), request.GET.get("team", "")
    found = queries.people(request.viewer, on=today(organisation().zone), search=search, team=team)
    context = {"page": page_of(request, found), "search": search, "team": team, "teams": queries.teams()}
    return render(request, "org/people.html#list" if request.htmx else "org/people.html", context)


@allowed(Permission.ORG_READ)
@require_GET
def person(request: Request, number: str) -> HttpResponse:
    """One person: position and team over time, and the history of changes."""
    found = queries.people(request.viewer, on=today(organisation().zone), anybody=True).filter(number=number).first()
    if found is None:
        raise Http404
    return render(request, "org/person.html", {
        "person": found, "memberships": found.memberships.select_related("team").order_by("-valid_from"),
        "history": history_of("org.person", number)[:20] if request.viewer.may(Permission.AUDIT_READ) else (),
        "sees_pay": request.viewer.may(Permission.PAY_READ),
        "sees_personal": request.viewer.may(Permission.PERSONAL_READ) or request.viewer.person == number,
    })  # fmt: skip


@allowed(Permission.ORG_READ)
@require_GET
def teams(request: Request) -> HttpResponse:
    """The tree of teams."""
    found = list(queries.teams())
    below: dict[int | None, list[Team]] = {}
    for team in found:
        below.setdefault(team.parent_id, []).append(team)
    return render(request, "org/teams.html", {"tree": _tree(below, None), "count": len(found)})


def _tree(below: dict[int | None, list[Team]], parent: int | None) -> list[tuple[Team, list[object]]]:
    return [(team, _tree(below, team.pk)) for team in below.get(parent, ())]  # type: ignore[misc]
