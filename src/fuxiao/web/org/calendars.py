"""Pages of work calendars: a year at a glance, a day off or a workday, the hours of the week, public holidays."""

from __future__ import annotations

import calendar as months
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.core.calendar import WorkCalendar
from fuxiao.core.calendar.model import WEEKDAYS, DaySpans
from fuxiao.core.errors import InputError
from fuxiao.org.calendar_actions import add_calendar, calendar_files, change_calendar
from fuxiao.org.calendar_text import Parts, known_years, usual_hours, with_public_days
from fuxiao.org.shifts import people_by_shift
from fuxiao.web.access import Request, allowed
from fuxiao.web.org.labels import calendar_name
from fuxiao.web.org.people import day as today
from fuxiao.web.pages import whole
from fuxiao.web.shell.home import organisation
from fuxiao.web.words import later, t

DAY_NAMES = tuple(
    later(zh, en)
    for zh, en in (("周一", "Mon"), ("周二", "Tue"), ("周三", "Wed"), ("周四", "Thu"), ("周五", "Fri"), ("周六", "Sat"),
                   ("周日", "Sun"))
)  # fmt: skip
Change = Callable[[WorkCalendar], Parts]


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of the grid: what it is (``work``, ``off``, ``holiday``, ``make-up``, ``special``) and its hours."""

    day: date
    kind: str
    hours: str


@allowed(Permission.SETTINGS_WRITE)
@require_GET
def calendars(request: Request) -> HttpResponse:
    """The calendars of the organisation; one of them with its year."""
    files = calendar_files(settings.HOME)
    names = {key: calendar_name(key) for key in files}
    file = files.get(request.GET.get("key", "")) or next(iter(files.values()), None)
    if file is None:
        return render(request, "org/calendars.html", {"file": None, "names": names})
    year = _year(request.GET)
    chosen = _day(request.GET.get("day", ""))
    return render(request, "org/calendars.html", {
        "names": names, "file": file, "year": year, "day_names": DAY_NAMES,
        "months": [(_month_name(number), _month(file.calendar, year, number)) for number in range(1, 13)],
        "week": list(zip(WEEKDAYS, DAY_NAMES, map(_hours, file.calendar.week), strict=True)),
        "chosen": _cell(file.calendar, chosen) if chosen else None, "has_public": year in known_years(),
        "on_shift": people_by_shift(today()).get(file.calendar.key, []),
        "usual": file.calendar.key == organisation().calendar,
    })  # fmt: skip


@allowed(Permission.SETTINGS_WRITE)
@require_POST
def new(request: Request) -> HttpResponse:
    """Another calendar, such as a shift's: a copy of one there is, or office hours."""
    key = request.POST.get("key", "").strip()
    zone = organisation().zone
    file = add_calendar(request.viewer, settings.HOME, key, like=request.POST.get("like", ""), zone=zone, at=now())
    messages.success(request, t("已新建；现在可以改它的时间。", "Added; now its hours can be changed."))
    return redirect(f"{reverse('calendars')}?{urlencode({'key': file.calendar.key})}")


@allowed(Permission.SETTINGS_WRITE)
@require_POST
def change(request: Request, key: str) -> HttpResponse:
    """One change: a day, the week, or a year's public holidays; then back to the year."""
    year = _year(request.POST)
    do = {"day": _day_change, "week": _week_change, "public": _public_change}.get(request.POST.get("do", ""))
    if do is None:
        raise Http404
    file = change_calendar(
        request.viewer, settings.HOME, key, do(request.POST), digest=request.POST.get("digest", ""), at=now()
    )  # fmt: skip
    messages.success(request, t("已保存；指标会按新日历重算。", "Saved; figures will be worked out anew."))
    return redirect(f"{reverse('calendars')}?key={file.calendar.key}&year={year}")


def _day_change(sent: QueryDict) -> Change:
    day, kind = _day(sent.get("day", "")), sent.get("kind", "")
    if day is None:
        raise InputError("org.day_missing")

    def changed(calendar: WorkCalendar) -> Parts:
        parts, key = Parts.of(calendar), day.isoformat()
        off = {*parts.holidays} - {key} | ({key} if kind == "holiday" else set())
        work = {name: spans for name, spans in parts.workdays.items() if name != key}
        if kind == "make-up":
            work[key] = usual_hours(calendar)
        return replace(parts, holidays=sorted(off), workdays=dict(sorted(work.items())))

    return changed


def _week_change(sent: QueryDict) -> Change:
    texts = {name: sent.get(name, "").replace("，", " ").replace(",", " ").split() for name in WEEKDAYS}
    return lambda calendar: replace(Parts.of(calendar), week={name: found for name, found in texts.items() if found})


def _public_change(sent: QueryDict) -> Change:
    year = _year(sent)
    if year not in known_years():
        raise InputError("org.public_days_unknown", year=year)
    return lambda calendar: with_public_days(calendar, year)


def _month_name(number: int) -> str:
    return t("{n} 月", "{name}", n=number, name=months.month_name[number])


def _year(given: QueryDict) -> int:
    year = whole(given.get("year", ""), 0)
    return year if 1990 <= year <= 2150 else today().year


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _month(calendar: WorkCalendar, year: int, month: int) -> list[list[Cell | None]]:
    """The weeks of a month, Monday first; places of other months are empty."""
    weeks = months.Calendar().monthdatescalendar(year, month)
    return [[_cell(calendar, day) if day.month == month else None for day in week] for week in weeks]


def _cell(calendar: WorkCalendar, day: date) -> Cell:
    spans = calendar.spans_on(day)
    kinds = (("special", calendar.special), ("make-up", calendar.workdays), ("holiday", calendar.holidays))
    usual = "work" if spans else "off"
    return Cell(day, next((kind for kind, days in kinds if day in days), usual), _hours(spans))


def _hours(spans: DaySpans) -> str:
    return ", ".join(map(str, spans))
