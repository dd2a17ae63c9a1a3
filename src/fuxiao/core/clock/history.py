"""What the events of one case say: its moments, who held it when, transfers, ping-pong and pauses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TypeAlias

from fuxiao.core.clock.event import Event, EventType, PauseKind
from fuxiao.core.worktime import Pause

Events: TypeAlias = tuple[Event, ...]
Pair: TypeAlias = tuple[str, str]

HANDING_OVER = frozenset({EventType.ASSIGNED, EventType.ACCEPTED, EventType.TRANSFERRED})
ENDING = frozenset({EventType.RESOLVED, EventType.CLOSED, EventType.MERGED, EventType.CANCELLED})
OPENING = frozenset({EventType.CREATED, EventType.REOPENED})


class Mark(StrEnum):
    """The moments at which a clock can start or stop; each is a field of ``CaseHistory``."""

    OPENED = "opened_at"
    ASSIGNED = "assigned_at"
    ACCEPTED = "accepted_at"
    FIRST_RESPONSE = "first_response_at"
    FIRST_RESOLVED = "first_resolved_at"
    RESOLVED = "resolved_at"
    CLOSED = "closed_at"


@dataclass(frozen=True, slots=True)
class Hold:
    """A stretch in which the case lay with one person and unit; ``end`` is ``None`` for the last holder.

    ``person`` is ``None`` while only a unit holds it.
    """

    person: str | None
    unit: str | None
    start: int
    end: int | None


@dataclass(frozen=True, slots=True)
class Transfer:
    """One transfer and who sent it; ``wrong`` only where a review said so."""

    at: int
    sender: str | None
    from_unit: str | None
    to_person: str | None
    to_unit: str | None
    wrong: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseHistory:
    """The state of a case after all its events (or those up to a moment). Moments are epoch seconds, ``None`` = never.

    opened, assigned, accepted, first response: the first event of the kind. ``resolved_at`` and ``closed_at``: the last
    one, also where the case was reopened since; ``is_open`` tells. ``owner`` held the case at the last resolve,
    ``first_owner`` at the first (where nobody held it, who resolved it); ``handed_at``: every assigning, accepting and
    transferring; ``ended_at`` is when the case ended, ``None``
    while open.
    """

    opened_at: int | None
    assigned_at: int | None
    accepted_at: int | None
    first_response_at: int | None
    first_resolved_at: int | None
    resolved_at: int | None
    closed_at: int | None
    ended_at: int | None
    reopened_at: tuple[int, ...]
    first_responder: str | None
    first_owner: str | None
    owner: str | None
    owner_unit: str | None
    holds: tuple[Hold, ...]
    handed_at: tuple[int, ...]
    transfers: tuple[Transfer, ...]
    pauses: tuple[Pause, ...]
    resolved_gaps: tuple[Pause, ...]

    def moment(self, mark: Mark) -> int | None:
        """The moment that ``mark`` names."""
        found: int | None = getattr(self, mark.value)
        return found

    @property
    def is_open(self) -> bool:
        """Opened, and neither resolved, closed, merged nor cancelled since it was last opened."""
        return self.opened_at is not None and self.ended_at is None

    @property
    def holder(self) -> str | None:
        """Who holds the case now, or held it last."""
        return self.holds[-1].person if self.holds else None

    @property
    def answerable(self) -> str | None:
        """Who answers for the case: the owner, and until it was resolved whoever holds it."""
        return self.holder if self.resolved_at is None else self.owner

    @property
    def units(self) -> tuple[str, ...]:
        """The units that held the case, in order, repeats in a row once."""
        return _run(hold.unit for hold in self.holds)

    @property
    def persons(self) -> tuple[str, ...]:
        """The persons who held the case, in order, repeats in a row once."""
        return _run(hold.person for hold in self.holds)

    @property
    def unit_ping_pong(self) -> tuple[Pair, ...]:
        """``(a, b)`` for each time a unit's case came straight back: a-b-a."""
        return _returns(self.units)

    @property
    def person_ping_pong(self) -> tuple[Pair, ...]:
        """``(a, b)`` for each time a person's case came straight back: a-b-a."""
        return _returns(self.persons)


def case_history(events: Iterable[Event], *, as_of: int | None = None) -> CaseHistory:
    """Derive the history of one case from its events, in any order; with ``as_of``, from those up to that moment.

    ``assigned``, ``accepted`` and ``transferred`` set the holder: the person to the event's ``to_person``, else its
    actor (a transfer that names nobody leaves the case in the unit's queue, held by nobody); the unit to ``to_unit``,
    else as it was.
    """
    ordered = tuple(sorted((e for e in events if as_of is None or e.at <= as_of), key=lambda e: (e.at, e.seq)))
    holds = _holds(ordered)
    resolves = _of(ordered, EventType.RESOLVED)
    response = next(iter(_of(ordered, EventType.RESPONDED)), None)
    first_owner, _ = _owner(ordered, resolves[0]) if resolves else (None, None)
    owner, owner_unit = _owner(ordered, resolves[-1]) if resolves else (None, None)
    return CaseHistory(
        opened_at=_first(ordered, EventType.CREATED),
        assigned_at=_first(ordered, EventType.ASSIGNED),
        accepted_at=_first(ordered, EventType.ACCEPTED),
        first_response_at=response.at if response else None,
        first_resolved_at=resolves[0].at if resolves else None,
        resolved_at=resolves[-1].at if resolves else None,
        closed_at=_first(ordered[::-1], EventType.CLOSED),
        ended_at=_ended(ordered),
        reopened_at=tuple(event.at for event in _of(ordered, EventType.REOPENED)),
        first_responder=response.actor if response else None,
        first_owner=first_owner,
        owner=owner,
        owner_unit=owner_unit,
        holds=holds,
        handed_at=tuple(event.at for event in ordered if event.type in HANDING_OVER),
        transfers=tuple(_transfer(event) for event in _of(ordered, EventType.TRANSFERRED)),
        pauses=_pauses(ordered),
        resolved_gaps=_resolved_gaps(ordered),
    )


def _of(ordered: Events, kind: EventType) -> Events:
    return tuple(event for event in ordered if event.type is kind)


def _first(ordered: Events, kind: EventType) -> int | None:
    return next((event.at for event in ordered if event.type is kind), None)


def _holds(ordered: Events) -> tuple[Hold, ...]:
    changes: list[Hold] = []
    for event in ordered:
        if event.type not in HANDING_OVER:
            continue
        before = changes[-1] if changes else Hold(None, None, event.at, None)
        taker = None if event.type is EventType.TRANSFERRED else event.actor
        person, unit = event.to_person or taker, event.to_unit or before.unit
        if not changes or (person, unit) != (before.person, before.unit):
            changes.append(Hold(person, unit, event.at, None))
    ended = [Hold(hold.person, hold.unit, hold.start, after.start) for hold, after in pairwise(changes)]
    return (*ended, *changes[-1:])


def _owner(ordered: Events, resolve: Event) -> tuple[str | None, str | None]:
    """Who held the case when it was resolved, and the unit."""
    holds = _holds(ordered[: ordered.index(resolve)])
    person, unit = (holds[-1].person, holds[-1].unit) if holds else (None, None)
    return person or resolve.actor, unit


def _ended(ordered: Events) -> int | None:
    """When the case last ended, ``None`` while it is open; the first of several endings in a row counts."""
    ended: int | None = None
    for event in ordered:
        if event.type in OPENING:
            ended = None
        elif event.type in ENDING and ended is None:
            ended = event.at
    return ended


def _transfer(event: Event) -> Transfer:
    return Transfer(event.at, event.actor, event.from_unit, event.to_person, event.to_unit, event.kind == "wrong")


def _pauses(ordered: Events) -> tuple[Pause, ...]:
    """From each pending start to the next pending end of its kind or of no stated kind; open where none follows.

    A start of an unknown kind pauses nothing: a clock never stands still without a reason.
    """
    known = frozenset(PauseKind)
    return tuple(
        Pause(start.kind, start.at, _next_end(ordered[place + 1 :], start.kind))
        for place, start in enumerate(ordered)
        if start.type is EventType.PEND_START and start.kind in known
    )


def _next_end(later: Events, kind: str) -> int | None:
    return next((e.at for e in later if e.type is EventType.PEND_END and e.kind in {kind, None}), None)


def _resolved_gaps(ordered: Events) -> tuple[Pause, ...]:
    """From each resolve to the next reopening; open where none follows."""
    return tuple(
        Pause("resolved", event.at, _first(ordered[place + 1 :], EventType.REOPENED))
        for place, event in enumerate(ordered)
        if event.type is EventType.RESOLVED
    )


def _run(names: Iterable[str | None]) -> tuple[str, ...]:
    known = [name for name in names if name is not None]
    return tuple(name for place, name in enumerate(known) if place == 0 or known[place - 1] != name)


def _returns(run: Sequence[str]) -> tuple[Pair, ...]:
    return tuple((a, b) for a, b, c in zip(run, run[1:], run[2:], strict=False) if a == c)
