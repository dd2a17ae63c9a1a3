"""How a case stands: what its events add up to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import Final

from fuxiao.core.clock import Event, EventType, PauseKind


class State(StrEnum):
    NEW = "new"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    PENDING = "pending"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    MERGED = "merged"


OPEN: Final = frozenset({State.NEW, State.ASSIGNED, State.ACCEPTED, State.PENDING})
"""Somebody has still something to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """An event to be recorded. ``type`` is one of the event types of the dataset ``case_events``; ``at`` in seconds.

    ``activity`` is the verb where the type does not tell it; ``wrong`` marks a transfer that a review found wrong.
    """

    type: str
    at: int
    actor: str | None = None
    to_person: str | None = None
    from_unit: str | None = None
    to_unit: str | None = None
    kind: PauseKind | None = None
    activity: str = ""
    reason: str = ""
    note: str = ""
    wrong: bool = False
    self_picked: bool = False
    template: bool = False

    def on_clock(self, seq: int) -> Event:
        """The same as the clocks read it: a template is no answer, and what no clock knows is something else."""
        known = not self.template and self.type in frozenset(EventType)
        return Event(
            at=self.at, seq=seq, type=EventType(self.type) if known else EventType.OTHER, actor=self.actor,
            to_person=self.to_person, from_unit=self.from_unit, to_unit=self.to_unit,
            kind="wrong" if self.wrong else self.kind,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """How a case stands after ``events`` events, the last of them at ``last_at``.

    ``work`` is how far it has come, whether it is paused or not; ``pause`` is what it waits for. Without an ``owner``
    it lies in the queue of ``unit``, or of nobody.
    """

    work: State = State.NEW
    pause: PauseKind | None = None
    on_visit: bool = False
    owner: str | None = None
    unit: str | None = None
    reopened: int = 0
    events: int = 0
    last_at: int = 0

    @property
    def is_open(self) -> bool:
        return self.work in OPEN

    @property
    def state(self) -> State:
        return State.PENDING if self.is_open and self.pause else self.work


def life_of(events: Iterable[Happened]) -> Life | None:
    """What these events, in the order in which they were recorded, add up to; ``None`` for none.

    Events of other systems may leave any out: whatever follows is taken as it comes.
    """
    life: Life | None = None
    for event in events:
        life = after(life, event)
    return life


def after(life: Life | None, event: Happened) -> Life:
    """How a case stands after one more event."""
    before = life or Life()
    changed = CHANGES.get(event.type, _other)(before, event)
    return replace(changed, events=before.events + 1, last_at=max(before.last_at, event.at))


def _held(life: Life, event: Happened, *, work: State, taker: str | None) -> Life:
    """With the holder that the event names; work that is over stays over."""
    owner = event.to_person or taker
    now = work if owner else State.NEW
    return replace(life, work=now if life.is_open else life.work, owner=owner, unit=event.to_unit or life.unit)


def _assigned(life: Life, event: Happened) -> Life:
    return _held(life, event, work=State.ASSIGNED, taker=event.actor)


def _accepted(life: Life, event: Happened) -> Life:
    return _held(life, event, work=State.ACCEPTED, taker=event.actor)


def _transferred(life: Life, event: Happened) -> Life:
    return _held(life, event, work=State.ASSIGNED, taker=None)


def _paused(life: Life, event: Happened) -> Life:
    return replace(life, pause=event.kind or life.pause)


def _resumed(life: Life, event: Happened) -> Life:
    return replace(life, pause=None if event.kind in {None, life.pause} else life.pause)


def _reopened(life: Life, _: Happened) -> Life:
    work = State.ASSIGNED if life.owner else State.NEW
    return replace(life, work=work, on_visit=False, reopened=life.reopened + 1)


def _other(life: Life, event: Happened) -> Life:
    """Something that moves nothing, but a case in nobody's hands may be sent to another queue."""
    return life if life.owner else replace(life, unit=event.to_unit or life.unit)


def _ended(life: Life, _: Happened, *, work: State) -> Life:
    return replace(life, work=work)


def _visit(life: Life, _: Happened, *, on_visit: bool) -> Life:
    return replace(life, on_visit=on_visit)


CHANGES: Mapping[str, Callable[[Life, Happened], Life]] = {
    "assigned": _assigned,
    "accepted": _accepted,
    "transferred": _transferred,
    "pend_start": _paused,
    "pend_end": _resumed,
    "visit_start": partial(_visit, on_visit=True),
    "visit_end": partial(_visit, on_visit=False),
    "resolved": partial(_ended, work=State.RESOLVED),
    "closed": partial(_ended, work=State.CLOSED),
    "reopened": _reopened,
    "cancelled": partial(_ended, work=State.CANCELLED),
    "merged": partial(_ended, work=State.MERGED),
}
