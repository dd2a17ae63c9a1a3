"""Pages of teams: the tree."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fuxiao.base.permissions import Permission
from fuxiao.org import queries
from fuxiao.org.models import Team
from fuxiao.web.access import Request, allowed


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
