"""Reads of visits: the board of a day, what an engineer has to do today, one visit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from fuxiao.base.permissions import Permission, Reach, Viewer, reach_for
from fuxiao.org.models import Membership, Person
from fuxiao.org.queries import current, teams_of
from fuxiao.org.shifts import off_on
from fuxiao.service.models import OPEN_STATES, Away, Case, Choice, ListKind, Visit
from fuxiao.service.queries.reach import COMPANY_WIDE, cases_in_reach
from fuxiao.service.terms import terms

HOURS: Final = (8, 10, 12, 14, 16, 18, 20)
"""The edges of the windows that the board offers, local hours."""
MOST: Final = 60


@dataclass(frozen=True, slots=True)
class Window:
    """A window of the board; ``working`` says whether anybody works then by the calendar."""

    start: datetime
    end: datetime
    working: bool


@dataclass(slots=True)
class Row:
    """An engineer's day: the visits of each window, those that overlap, whether they are away."""

    engineer: Person
    cells: list[list[Visit]]
    away: bool = False
    clashes: set[int] = field(default_factory=set)

    @property
    def count(self) -> int:
        return sum(len(cell) for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Board:
    """The day of everybody who goes out, and the cases that nobody is to go to yet."""

    day: date
    windows: tuple[Window, ...]
    rows: list[Row]
    waiting: list[Case]


def windows_of(day: date) -> tuple[Window, ...]:
    """The windows of a day, with what the organisation's calendar says of each."""
    zone, work = ZoneInfo(terms().settings.zone), terms().work(None)
    edges = [datetime.combine(day, time(hour), zone) for hour in HOURS]
    found = []
    for start, end in pairwise(edges):
        seconds = work.business_seconds(int(start.timestamp()), int(end.timestamp()))
        found.append(Window(start, end, working=seconds > 0))
    return tuple(found)


def board(viewer: Viewer, day: date, *, team: str = "") -> Board:
    """The board of a day for whom the viewer plans; the same number of queries for any day."""
    windows = windows_of(day)
    engineers = list(engineers_for(viewer, on=day, team=team))
    visits = visits_on(viewer, day).filter(engineer__in=engineers)
    away = set(Away.objects.filter(day=day, person__in=engineers).values_list("person_id", flat=True))
    away |= off_on(engineers, day, terms().calendars)
    by_engineer: dict[int, list[Visit]] = defaultdict(list)
    for visit in visits:
        by_engineer[visit.engineer_id].append(visit)
    rows = [_row(each, by_engineer[each.pk], windows, away=each.pk in away) for each in engineers]
    return Board(day, windows, rows, list(unplanned(viewer, on=day, team=team)[:MOST]))


def engineers_for(viewer: Viewer, *, on: date, team: str = "") -> QuerySet[Person]:
    """Whoever goes out: engineers by position or in a field team that day, of the teams for which the viewer plans."""
    held = current(Membership.objects.filter(Q(position__icontains="engineer") | Q(team__kind="field")), on=on)
    held = held.exclude(position__icontains="lead")
    if team:
        held = held.filter(team__key__in=teams_of(team))
    reach = reach_for(viewer, Permission.CASE_READ)
    if reach is not Reach.ALL and not viewer.roles & COMPANY_WIDE:
        own = Q(person__number=viewer.person or "")
        held = held.filter(own | Q(team__key__in=viewer.teams) if reach is Reach.TEAMS else own)
    here = Q(left_on__isnull=True) | Q(left_on__gt=on)
    return Person.objects.filter(here, pk__in=held.values("person_id")).order_by("sort", "number")


def visits_on(viewer: Viewer, day: date) -> QuerySet[Visit]:
    """The visits of a local day whose cases the viewer sees, called-off ones left out."""
    start = datetime.combine(day, time(), ZoneInfo(terms().settings.zone))
    found = Visit.objects.filter(
        window_start__gte=start, window_start__lt=start + timedelta(days=1), cancelled_at__isnull=True,
        case__in=cases_in_reach(viewer, on=day).select_related(None).order_by(),
    )  # fmt: skip
    return found.select_related("engineer", "case__customer", "case__device").order_by("window_start", "id")


def own_visits(viewer: Viewer, day: date) -> list[Visit]:
    """What the viewer has to do on a day, in order; a visit under way and what was left from before come first."""
    start = datetime.combine(day, time(), ZoneInfo(terms().settings.zone))
    mine = Visit.objects.filter(engineer__number=viewer.person or "", cancelled_at__isnull=True)
    of_the_day = Q(window_start__gte=start, window_start__lt=start + timedelta(days=1))
    open_before = Q(window_start__lt=start, window_start__gte=start - timedelta(days=7), left_at__isnull=True)
    found = mine.filter(of_the_day | open_before | Q(arrived_at__isnull=False, left_at__isnull=True))
    return list(found.select_related("case__customer", "case__device").order_by("window_start", "id"))


def visit_in_reach(viewer: Viewer, number: str, place: int, *, on: date) -> Visit | None:
    """The visit; ``None`` where there is none, or not for this viewer."""
    case = cases_in_reach(viewer, on=on).filter(number=number).first()
    found = Visit.objects.select_related("engineer", "signature").filter(case=case, number=place).first()
    if case is None or found is None:
        return None
    found.case = case
    return found


def unplanned(viewer: Viewer, *, on: date, team: str = "") -> QuerySet[Case]:
    """Open cases in reach that nobody is to go to, the most pressing first.

    Neither those that wait for a third party, nor those of a type that is answered without going there.
    """
    going = Visit.objects.filter(case=OuterRef("pk"), left_at__isnull=True, cancelled_at__isnull=True)
    found = cases_in_reach(viewer, on=on).filter(~Exists(going), state__in=OPEN_STATES, is_test=False)
    answered = Choice.objects.filter(kind=ListKind.CASE_TYPE, visits=False)
    found = found.exclude(pause="third_party").exclude(case_type__in=answered.values("key"))
    if team:
        found = found.filter(Q(team__key__in=teams_of(team)) | Q(team__isnull=True))
    return found.order_by("next_due_at", "id")


def _row(engineer: Person, visits: Sequence[Visit], windows: Sequence[Window], *, away: bool) -> Row:
    cells: list[list[Visit]] = [[] for _ in windows]
    for visit in visits:
        cells[_place(visit, windows)].append(visit)
    return Row(engineer, cells, away, clashes(visits))


def _place(visit: Visit, windows: Sequence[Window]) -> int:
    """The window in which the visit begins; the first or last for what lies outside of all."""
    begun = [place for place, window in enumerate(windows) if window.start <= visit.window_start]
    return begun[-1] if begun else 0


def clashes(visits: Iterable[Visit]) -> set[int]:
    """The ids of visits that overlap with another one of the same engineer."""
    ordered = sorted(visits, key=lambda each: (each.window_start, each.pk))
    found: set[int] = set()
    last: Visit | None = None
    for visit in ordered:
        if last is not None and visit.window_start < last.window_end:
            found |= {last.pk, visit.pk}
        if last is None or visit.window_end > last.window_end:
            last = visit
    return found
