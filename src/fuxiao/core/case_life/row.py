"""The row of a case: what its events add up to, column by column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fuxiao.core.case_life.life import Happened, Life, State, life_of
from fuxiao.core.clock import CaseHistory, PauseKind, case_history
from fuxiao.core.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Where a case stands, for lists; moments in epoch seconds, ``None`` where it never happened.

    ``resolved_at`` and ``closed_at`` are empty again while a reopened case is worked on.
    """

    state: State
    pause: PauseKind | None
    on_visit: bool
    owner: str | None
    unit: str | None
    opened_at: int
    assigned_at: int | None
    accepted_at: int | None
    first_response_at: int | None
    resolved_at: int | None
    closed_at: int | None
    cancelled_at: int | None
    reopened: int
    events: int
    last_at: int


def history_of(events: Sequence[Happened]) -> CaseHistory:
    """The history of these events as the clocks read it."""
    return case_history(event.on_clock(seq) for seq, event in enumerate(events, 1))


def row_of(events: Sequence[Happened]) -> Row:
    """The row that these events add up to; ``InputError`` (``life.no_case``) where nothing opened a case."""
    life, history = life_of(events), history_of(events)
    if life is None or history.opened_at is None:
        raise InputError("life.no_case", verb="create")
    cancelled = [event.at for event in events if event.type == "cancelled"]
    return Row(
        state=life.state, pause=life.pause if life.is_open else None, on_visit=life.on_visit, owner=life.owner,
        unit=life.unit, opened_at=history.opened_at, assigned_at=history.assigned_at, accepted_at=history.accepted_at,
        first_response_at=history.first_response_at, resolved_at=_unless_open(life, history.resolved_at),
        closed_at=_unless_open(life, history.closed_at), cancelled_at=cancelled[0] if cancelled else None,
        reopened=life.reopened, events=life.events, last_at=life.last_at,
    )  # fmt: skip


def _unless_open(life: Life, at: int | None) -> int | None:
    return None if life.is_open else at
