"""Pages of leave: a month of the people in reach, asking, entering, deciding, taking back."""

from __future__ import annotations

import calendar as months
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.base.queries import history_of
from fuxiao.core.errors import Conflict, InputError
from fuxiao.org import leave_actions as actions
from fuxiao.org import queries
from fuxiao.org.leave import Duty, asked_for, duties, leaves_in, may_grant
from fuxiao.org.models import Leave, LeaveState, Person
from fuxiao.web.access import Request, allowed
from fuxiao.web.editing import form_page, refuse
from fuxiao.web.org.calendars import DAY_NAMES
from fuxiao.web.org.hours import known_calendars
from fuxiao.web.org.labels import change_of
from fuxiao.web.org.leave_forms import AskForm, EnterForm, LeaveForm, initial_leave
from fuxiao.web.org.leave_shown import Told, duty_of, told
from fuxiao.web.org.people import day as today
from fuxiao.web.org.people import person_in_reach
from fuxiao.web.pages import page_of, whole
from fuxiao.web.shell.home import organisation
from fuxiao.web.words import t

PEOPLE = 40


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of somebody: whether it is due, and the leave on it. ``part`` is ``am``, ``pm`` or empty for all of it."""

    day: date
    due: bool
    leave: Leave | None = None
    part: str = ""


@allowed(Permission.ORG_READ)
@require_GET
def leave(request: Request) -> HttpResponse:
    """Who is away when, month by month; above it what waits for the reader's decision."""
    viewer, on = request.viewer, today()
    first, last = month_of(request.GET.get("month", ""), on)
    team = request.GET.get("team", "")
    page = page_of(request, queries.people(viewer, on=on, team=team).prefetch_related("shifts"), size=PEOPLE)
    people = list(page)
    known = duties(people, organisation().calendar, known_calendars())
    found = list(leaves_in(people, first, last).select_related("person").order_by("first", "person__sort"))
    grants = viewer.may(Permission.LEAVE_GRANT) and not viewer.read_only
    return render(request, "org/leave.html", {
        "page": page, "first": first, "before": first - timedelta(days=1), "after": last + timedelta(days=1),
        "days": [(day, DAY_NAMES[day.weekday()]) for day in days_in(first, last)], "today": on, "team": team,
        "rows": [(each, list(cells(each, known[each.pk], found, first, last))) for each in people],
        "teams": queries.teams(), "told": told(request, found, known),
        "waiting": waiting_for(request) if grants else [], "grants": grants,
        "asks": viewer.person is not None and not viewer.read_only,
    })  # fmt: skip


@allowed(Permission.ORG_READ)
@require_http_methods(["GET", "POST"])
def ask(request: Request) -> HttpResponse:
    """Ask for time off for oneself."""
    form = AskForm(request.POST or None, initial={"first": today(), "last": today()})

    def save() -> str:
        made = actions.ask_for_leave(request.viewer, form.given, today=today(), at=now())
        return reverse("leave_one", args=[made.pk])

    note = "" if request.viewer.person else t("您的账号没有对应的人员，不能请假。", "Nobody stands behind your account, so there is no leave to ask for.")  # fmt: skip
    return form_page(
        request, form, save, title=t("请假申请", "Ask for leave"), crumbs=[_above()], note=note,
        button=t("提交申请", "Ask"),
    )  # fmt: skip


@allowed(Permission.LEAVE_GRANT)
@require_http_methods(["GET", "POST"])
def enter(request: Request) -> HttpResponse:
    """Write down somebody's leave; it is granted by that."""
    usual = {"first": today(), "last": today(), "person": request.GET.get("person", "")}
    form = EnterForm(request.viewer, today(), request.POST or None, initial=usual)

    def save() -> str:
        number = form.cleaned_data["person"].number
        made = actions.enter_leave(request.viewer, number, form.given, today=today(), at=now())
        return reverse("leave_one", args=[made.pk])

    return form_page(request, form, save, title=t("登记请假", "Enter leave"), crumbs=[_above()])


@allowed(Permission.ORG_READ)
@require_http_methods(["GET", "POST"])
def one(request: Request, key: int) -> HttpResponse:
    """One leave: its days, what can be done with it, its history; changed here by whoever may."""
    found = leave_in_reach(request, key)
    viewer, grants = request.viewer, may_grant(request.viewer, found.person, on=today())
    own = viewer.person == found.person.number and not viewer.read_only
    standing = found.state in (LeaveState.ASKED, LeaveState.GRANTED)
    changes = standing and (grants or (own and found.state == LeaveState.ASKED))
    form = (LeaveForm if grants else AskForm)(request.POST or None, initial=initial_leave(found)) if changes else None
    if request.method == "POST" and form is not None and form.is_valid():
        version = form.cleaned_data["version"] or found.version
        try:
            actions.change_leave(viewer, key, form.given, version=version, today=today(), at=now())
        except InputError as refused:
            refuse(form, refused)
        else:
            messages.success(request, t("已保存。", "Saved."))
            return redirect("leave_one", key)
    [shown] = told(request, [found], {found.person_id: duty_of(found.person)})
    context = {
        "told": shown, "form": form, "grants": grants, "changes": changes,
        "back": not standing and (grants or (own and found.state == LeaveState.WITHDRAWN)), "kind": shown.kind,
        "history": [change_of(viewer, entry) for entry in history_of("org.leave", str(key))] if shown.kind else (),
    }  # fmt: skip
    return render(request, "org/leave_one.html", context, status=422 if form is not None and form.errors else 200)


@allowed(Permission.LEAVE_GRANT)
@require_POST
def decide(request: Request, key: int) -> HttpResponse:
    """Grant or refuse."""
    found, granted = leave_in_reach(request, key), request.POST.get("do") == "grant"
    answer = request.POST.get("answer", "").strip()[:200]
    version = whole(request.POST.get("version", ""), 0)
    try:
        actions.decide_leave(
            request.viewer, key, granted=granted, answer=answer, version=version, today=today(), at=now()
        )  # fmt: skip
    except Conflict:
        messages.error(request, t("这条请假刚被改过，请再看一遍。", "It was changed meanwhile; look again."))
        return redirect("leave_one", key)
    said = ("已批准{name}的请假。", "Leave of {name} granted.") if granted else ("已退回{name}的请假。", "Leave of {name} refused.")  # fmt: skip
    messages.success(request, t(*said, name=found.person.name))
    return redirect("leave_one", key)


@allowed(Permission.ORG_READ)
@require_POST
def withdraw(request: Request, key: int) -> HttpResponse:
    """Take it back; the page offers to undo that."""
    leave_in_reach(request, key)
    actions.withdraw_leave(request.viewer, key, today=today(), at=now())
    messages.success(request, t("已撤销这条请假。", "This leave is withdrawn."))
    return redirect("leave_one", key)


@allowed(Permission.ORG_READ)
@require_POST
def put_back(request: Request, key: int) -> HttpResponse:
    """Undo a withdrawal or a refusal."""
    leave_in_reach(request, key)
    actions.put_back_leave(request.viewer, key, today=today(), at=now())
    messages.success(request, t("已恢复。", "Put back."))
    return redirect("leave_one", key)


def leave_in_reach(request: Request, key: int) -> Leave:
    """The leave, or 404 where there is none or its person is not for this viewer."""
    found = Leave.objects.filter(pk=key).select_related("person").first()
    if found is None:
        raise Http404
    person_in_reach(request, found.person.number)
    return found


def month_of(text: str, on: date) -> tuple[date, date]:
    """The first and last day of the month asked for (``2026-11``); of this one for nonsense."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        first = on.replace(day=1)
    first = first if 1990 <= first.year <= 2150 else on.replace(day=1)
    return first, first.replace(day=months.monthrange(first.year, first.month)[1])


def days_in(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def cells(person: Person, duty: Duty, found: list[Leave], first: date, last: date) -> Iterator[Cell]:
    own = [each for each in found if each.person_id == person.pk]
    for day in days_in(first, last):
        there = [each for each in own if each.share(day)]
        off, part = max(there, key=lambda each: each.share(day), default=None), ""
        if off is not None and sum(each.share(day) for each in there) < 1:
            part = "pm" if day == off.first and off.from_noon else "am"
        yield Cell(day, bool(duty.minutes(day)), off, part)


def waiting_for(request: Request) -> list[Told]:
    """What waits for the reader's decision."""
    asked = list(asked_for(request.viewer, on=today()))
    people = list(Person.objects.filter(pk__in={each.person_id for each in asked}).prefetch_related("shifts"))
    known = duties(people, organisation().calendar, known_calendars())
    return told(request, asked, known)


def _above() -> tuple[str, str]:
    return reverse("leave"), t("请假", "Leave")
