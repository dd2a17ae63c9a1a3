"""The demonstration's clock: shown at the top of its pages, moved on by whoever may set up the organisation."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from fuxiao.base.permissions import Permission
from fuxiao.core.errors import Conflict, InputError
from fuxiao.studio.demonstration import move_on
from fuxiao.web.access import Request, allowed, signed_in
from fuxiao.web.shell.days import DemoClock, demo_clock, weekday
from fuxiao.web.shell.home import organisation
from fuxiao.web.shell.views import way_back
from fuxiao.web.words import t


@signed_in
@require_GET
def clock(request: Request) -> HttpResponse:
    """The clock as it stands now; beside it, whether the page around it is of another day."""
    found = _clock()
    context = {"demo_clock": found, "older": request.GET.get("day") != found.day.isoformat()}
    if not request.htmx:
        return redirect("home")
    return render(request, "shell/demo_clock.html#bar", context | {"back": request.htmx.current_url_abs_path or ""})


@allowed(Permission.SETTINGS_WRITE)
@require_POST
def move(request: Request) -> HttpResponse:
    """Another day, and back to the page that one came from; what the calendar asks of the days between is caught up with."""
    found = _clock()
    try:
        to, seen = date.fromisoformat(request.POST.get("to", "")), datetime.fromisoformat(request.POST.get("seen", ""))
    except ValueError as error:
        raise InputError(
            "demonstration.not_ahead", first=found.day.isoformat(), days=(found.furthest - found.day).days
        ) from error
    if seen.tzinfo is None:
        raise Conflict("demonstration.moved")
    move_on(request.viewer, settings.HOME, to, zone=organisation().zone, seen=seen)
    told = {"day": to.isoformat(), "weekday": weekday(to)}
    messages.success(request, t(
        "演示日期现在是 {day}（{weekday}）。这几天日历上该做的事（截止数据、开始下一周期、提醒、时限）正在后台补做。",
        "It is {day} ({weekday}) in the demonstration now. What the calendar asks of these days (data closed, next cycles, "
        "reminders, deadlines) is being caught up with.", **told,
    ))  # fmt: skip
    return redirect(way_back(request))


def _clock() -> DemoClock:
    found = demo_clock()
    if found is None:
        raise Http404
    return found
