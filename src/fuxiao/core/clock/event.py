"""One recorded event of a case."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class EventType(StrEnum):
    """What happened; importers map the words of a source to these, and to ``other`` what no clock needs."""

    CREATED = "created"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    RESPONDED = "responded"  # a person wrote or spoke to the customer; not a machine, not a template
    TRANSFERRED = "transferred"
    PEND_START = "pend_start"
    PEND_END = "pend_end"
    VISIT_START = "visit_start"
    VISIT_END = "visit_end"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REOPENED = "reopened"
    MERGED = "merged"
    CANCELLED = "cancelled"  # withdrawn: nothing is to be done any more
    RECODED = "recoded"
    OTHER = "other"


class PauseKind(StrEnum):
    """Whom a pending case waits for, in order of precedence where pauses overlap."""

    CUSTOMER = "customer"
    PARTS = "parts"
    THIRD_PARTY = "third_party"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event; events of a case are ordered by ``(at, seq)``, moments are epoch seconds.

    ``kind`` is a ``PauseKind`` for pending events and ``wrong`` for a transfer that a review found wrong.
    ``recorded_at`` later than ``at`` shows back-dating.
    """

    at: int
    seq: int
    type: EventType
    actor: str | None = None
    to_person: str | None = None
    from_unit: str | None = None
    to_unit: str | None = None
    kind: str | None = None
    recorded_at: int | None = None
