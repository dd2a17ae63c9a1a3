"""Promises that were warned of or missed, as far as their cases are in reach."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from fuxiao.base.permissions import Viewer
from fuxiao.service.models import Miss
from fuxiao.service.queries.reach import cases_in_reach


def misses(viewer: Viewer, *, on: date, missed: bool = True, clock: str = "") -> QuerySet[Miss]:
    """Those that were missed, else those that were only warned of; the latest first."""
    cases = cases_in_reach(viewer, on=on).select_related(None).order_by()
    found = Miss.objects.filter(case__in=cases, missed_at__isnull=not missed).select_related("case", "owner", "team")
    return (found.filter(clock=clock) if clock else found).order_by("-due_at", "-id")
