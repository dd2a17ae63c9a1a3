"""The first page: what waits today, how things stand, key figures of the last month, what moved, the latest loads, and the way in for newcomers."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from fuxiao.base.clock import now, today
from fuxiao.base.permissions import Permission, Role
from fuxiao.datasets.store import Store
from fuxiao.studio.sample import may_fill
from fuxiao.web.access import Request, signed_in
from fuxiao.web.datasets.presenters import source_title
from fuxiao.web.desk.day import day_of
from fuxiao.web.metrics.cuts import COMPANY, Subject
from fuxiao.web.metrics.desk import Desk, desk
from fuxiao.web.metrics.overview import KEY, Row, key_rows
from fuxiao.web.metrics.periods import Picker
from fuxiao.web.shell.home import organisation
from fuxiao.web.start.checklist import checklist, hidden_by, is_wanted
from fuxiao.web.start.standing import at_work, company_goals, own_coming, own_score
from fuxiao.web.start.today import holidays_to_set, waiting_for

CARDS = 8
LOADS = 3
YEAR = 31_536_000


def start_page(request: Request) -> HttpResponse:
    """What there is for this reader to see first."""
    day = today(organisation().zone)
    with desk(request) as at:
        chosen = at.picker("")
        of, rows = _figures(at, chosen)
        wanted = is_wanted(request)
        steps = checklist(request, at.store) if wanted else []
        fillable = may_fill(request.viewer, at.store)
        goals = company_goals(at, chosen)
        loads = _loads(at.store) if request.viewer.may(Permission.DATA_READ) else []
        waiting = waiting_for(request.viewer, on=day)
        begun = "cases" in at.store.manifest.records or any(each.count for each in waiting)
    return render(request, "start/start.html", _day(request) | {
        "picker": chosen, "of": of, "rows": rows[:CARDS], "moved": [row for row in rows if row.change and row.change.tone],
        "beside": of.kind != COMPANY, "steps": [] if all(step.done for step in steps) else steps, "done": sum(step.done for step in steps), "loads": loads,
        "own": own_score(request.viewer), "coming": own_coming(request.viewer, on=day), "at_work": at_work(request.viewer), "goals": goals,
        "waiting": [*waiting, *holidays_to_set(request.viewer, on=day)] if begun else [], "begun": begun, "may_fill": fillable, "put_away": request.viewer.may(Permission.DATA_WRITE) and not wanted,
    })  # fmt: skip


def _day(request: Request) -> dict[str, object]:
    """The day of all teams, for those who give out their cases."""
    if Role.DISPATCHER not in request.viewer.roles or not request.viewer.may(Permission.CASE_ASSIGN):
        return {}
    return {"day": day_of(request, None), "now": now(), "may_assign": True}


def _figures(at: Desk, chosen: Picker) -> tuple[Subject, list[Row]]:
    """Whose figures, and those of them that the last month has."""
    if not at.viewer.may(Permission.VALUES_READ):
        return Subject(), []
    of = at.choices[0]
    return of, [row for row in key_rows(at, chosen, of, KEY) if row.figure.number]


def _loads(store: Store) -> list[tuple[str, datetime, int, int]]:
    """Source, moment, records and refused rows of the latest loads."""
    latest = sorted(store.manifest.loads, key=lambda load: -load.number)[:LOADS]
    return [(source_title(each.source), datetime.fromtimestamp(each.at, UTC), sum(each.datasets.values()), each.rejected)
            for each in latest]  # fmt: skip


@signed_in
@require_POST
def put_away(request: Request) -> HttpResponse:
    """Put the checklist away, or with ``show`` take it out again."""
    response = redirect("home")
    if request.POST.get("show"):
        response.delete_cookie(hidden_by(request.viewer))
    else:
        response.set_cookie(hidden_by(request.viewer), "1", max_age=YEAR, samesite="Lax", httponly=True)
    return response
