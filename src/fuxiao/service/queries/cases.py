"""Lists of cases: filtered, searched, a page at a time however many there are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypedDict, Unpack

from django.db.models import Count, Q, QuerySet

from fuxiao.base.permissions import Viewer
from fuxiao.base.written import written_once
from fuxiao.core.case_life import State
from fuxiao.service.models import NEVER, OPEN_STATES, Case, StillOpen, Unowned
from fuxiao.service.queries.lines import Line, lines_of, read
from fuxiao.service.queries.reach import Scope, cases_in_reach, cases_of
from fuxiao.service.queries.searching import matching

SIZE = 50
SOON = timedelta(hours=2)
ALIKE = timedelta(days=14)
PROPOSED = 8
"""Cases so near in time may be the same request; so many of them are proposed."""
SHOWS = ("open", "waiting", "soon", "overdue", "paused", "resolved", "all")
ORDERS = ("new", "due")
NOBODY = " "
"""No person's number: blanks are cut off."""
WAITS = Q(Unowned("owner")) & ~Q(state=State.PENDING)
"""Nobody has it, and it is for us to give it out: what is paused waits for somebody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a list shows. ``owner`` is a number, or ``me``, or ``none``; what is empty shows all."""

    search: str = ""
    show: str = "open"
    state: str = ""
    team: str = ""
    owner: str = ""
    priority: str = ""
    category: str = ""
    order: str = "new"


@dataclass(frozen=True, slots=True)
class Slice:
    """One page of a list: its rows, and where the next begins; empty where there is none."""

    rows: Sequence[Line]
    after: str


class Place(TypedDict, total=False):
    """The last row before a page, by what the list is ordered by."""

    due: datetime
    last: int


def listed(viewer: Viewer, wanted: Wanted, *, scope: Scope | None, now: datetime) -> QuerySet[Case]:
    """The cases of a scope that are wanted, in the order that is wanted; the viewer is who asks for "me"."""
    found = _wanted(scope, _named(viewer, wanted), now=now, soon=now + SOON)
    return found.filter(matching(wanted.search)) if wanted.search.strip() else found


def page_of(
    viewer: Viewer, wanted: Wanted, *, scope: Scope | None, now: datetime, after: str = "", size: int = SIZE
) -> Slice:
    """The first page, or that after a row, which a cursor names: no row is counted or skipped over."""
    place = _place(after, wanted.order)
    if wanted.search.strip():
        found = _after(listed(viewer, wanted, scope=scope, now=now), **place)
        rows = read(lines_of(found[: size + 1]))
    else:
        rows = read(_lines(scope, _named(viewer, wanted), size + 1, now=now, soon=now + SOON, **place))
    more = rows[size - 1] if len(rows) > size else None
    return Slice(rows[:size], _cursor(more, wanted.order) if more else "")


def _named(viewer: Viewer, wanted: Wanted) -> Wanted:
    """The same with the reader's number for "me"; nobody's where no person is behind the account."""
    return replace(wanted, owner=viewer.person or NOBODY) if wanted.owner == "me" else wanted


@written_once
def _lines(
    scope: Scope | None, wanted: Wanted, most: int, *, now: datetime, soon: datetime, **after: Unpack[Place]
) -> QuerySet[Case, tuple[Any, ...]]:
    return lines_of(_after(_wanted(scope, wanted, now=now, soon=soon), **after)[:most])


def _wanted(scope: Scope | None, wanted: Wanted, *, now: datetime, soon: datetime) -> QuerySet[Case]:
    """The cases of a scope by all that is wanted but a search."""
    found = _shown(cases_of(scope), wanted.show, now, soon)
    plain = {
        "state": wanted.state,
        "team__key": wanted.team,
        "priority": wanted.priority,
        "category__key": wanted.category,
    }
    found = found.filter(**{name: value for name, value in plain.items() if value})
    if wanted.state in OPEN_STATES:
        found = found.filter(StillOpen("state"))
    if wanted.owner == "none":
        found = found.filter(owner__isnull=True)
    elif wanted.owner:
        found = found.filter(owner__number=wanted.owner)
    return found.order_by("next_due_at", "id") if wanted.order == "due" else found.order_by("-id")


def _shown(found: QuerySet[Case], show: str, now: datetime, soon: datetime) -> QuerySet[Case]:
    if show == "all":
        return found
    if show == "resolved":
        return found.filter(state=State.RESOLVED)
    found = found.filter(StillOpen("state"))
    narrower = {
        "waiting": WAITS, "paused": Q(state=State.PENDING), "overdue": Q(next_due_at__lt=now),
        "soon": Q(next_due_at__gte=now, next_due_at__lt=soon),
    }  # fmt: skip
    return found.filter(narrower[show]) if show in narrower else found


def likely_same(viewer: Viewer, case: Case, *, on: date) -> list[Case]:
    """Other open cases of the same device or customer from the same days; the device first, then the nearest."""
    if not (case.device_id or case.customer_id):
        return []
    same = Q(device=case.device_id) if case.device_id else Q(pk__in=())
    if case.customer_id:
        same |= Q(customer=case.customer_id)
    days = (case.opened_at - ALIKE, case.opened_at + ALIKE)
    found = cases_in_reach(viewer, on=on).filter(StillOpen("state"), same, opened_at__range=days).exclude(pk=case.pk)
    near = sorted(
        found.select_related(None).order_by("-id")[:SIZE],
        key=lambda other: (other.device_id != case.device_id, abs(other.opened_at - case.opened_at), other.pk),
    )
    return near[:PROPOSED]


def _place(cursor: str, order: str) -> Place:
    """Where a page begins; nothing for the first."""
    place = re.fullmatch(r"(?:(\d{1,12})\.)?(\d{1,18})", cursor)
    if place and order == "due" and place[1]:
        due = datetime.fromtimestamp(int(place[1]), UTC) if int(place[1]) < 10**11 else NEVER
        return {"due": due, "last": int(place[2])}
    return {"last": int(place[2])} if place and order != "due" else {}


def _after(found: QuerySet[Case], **place: Unpack[Place]) -> QuerySet[Case]:
    """Those that come after a place."""
    if "due" in place:
        due, last = place["due"], place["last"]
        return found.filter(Q(next_due_at__gt=due) | Q(next_due_at=due, id__gt=last))
    return found.filter(id__lt=place["last"]) if place else found


def _cursor(row: Line, order: str) -> str:
    return f"{int(row.next_due_at.timestamp())}.{row.pk}" if order == "due" else str(row.pk)


def counts(viewer: Viewer, *, on: date, now: datetime) -> dict[str, int]:
    """How many open cases in reach wait for somebody, are due soon, are overdue, are paused. One query."""
    found = cases_in_reach(viewer, on=on).order_by().select_related(None).filter(StillOpen("state"))
    return found.aggregate(
        open=Count("pk"), waiting=Count("pk", filter=WAITS),
        soon=Count("pk", filter=Q(next_due_at__gte=now, next_due_at__lt=now + SOON)),
        overdue=Count("pk", filter=Q(next_due_at__lt=now)), paused=Count("pk", filter=Q(state=State.PENDING)),
    )  # fmt: skip
