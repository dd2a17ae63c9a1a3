"""Cases as lists and boards show them: one row of the database each, not a record with everything that it names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet

from fuxiao.service.models import OPEN_STATES, Case


class Line(NamedTuple):
    """A case as lists and boards show it, with the names what it is about, and of whom: ``None`` for nobody."""

    pk: int
    number: str
    title: str
    state: str
    pause: str
    priority: str
    is_test: bool
    reopened: int
    version: int
    next_due_at: datetime
    contact: str
    customer: str | None
    serial: str | None
    owner: str | None
    owner_number: str | None
    team: str | None
    taker_number: str | None
    """Who took the request in."""

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


LINE = (
    "pk", "number", "title", "state", "pause", "priority", "is_test", "reopened", "version", "next_due_at",
    "contact_name", "customer__name", "device__serial", "owner__name", "owner__number", "team__name",
    "opened_by__number",
)  # fmt: skip
"""Where each part of a line comes from."""


def lines_of(found: QuerySet[Case]) -> QuerySet[Case, Any]:
    """The rows of these cases, of what is shown alone: whole records cost ten times as much."""
    return found.select_related(None).values_list(*LINE)


def read(rows: Iterable[Any]) -> list[Line]:
    """Such rows as lines."""
    return list(map(Line._make, rows))
