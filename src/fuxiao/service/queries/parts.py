"""Reads of parts: what waits to be issued, what lies where and runs low, old parts that are due, movements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import F, Q, QuerySet, Sum

from fuxiao.base.permissions import Viewer
from fuxiao.service.models import Location, Part, PartLine, Stock, StockMove
from fuxiao.service.queries.reach import cases_in_reach

NAMED = ("part", "case", "requested_by", "location", "visit")


def lines(viewer: Viewer, *, on: date) -> QuerySet[PartLine]:
    """The lines of the cases in reach, newest first."""
    cases = cases_in_reach(viewer, on=on).select_related(None).order_by()
    return PartLine.objects.filter(case__in=cases, cancelled_at__isnull=True).select_related(*NAMED).order_by("-id")


def waiting(viewer: Viewer, *, on: date) -> QuerySet[PartLine]:
    """What was asked for and not issued yet, the oldest first."""
    return lines(viewer, on=on).filter(issued_at__isnull=True).order_by("requested_at", "id")


def old_parts_due(viewer: Viewer, *, on: date) -> QuerySet[PartLine]:
    """Old parts that have to come back, the most overdue first."""
    due = Q(return_due_at__isnull=False, old_part_returned_at__isnull=True)
    return lines(viewer, on=on).filter(due).order_by("return_due_at", "id")


def old_parts_back(viewer: Viewer, *, on: date) -> QuerySet[PartLine]:
    """Old parts that came back, the latest first."""
    return lines(viewer, on=on).filter(old_part_returned_at__isnull=False).order_by("-old_part_returned_at", "-id")


def stock(*, search: str = "", low: bool = False, location: str = "") -> QuerySet[Stock]:
    """What lies where; ``low``: only below its minimum or below nought."""
    found = Stock.objects.select_related("part", "location").filter(location__active=True)
    wanted = search.strip()
    if wanted:
        found = found.filter(Q(part__number__icontains=wanted) | Q(part__name__icontains=wanted))
    if low:
        found = found.filter(Q(balance__lt=F("minimum")) | Q(balance__lt=0))
    if location:
        found = found.filter(location__key=location)
    return found.order_by("part__number", "location__kind", "location__key")


def places_with(parts: Iterable[int]) -> dict[int, list[Stock]]:
    """Where these parts lie, by their id; one query."""
    found: dict[int, list[Stock]] = defaultdict(list)
    held = Stock.objects.filter(part_id__in=list(parts), balance__gt=0, location__active=True)
    for each in held.select_related("location").order_by("location__kind", "location__key"):
        found[each.part_id].append(each)
    return found


def locations() -> QuerySet[Location]:
    return Location.objects.filter(active=True).select_related("engineer", "team").order_by("kind", "key")


def vans(viewer: Viewer) -> QuerySet[Location]:
    """The viewer's own vans."""
    return locations().filter(engineer__number=viewer.person or "")


def with_vans(viewer: Viewer, lines: Iterable[PartLine]) -> list[tuple[PartLine, list[tuple[Location, bool]]]]:
    """Each line with the viewer's own vans, and whether enough lies there by the books."""
    own = list(vans(viewer))
    rows = Stock.objects.filter(location__in=own).values_list("location_id", "part_id", "balance")
    held = {(location, part): balance for location, part, balance in rows}
    return [(line, [(van, held.get((van.pk, line.part_id), 0) >= line.qty) for van in own]) for line in lines]


def parts(*, search: str = "") -> QuerySet[Part]:
    """The catalogue; ``in_stock`` is what lies anywhere."""
    found = Part.objects.annotate(in_stock=Sum("stock__balance"))
    wanted = search.strip()
    found = found.filter(Q(number__icontains=wanted) | Q(name__icontains=wanted)) if wanted else found
    return found.order_by(F("active").desc(), "number")


def moves(part: Part) -> QuerySet[StockMove]:
    """Every movement of a part, newest first."""
    return StockMove.objects.filter(part=part).select_related("location", "line__case").order_by("-id")
