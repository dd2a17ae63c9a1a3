"""The team's day: what waits, is due soon, is overdue, and who is free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.base.written import written_once
from fuxiao.core.assignment import Candidate
from fuxiao.org.models import Team
from fuxiao.service.actions.setting_up import set_away
from fuxiao.service.assigning import candidates, people_in
from fuxiao.service.models import Case, StillOpen
from fuxiao.service.queries.cases import Wanted, page_of
from fuxiao.service.queries.lines import Line
from fuxiao.service.queries.reach import own_teams
from fuxiao.web.access import Request, allowed
from fuxiao.web.desk import labels
from fuxiao.web.desk.people import person_named
from fuxiao.web.desk.reading import numbers, scope, teams, today, way_back
from fuxiao.web.words import t

FREE = 12
"""So many of all teams are told who is free."""
SHOWN = 12
"""So many cases of each list; the list of cases has the rest."""


@dataclass(frozen=True, slots=True)
class Pressing:
    """One of the lists: what it is called, what to do there, and its first cases."""

    show: str
    word: str
    none: str
    cases: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Day:
    """A team's day; where ``team`` is ``None`` that of all teams, or the reader's ``own``. Who has least in hand first."""

    team: Team | None
    own: bool
    waiting: Pressing
    soon: Pressing
    overdue: Pressing
    people: Sequence[tuple[Candidate, str]]


@allowed(Permission.CASE_READ)
@require_GET
def day(request: Request) -> HttpResponse:
    """The day of the team asked for, with the figures of everything in reach."""
    offered = teams(request)
    context = {
        "day": day_of(request, _chosen(request, offered)), "teams": offered, "now": now(),
        "counts": numbers(request), "may_assign": request.viewer.may(Permission.CASE_ASSIGN),
    }  # fmt: skip
    return render(request, "desk/day.html#day" if request.htmx else "desk/day.html", context)


def day_of(request: Request, team: Team | None) -> Day:
    """A team's day. The number of queries is the same whatever there is."""
    none = {
        "waiting": t("每张工单都有人负责。", "Every case has somebody."),
        "soon": t("两小时内没有到期的。", "Nothing is due within two hours."),
        "overdue": t("没有超时的工单。", "Nothing is overdue."),
    }
    base, reach, at = Wanted(team=team.key if team else "", order="due"), scope(request), now()
    found = {
        show: Pressing(
            show, str(labels.SHOWS[show]), word,
            page_of(request.viewer, replace(base, show=show), scope=reach, now=at, size=SHOWN).rows,
        )
        for show, word in none.items()
    }  # fmt: skip
    mine = reach.teams if reach is not None and reach.waiting else ()
    people = _free([team.pk] if team else mine)
    return Day(team=team, own=reach is not None and reach.waiting, **found, people=people)


def _free(teams: Sequence[int]) -> list[tuple[Candidate, str]]:
    """Who is there, and with how much in hand; without teams the first of all that have a case in hand."""
    wanted, on = teams or _at_work(), today()
    found = sorted(candidates(wanted, skill="", on=on), key=lambda each: (not each.present, each.load, each.person))
    names = {number: name for _, number, name in people_in(wanted, on=on)}
    return [(each, names[each.person]) for each in found[: None if teams else FREE]]


@written_once
def _at_work() -> QuerySet[Team, int]:
    """The teams that have a case in hand."""
    cases = Case.objects.filter(StillOpen("state"), team=OuterRef("pk")).order_by()
    return Team.objects.filter(Exists(cases)).order_by("pk").values_list("pk", flat=True)


def _chosen(request: Request, teams: Sequence[Team]) -> Team | None:
    """The team asked for; without a word the own one, or ``None``, all teams, for whoever works for all of them and
    for whoever sees their own cases, which may be of any."""
    key, reach = request.GET.get("team"), scope(request)
    if key is None:
        return None if reach is None or reach.every or reach.waiting else _own(request, teams)
    return next((each for each in teams if each.key == key), None)


def _own(request: Request, teams: Sequence[Team]) -> Team | None:
    """The team that the reader leads or is in; the first in reach; none for whoever has none."""
    reach = scope(request)
    me = reach.me if reach else None
    mine = own_teams(me, on=today()) if me is not None else []
    led = [team for team in teams if me is not None and team.lead_id == me]
    return next(iter([*led, *(team for team in teams if team.pk in mine), *teams]), None)


@allowed(Permission.CASE_WRITE)
@require_POST
def away(request: Request) -> HttpResponse:
    """Somebody takes no new cases today, or does again."""
    person = person_named(request.POST.get("person", ""))
    set_away(request.viewer, person, day=today(), away=request.POST.get("away") == "1", at=now())
    return redirect(way_back(request, otherwise="/desk/today"))
