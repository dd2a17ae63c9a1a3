"""What may be done with a case, and which events that makes; what may not is refused with what can be done instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, TypeAlias

from fuxiao.core.case_life.life import Happened, Life, State, after
from fuxiao.core.clock import PauseKind
from fuxiao.core.errors import InputError

Events: TypeAlias = tuple[Happened, ...]


class Verb(StrEnum):
    """What somebody does with a case."""

    CREATE = "create"
    ROUTE = "route"  # into the queue of another team, while nobody has it
    ASSIGN = "assign"
    ACCEPT = "accept"
    RESPOND = "respond"
    PEND = "pend"
    RESUME = "resume"
    TRANSFER = "transfer"
    ESCALATE = "escalate"
    VISIT_START = "visit_start"
    VISIT_END = "visit_end"
    RECODE = "recode"
    RESOLVE = "resolve"
    CLOSE = "close"
    REOPEN = "reopen"
    MERGE = "merge"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Do:
    """One act: who does what when (epoch seconds), and to whom or why."""

    verb: Verb
    at: int
    actor: str | None = None
    to_person: str | None = None
    to_unit: str | None = None
    kind: PauseKind | None = None
    reason: str = ""
    note: str = ""
    template: bool = False


WORKING: Final = frozenset({State.NEW, State.ASSIGNED, State.ACCEPTED})
HELD: Final = frozenset({State.ASSIGNED, State.ACCEPTED})
ALLOWED: Final[Mapping[Verb, frozenset[State]]] = {
    Verb.ROUTE: frozenset({State.NEW}),
    Verb.ASSIGN: frozenset({State.NEW, State.ASSIGNED}),
    Verb.ACCEPT: frozenset({State.NEW, State.ASSIGNED}),
    Verb.RESPOND: WORKING | {State.RESOLVED},
    Verb.PEND: WORKING,
    Verb.RESUME: WORKING,
    Verb.TRANSFER: HELD,
    Verb.ESCALATE: WORKING,
    Verb.VISIT_START: HELD,
    Verb.VISIT_END: HELD,
    Verb.RECODE: WORKING | {State.RESOLVED, State.CLOSED},
    Verb.RESOLVE: HELD,
    Verb.CLOSE: frozenset({State.RESOLVED}),
    Verb.REOPEN: frozenset({State.RESOLVED, State.CLOSED}),
    Verb.MERGE: WORKING | {State.RESOLVED},
    Verb.CANCEL: WORKING,
}
"""How far the work must have come for each verb, pauses aside."""
NOT_ON_VISIT: Final = frozenset({
    Verb.ASSIGN, Verb.PEND, Verb.TRANSFER, Verb.VISIT_START, Verb.RESOLVE, Verb.MERGE, Verb.CANCEL,
})  # fmt: skip
NEED_REASON: Final = frozenset({
    Verb.PEND, Verb.TRANSFER, Verb.ESCALATE, Verb.RECODE, Verb.REOPEN, Verb.MERGE, Verb.CANCEL,
})  # fmt: skip


def possible(life: Life) -> tuple[Verb, ...]:
    """What can be done now, in the order of a case's life."""
    return tuple(verb for verb in ALLOWED if _obstacle(life, verb) is None)


def step(life: Life | None, do: Do) -> tuple[Life, Events]:
    """How the case stands after the act, and the events that it makes, at least one.

    ``InputError`` with a code of ``life.…`` where it cannot be done: what is in the way, and what can be done.
    """
    events = (_created(do),) if life is None else _steps(life, do)
    for event in events:
        life = after(life, event)
    assert life is not None  # noqa: S101 - there is at least one event
    return life, events


def _created(do: Do) -> Happened:
    if do.verb is not Verb.CREATE:
        raise InputError("life.no_case", verb=do.verb.value)
    return replace(_event(do, "created"), to_unit=do.to_unit)


def _steps(life: Life, do: Do) -> Events:
    _check(life, do)
    return MAKERS[do.verb](life, do)


def _check(life: Life, do: Do) -> None:
    obstacle = _obstacle(life, do.verb)
    if obstacle is not None:
        allowed = [verb.value for verb in possible(life)]
        raise InputError(obstacle, verb=do.verb.value, state=life.state.value, possible=allowed)
    if do.at < life.last_at:
        raise InputError("life.before_last", verb=do.verb.value, at=do.at, last=life.last_at)
    if do.verb in NEED_REASON and not do.reason.strip():
        raise InputError("life.no_reason", verb=do.verb.value)


def _obstacle(life: Life, verb: Verb) -> str | None:
    """The code of what is in the way of the verb; ``None`` where nothing is."""
    if life.work not in ALLOWED.get(verb, frozenset()):
        return "life.not_now" if any(life.work in works for works in ALLOWED.values()) else "life.over"
    if life.on_visit and verb in NOT_ON_VISIT:
        return "life.on_visit"
    if verb is Verb.VISIT_END and not life.on_visit:
        return "life.no_visit"
    if verb is Verb.PEND and life.pause:
        return "life.paused"
    if verb is Verb.RESUME and not life.pause:
        return "life.not_paused"
    return None


def _event(do: Do, type_: str) -> Happened:
    return Happened(type=type_, at=do.at, actor=do.actor, reason=do.reason.strip(), note=do.note)


def _moved(life: Life, do: Do, type_: str, *, to_unit: str | None) -> Happened:
    """An event that gives the case to a person or unit."""
    return replace(_event(do, type_), to_person=do.to_person, from_unit=life.unit, to_unit=to_unit)


def _unpaused(life: Life, do: Do) -> Events:
    """The end of a pause that what happens now ends by itself."""
    if not (life.is_open and life.pause):
        return ()
    return (Happened(type="pend_end", at=do.at, actor=do.actor, kind=life.pause),)


def _route(life: Life, do: Do) -> Events:
    if do.to_unit is None or do.to_unit == life.unit:
        raise InputError("life.same_place", verb=do.verb.value)
    return (replace(_moved(life, do, "other", to_unit=do.to_unit), to_person=None, activity=do.verb.value),)


def _assign(life: Life, do: Do) -> Events:
    if do.to_person is None:
        raise InputError("life.nobody_named", verb=do.verb.value)
    if (do.to_person, do.to_unit or life.unit) == (life.owner, life.unit):
        raise InputError("life.same_place", verb=do.verb.value)
    return (_moved(life, do, "assigned", to_unit=do.to_unit or life.unit),)


def _accept(life: Life, do: Do) -> Events:
    """Whoever it was given to takes it, or somebody takes it out of the queue."""
    if do.actor is None:
        raise InputError("life.nobody_named", verb=do.verb.value)
    if life.owner not in {None, do.actor}:
        raise InputError("life.given_to_another", verb=do.verb.value, owner=life.owner)
    unit = do.to_unit or life.unit
    taken = replace(_event(do, "accepted"), to_person=do.actor, to_unit=unit, self_picked=life.owner is None)
    return (taken,) if life.owner else (replace(taken, type="assigned"), taken)


def _respond(_: Life, do: Do) -> Events:
    return (replace(_event(do, "responded"), template=do.template),)


def _pend(_: Life, do: Do) -> Events:
    if do.kind is None:
        raise InputError("life.no_kind", verb=do.verb.value)
    return (replace(_event(do, "pend_start"), kind=do.kind),)


def _resume(life: Life, do: Do) -> Events:
    return (replace(_event(do, "pend_end"), kind=life.pause),)


def _transfer(life: Life, do: Do) -> Events:
    unit = do.to_unit or life.unit
    if (do.to_person, unit) == (life.owner, life.unit):
        raise InputError("life.same_place", verb=do.verb.value)
    return (_moved(life, do, "transferred", to_unit=unit),)


def _escalate(life: Life, do: Do) -> Events:
    """A higher level is told; where a team or person of it is named, the case goes there."""
    told = _moved(life, do, "escalated", to_unit=do.to_unit)
    goes = life.owner and (do.to_person or do.to_unit) and not life.on_visit
    if not goes or (do.to_person, do.to_unit or life.unit) == (life.owner, life.unit):
        return (told,)
    return told, *_transfer(life, do)


def _visit_start(life: Life, do: Do) -> Events:
    """Whoever is at the customer's waits no longer."""
    return *_unpaused(life, do), _event(do, "visit_start")


def _visit_end(_: Life, do: Do) -> Events:
    return (_event(do, "visit_end"),)


def _recode(_: Life, do: Do) -> Events:
    return (_event(do, "recoded"),)


def _ending(type_: str) -> Callable[[Life, Do], Events]:
    return lambda life, do: (*_unpaused(life, do), _event(do, type_))


MAKERS: Final[Mapping[Verb, Callable[[Life, Do], Events]]] = {
    Verb.ROUTE: _route,
    Verb.ASSIGN: _assign,
    Verb.ACCEPT: _accept,
    Verb.RESPOND: _respond,
    Verb.PEND: _pend,
    Verb.RESUME: _resume,
    Verb.TRANSFER: _transfer,
    Verb.ESCALATE: _escalate,
    Verb.VISIT_START: _visit_start,
    Verb.VISIT_END: _visit_end,
    Verb.RECODE: _recode,
    Verb.RESOLVE: _ending("resolved"),
    Verb.CLOSE: _ending("closed"),
    Verb.REOPEN: lambda _, do: (_event(do, "reopened"),),
    Verb.MERGE: _ending("merged"),
    Verb.CANCEL: _ending("cancelled"),
}
