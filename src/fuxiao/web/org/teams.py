"""Pages of teams: the tree as a chart, making, changing and closing one."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.base.queries import history_of
from fuxiao.core.errors import Conflict, InputError
from fuxiao.org import queries, team_actions
from fuxiao.org.models import Team
from fuxiao.web.access import Request, allowed
from fuxiao.web.org.editing import refuse
from fuxiao.web.org.forms import CloseForm, NewTeamForm, TeamForm
from fuxiao.web.org.labels import change_of
from fuxiao.web.org.people import HISTORY, day
from fuxiao.web.words import t


@dataclass(frozen=True, slots=True)
class Node:
    """A team of the chart: its own people, those of all teams below included, and the teams below."""

    team: Team
    own: int
    whole: int
    below: tuple[Node, ...]


@allowed(Permission.ORG_READ)
@require_GET
def teams(request: Request) -> HttpResponse:
    """The tree of teams with leads and heads; those closed only where they are asked for."""
    closed = request.GET.get("closed") == "1"
    found = [team for team in queries.teams() if closed or team.closed_on is None]
    below: dict[int | None, list[Team]] = {}
    for team in found:
        below.setdefault(team.parent_id, []).append(team)
    tree = _nodes(below, None, queries.heads(on=day()))
    may_write = request.viewer.may(Permission.ORG_WRITE)
    return render(request, "org/teams.html", {"tree": tree, "may_write": may_write, "closed": closed})


def _nodes(below: dict[int | None, list[Team]], parent: int | None, heads: dict[int, int]) -> tuple[Node, ...]:
    nodes = []
    for team in below.get(parent, ()):
        inside = _nodes(below, team.pk, heads)
        own = heads.get(team.pk, 0)
        nodes.append(Node(team, own, own + sum(node.whole for node in inside), inside))
    return tuple(nodes)


@allowed(Permission.ORG_WRITE)
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """A new team, below another one where ``?parent=`` names it."""
    form = NewTeamForm(request.POST or None, initial={"parent": request.GET.get("parent", "")})
    if request.method == "POST" and form.is_valid():
        try:
            team = team_actions.add_team(request.viewer, form.cleaned_data["key"], form.given, at=now())
        except InputError as refused:
            refuse(form, refused, "key")
        else:
            messages.success(request, t("已新增{name}。", "{name} was added.", name=team.name))
            return redirect("teams")
    return render(request, "org/team_form.html", {"form": form}, status=422 if form.errors else 200)


@allowed(Permission.ORG_WRITE)
@require_http_methods(["GET", "POST"])
def edit(request: Request, key: str) -> HttpResponse:
    """Rename, move, another lead; where somebody else did meanwhile, their version is shown to decide by (409)."""
    team = get_object_or_404(Team.objects.select_related("parent", "lead"), key=key)
    form, status = TeamForm(request.POST or None, initial=_initial(team)), 200
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"] or 0
            team_actions.change_team(request.viewer, key, form.given, version=version, at=now())
        except Conflict as conflict:
            refuse(form, conflict)
            status = 409
        except InputError as refused:
            refuse(form, refused, "parent")
        else:
            messages.success(request, t("已保存。", "Saved."))
            return redirect("teams")
    return _page(request, team, form, CloseForm(initial={"closed_on": team.closed_on}), status)


@allowed(Permission.ORG_WRITE)
@require_http_methods(["POST"])
def close(request: Request, key: str) -> HttpResponse:
    """Close a team from a day on, or open it again."""
    team = get_object_or_404(Team.objects.select_related("parent", "lead"), key=key)
    form = CloseForm(request.POST)
    if form.is_valid():
        try:
            team_actions.close_team(request.viewer, key, form.cleaned_data["closed_on"], at=now())
        except InputError as refused:
            refuse(form, refused, "closed_on")
        else:
            messages.success(request, t("已保存。", "Saved."))
            return redirect("teams")
    return _page(request, team, TeamForm(initial=_initial(team)), form, 200)


def _initial(team: Team) -> dict[str, object]:
    return {
        "name": team.name, "parent": team.parent.key if team.parent else "", "kind": team.kind,
        "lead": team.lead.number if team.lead else "", "version": team.version,
    }  # fmt: skip


def _page(request: Request, team: Team, form: TeamForm, closing: CloseForm, status: int) -> HttpResponse:
    history = history_of("org.team", team.key)[:HISTORY] if request.viewer.may(Permission.AUDIT_READ) else ()
    context = {
        "team": team, "form": form, "closing": closing, "theirs": _initial(team) if status == 409 else None,
        "history": [change_of(request.viewer, entry) for entry in history],
    }  # fmt: skip
    wrong = status == 200 and (form.errors or closing.errors)
    return render(request, "org/team_form.html", context, status=422 if wrong else status)
