"""The board of a day: who goes where when, what nobody goes to yet; by mouse, by keyboard, and without script."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fuxiao.base.clock import now, today
from fuxiao.base.permissions import Permission
from fuxiao.base.wording import say_error
from fuxiao.core.errors import Conflict, InputError
from fuxiao.org.queries import teams
from fuxiao.service.actions import visits as actions
from fuxiao.service.models import Visit
from fuxiao.service.queries import visits as queries
from fuxiao.service.queries.reach import case_in_reach
from fuxiao.web import words
from fuxiao.web.access import Request, allowed
from fuxiao.web.desk.reading import people, priorities
from fuxiao.web.editing import form_page
from fuxiao.web.metrics.wording import formats
from fuxiao.web.shell.home import organisation
from fuxiao.web.undo import Undo, tell
from fuxiao.web.visits.forms import CallOffForm, DiagnosisForm, MoveForm, PlanForm
from fuxiao.web.words import t


@allowed(Permission.VISITS_PLAN)
@require_GET
def board(request: Request) -> HttpResponse:
    """The board of ``?day=``, of one team with ``?team=``."""
    day, team = day_of(request.GET.get("day", "")), request.GET.get("team", "")
    context = {
        "board": queries.board(request.viewer, day, team=team), "team": team, "teams": teams(), "priorities": priorities(request),
        "before": day - timedelta(days=1), "after": day + timedelta(days=1), "today": _today(),
    }  # fmt: skip
    return render(request, "visits/board.html#board" if request.htmx else "visits/board.html", context)


@allowed(Permission.VISITS_PLAN)
@require_POST
def put(request: Request) -> HttpResponse:
    """A case or a visit was put into a window of an engineer on the board."""
    form = MoveForm(queries.engineers_for(request.viewer, on=_today()), request.POST)
    back = f"{reverse('visits_board')}?{urlencode({'day': request.POST.get('day', ''), 'team': request.POST.get('team', '')})}"
    if not form.is_valid():
        messages.error(request, t("没有放好，请再试一次。", "That did not fit; try again."))
        return redirect(back)
    visit, case = request.POST.get("visit", "")[:80], request.POST.get("case", "")
    undo = None
    try:
        if visit:
            version, undo = form.cleaned_data["version"], _before(request, visit)
            put_there = actions.move(request.viewer, visit, form.slot, form.moved, version=version, at=now())
        else:
            put_there = actions.plan(request.viewer, case, form.slot, at=now())
    except (InputError, Conflict) as refused:
        messages.error(request, " ".join(say_error(refused, words.language())))
        return redirect(back)
    facts = {"number": put_there.case.number, "who": form.slot.engineer.name, "at": formats().moment(form.slot.start)}
    text = t("{number} 已安排给{who}，{at}。", "{number} is planned for {who}, {at}.", **facts)
    tell(request, text, Undo(reverse("visit_put"), (*undo, ("version", str(put_there.version)))) if undo else None)
    return redirect(f"{back}#of-{form.slot.engineer.number}")


def _before(request: Request, key: str) -> tuple[tuple[str, str], ...]:
    """What the form of the board says to put a visit back to where it is now."""
    number, _, place = key.rpartition("/")
    found = queries.visit_in_reach(request.viewer, number, int(place), on=_today()) if place.isdecimal() else None
    if found is None:
        return ()
    start, end = (each.astimezone(ZoneInfo(organisation().zone)) for each in (found.window_start, found.window_end))
    facts = {
        "visit": key, "engineer": found.engineer.number, "day": f"{start:%Y-%m-%d}", "start": f"{start:%H:%M}",
        "end": f"{end:%H:%M}", "why": "planning", "team": request.POST.get("team", ""),
    }  # fmt: skip
    return tuple(facts.items())


@allowed(Permission.CASE_WRITE)
@require_http_methods(["GET", "POST"])
def new(request: Request, number: str) -> HttpResponse:
    """A visit for a case."""
    day = day_of(request.GET.get("day", ""))
    case = case_in_reach(request.viewer, number, on=_today())
    if case is None:
        raise Http404
    engineers = queries.engineers_for(request.viewer, on=_today())
    owner = case.owner.number if case.owner else request.viewer.person
    form = PlanForm(
        engineers, request.POST or None, initial={"day": day, "engineer": owner, "start": "10:00", "end": "12:00"}
    )

    def save() -> str:
        who = form.cleaned_data["diagnosed_by"]
        visit = actions.plan(request.viewer, number, form.slot, at=now(), diagnosed_by=who)
        return reverse("visit", args=[number, visit.number])

    title = t("安排上门：{n}", "Plan a visit: {n}", n=number)
    return form_page(request, form, save, title=title, crumbs=_above(request), note=case.title, people=people(request))


@allowed(Permission.CASE_WRITE)
@require_http_methods(["GET", "POST"])
def move(request: Request, number: str, place: int) -> HttpResponse:
    """Another window or engineer, and for whose sake."""
    visit = visit_of(request, number, place)
    zone = ZoneInfo(organisation().zone)
    start, end = (moment.astimezone(zone) for moment in (visit.window_start, visit.window_end))
    form = MoveForm(queries.engineers_for(request.viewer, on=_today()), request.POST or None, initial={
        "engineer": visit.engineer.number, "day": start.date(), "start": start.time(), "end": end.time(),
        "version": visit.version,
    })  # fmt: skip

    def save() -> str:
        version = form.cleaned_data["version"]
        actions.move(request.viewer, visit.key, form.slot, form.moved, version=version, at=now())
        return reverse("visit", args=[number, place])

    return form_page(request, form, save, title=t("改约", "Move"), crumbs=_above(request, visit))


@allowed(Permission.CASE_WRITE)
@require_http_methods(["GET", "POST"])
def diagnosed(request: Request, number: str, place: int) -> HttpResponse:
    """Whose diagnosis a visit rests on: one that was put on the board by mouse says nothing of it."""
    visit = visit_of(request, number, place)
    held = {"diagnosed_by": visit.diagnosed_by.number if visit.diagnosed_by else "", "version": visit.version}
    form = DiagnosisForm(request.POST or None, initial=held)

    def save() -> str:
        given = form.cleaned_data
        actions.diagnosed(request.viewer, visit.key, given["diagnosed_by"], version=given["version"], at=now())
        return reverse("visit", args=[number, place])

    title, above = t("故障由谁诊断", "Who made the diagnosis"), _above(request, visit)
    return form_page(request, form, save, title=title, crumbs=above, people=people(request), saved=lambda: held)


@allowed(Permission.CASE_WRITE)
@require_http_methods(["GET", "POST"])
def call_off(request: Request, number: str, place: int) -> HttpResponse:
    """A visit that will not take place."""
    visit = visit_of(request, number, place)
    form = CallOffForm(request.POST or None)

    def save() -> str:
        actions.call_off(request.viewer, visit.key, form.cleaned_data["reason"], version=None, at=now())
        return _above(request)[0][0]

    button = t("取消这次上门", "Call the visit off")
    return form_page(request, form, save, title=t("取消上门", "Call off"), crumbs=_above(request, visit), button=button)


def visit_of(request: Request, number: str, place: int) -> Visit:
    """The visit, or 404 where there is none or not for this viewer."""
    found = queries.visit_in_reach(request.viewer, number, place, on=_today())
    if found is None:
        raise Http404
    return found


def day_of(text: str) -> date:
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return _today()


def _today() -> date:
    return today(organisation().zone)


def _above(request: Request, visit: Visit | None = None) -> list[tuple[str, str]]:
    if request.viewer.may(Permission.VISITS_PLAN):
        above = [(reverse("visits_board"), t("上门安排", "Visits"))]
    else:
        above = [(reverse("my_visits"), t("我的上门", "My visits"))]
    return [*above, (reverse("visit", args=[visit.case.number, visit.number]), visit.key)] if visit else above
