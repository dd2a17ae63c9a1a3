"""The clocks of one case: its history from events, and the ledger of each counted and uncounted interval."""

from fuxiao.core.clock.event import Event, EventType, PauseKind
from fuxiao.core.clock.history import CaseHistory, Hold, Mark, Transfer, case_history
from fuxiao.core.clock.ledger import (
    ACKNOWLEDGEMENT,
    CLOCKS,
    DISPATCH,
    FIRST_RESPONSE,
    RESOLUTION,
    RESOLUTION_OWNER,
    RESOLUTION_PERSON,
    ClockRule,
    Entry,
    Ledger,
    Reason,
    held_seconds,
    run_clock,
)

__all__ = [
    "ACKNOWLEDGEMENT",
    "CLOCKS",
    "DISPATCH",
    "FIRST_RESPONSE",
    "RESOLUTION",
    "RESOLUTION_OWNER",
    "RESOLUTION_PERSON",
    "CaseHistory",
    "ClockRule",
    "Entry",
    "Event",
    "EventType",
    "Hold",
    "Ledger",
    "Mark",
    "PauseKind",
    "Reason",
    "Transfer",
    "case_history",
    "held_seconds",
    "run_clock",
]
