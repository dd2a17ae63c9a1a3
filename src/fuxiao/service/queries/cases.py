"""Lists of cases: filtered, searched, a page at a time however many there are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db import connection
from django.db.models import Count, Q, QuerySet

from fuxiao.base.permissions import Viewer
from fuxiao.core.case_life import State
from fuxiao.org.pinyin import folded
from fuxiao.service.models import NEVER, OPEN_STATES, Case, Customer, Device, StillOpen, Unowned
from fuxiao.service.queries.lines import Line, lines
from fuxiao.service.queries.reach import cases_in_reach

SIZE = 50
SOON = timedelta(hours=2)
ALIKE = timedelta(days=14)
PROPOSED = 8
"""Cases so near in time may be the same request; so many of them are proposed."""
NEAR = 200
"""So many customers or devices a search takes into account."""
MOST = 2_000
"""So many cases of theirs, and as many whose number begins so or whose title has the words, the newest first."""
TITLES = 50_000
"""So many titles are read, those of the newest cases: no index knows words in the middle of a text."""
SHOWS = ("open", "waiting", "soon", "overdue", "paused", "resolved", "all")
ORDERS = ("new", "due")
WAITS = Q(Unowned("owner")) & ~Q(state=State.PENDING)
"""Nobody has it, and it is for us to give it out: what is paused waits for somebody else."""
CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z\-/]{2,}")


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


def listed(viewer: Viewer, wanted: Wanted, *, on: date, now: datetime, unread: int | None = None) -> QuerySet[Case]:
    """The cases in reach that are wanted, in the order that is wanted; ``unread`` as ``last_unread`` found it."""
    whole = found = _shown(cases_in_reach(viewer, on=on), wanted.show, now)
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
        found = found.filter(owner__number=viewer.person or "" if wanted.owner == "me" else wanted.owner)
    if wanted.search.strip():
        found = found.filter(_matching(found, wanted.search, _last_unread(whole) if unread is None else unread))
    return found.order_by("next_due_at", "id") if wanted.order == "due" else found.order_by("-id")


def _shown(found: QuerySet[Case], show: str, now: datetime) -> QuerySet[Case]:
    if show == "all":
        return found
    if show == "resolved":
        return found.filter(state=State.RESOLVED)
    found = found.filter(StillOpen("state"))
    narrower = {
        "waiting": WAITS, "paused": Q(state=State.PENDING), "overdue": Q(next_due_at__lt=now),
        "soon": Q(next_due_at__gte=now, next_due_at__lt=now + SOON),
    }  # fmt: skip
    return found.filter(narrower[show]) if show in narrower else found


def last_unread(viewer: Viewer, show: str, *, on: date, now: datetime) -> int:
    """The newest case whose title a search for words leaves unread, those shown being so many; 0 where it reads all."""
    return _last_unread(_shown(cases_in_reach(viewer, on=on), show, now))


def _matching(found: QuerySet[Case], search: str, last: int) -> Q:
    """Number, serial number, the end of a telephone number, the customer's name or pinyin, words of the title.

    What an index knows is looked up first, each by its own: joined by "or", a database walks through all cases. Titles
    are read, of those after ``last``, but not for a code that was found.
    """
    text = search.strip()[:80]
    customers = Customer.objects.order_by().filter(customer_matching(text)).values_list("pk", flat=True)[:NEAR]
    keys = set(_of("customer_id", list(customers)))
    if CODE.fullmatch(text):
        code = text.upper()
        devices = Device.objects.order_by().filter(begins("serial", code)).values_list("pk", flat=True)[:NEAR]
        keys |= {*_of("device_id", list(devices)), *_numbered(code)}
    if text.isdigit() or (keys and any(sign.isdigit() for sign in text)):
        return Q(pk__in=keys)
    titled = Q(pk__gt=last, title__icontains=text)
    if not (keys and last):
        return Q(pk__in=keys) | titled if keys else titled
    return Q(pk__in=keys | set(_keys(found.filter(titled))[:MOST]))


def _last_unread(whole: QuerySet[Case]) -> int:
    return _keys(whole)[TITLES : TITLES + 1].first() or 0


def _keys(found: QuerySet[Case]) -> QuerySet[Case, int]:
    return found.select_related(None).order_by("-pk").values_list("pk", flat=True)


def _of(field: str, owners: Sequence[int]) -> Iterable[int]:
    if not owners:
        return ()
    return Case.objects.order_by().filter(**{f"{field}__in": owners}).values_list("pk", flat=True)[:MOST]


def _numbered(code: str) -> Iterable[int]:
    return Case.objects.filter(begins("number", code)).order_by("-number").values_list("pk", flat=True)[:MOST]


def customer_matching(search: str) -> Q:
    """Customers by number, name, pinyin, initials; by at least four last digits of their telephone."""
    text, spoken = search.strip(), folded(search).replace(" ", "")
    found = begins("number", text.upper()) | begins("name", text)
    if text.isdigit():
        return found | ends_in(text) if len(text) >= 4 else found
    return found | begins("plain", spoken) | begins("initials", spoken) if spoken.isascii() else found


def begins(field: str, text: str) -> Q:
    """Texts that begin so, by the index: SQLite uses one for a range and not for LIKE, PostgreSQL the other way."""
    if connection.vendor == "sqlite":
        return Q(**{f"{field}__gte": text, f"{field}__lt": f"{text}\U0010ffff"})
    return Q(**{f"{field}__startswith": text})


def ends_in(digits: str) -> Q:
    """Telephones that end in these digits. Digits come in the same order everywhere, so a range serves every index."""
    first = digits[::-1]
    over = str(int(f"1{first}") + 1)[1:] if first.strip("9") else ""
    return Q(phone_digits__gte=first) & (Q(phone_digits__lt=over) if over else Q())


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


def page_after(found: QuerySet[Case], order: str, cursor: str, *, size: int = SIZE) -> Slice:
    """The page behind a cursor, which names the last row before it: no row is counted or skipped over."""
    place = re.fullmatch(r"(?:(\d{1,12})\.)?(\d{1,18})", cursor)
    if place and order == "due" and place[1]:
        due, last = datetime.fromtimestamp(int(place[1]) / 1, UTC) if int(place[1]) < 10**11 else NEVER, int(place[2])
        found = found.filter(Q(next_due_at__gt=due) | Q(next_due_at=due, id__gt=last))
    elif place and order != "due":
        found = found.filter(id__lt=int(place[2]))
    rows = lines(found[: size + 1])
    more = rows[size - 1] if len(rows) > size else None
    return Slice(rows[:size], _cursor(more, order) if more else "")


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
