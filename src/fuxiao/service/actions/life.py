"""What people do with a case: every verb of its life is one action."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from fuxiao.base.permissions import Viewer
from fuxiao.core.case_life import Do, Verb, life_of, step
from fuxiao.core.clock import PauseKind
from fuxiao.core.errors import InputError
from fuxiao.org.models import Person, Team
from fuxiao.service import history
from fuxiao.service.actions import surveys
from fuxiao.service.actions.writing import (
    add_events,
    check_right,
    locked_case,
    notify_people,
    own_person,
    plain_state,
    save_case,
)
from fuxiao.service.models import Case, FaultCode
from fuxiao.service.queries.reach import case_in_reach
from fuxiao.service.terms import terms

TOLD = frozenset({Verb.ASSIGN, Verb.TRANSFER, Verb.ESCALATE})
"""The owner is told of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What is to be done with a case, as a person asks for it.

    ``happened_at``: when it really happened, where that is not now. ``into``: the case that a duplicate is merged into.
    """

    verb: Verb
    person: Person | None = None
    team: Team | None = None
    kind: PauseKind | None = None
    reason: str = ""
    note: str = ""
    template: bool = False
    happened_at: datetime | None = None
    resolution_code: str = ""
    root_cause: str = ""
    fault_code: FaultCode | None = None
    into: Case | None = None


@transaction.atomic
def act(
    viewer: Viewer, number: str, asked: Act, *, at: datetime, version: int | None = None, source: str = "desk"
) -> Case:
    """Do it, as one step of the case's life; the case as it is then.

    ``NotPermitted`` without the right, ``Conflict`` where the case is no longer at ``version``, ``InputError`` where
    its state does not allow it; then nothing is written.
    """
    case = locked_case(viewer, number, at=at, version=version)
    check_right(viewer, case, asked.verb)
    if asked.into is not None and case_in_reach(viewer, asked.into.number, on=terms().day(at)) is None:
        raise InputError("case.merge_into_what", number=case.number)
    return done(viewer, case, asked, at=at, source=source)


def done(viewer: Viewer, case: Case, asked: Act, *, at: datetime, source: str = "desk") -> Case:
    """The same for a case that is locked and a right that is checked, inside the caller's transaction."""
    before = history.events_of(case)
    life = life_of(history.happened(event) for event in before)
    # Two writers may have read the clock in one order and got the lock in the other: time never runs backwards.
    moment = max(int(at.timestamp()), life.last_at if life else 0)
    if asked.happened_at is not None:
        moment = _happened(asked.happened_at, at)
    actor, old = own_person(viewer), plain_state(case)
    _, made = step(life, Do(
        verb=asked.verb, at=moment, actor=actor.number if actor else None,
        to_person=asked.person.number if asked.person else None, to_unit=asked.team.key if asked.team else None,
        kind=asked.kind, reason=asked.reason, note=asked.note, template=asked.template,
    ))  # fmt: skip
    _details(case, asked)
    add_events(case, before, made, involved=(actor, asked.person, asked.team), at=at, source=source)
    new = plain_state(case) | ({"reason": asked.reason} if asked.reason else {})
    save_case(viewer, f"case.{asked.verb.value}", case, at=at, old=old, new=new)
    if asked.verb in TOLD:
        escalated = asked.verb is Verb.ESCALATE
        notify_people([case.owner], "case.escalated" if escalated else "case.given", case, at=at, by=viewer)
    if asked.verb is Verb.RESOLVE:
        surveys.plan(case, at=at)
    if asked.verb is Verb.REOPEN:
        surveys.withdraw(case, at=at)
    return case


def _happened(given: datetime, at: datetime) -> int:
    if given > at:
        raise InputError("case.not_yet", given=given.isoformat())
    return int(given.timestamp())


def _details(case: Case, asked: Act) -> None:
    """What a resolve and a merge leave on the row."""
    if asked.verb is Verb.RESOLVE:
        if not asked.resolution_code:
            raise InputError("case.no_result", verb=asked.verb.value)
        case.resolution_code, case.root_cause = asked.resolution_code, asked.root_cause or case.root_cause
        case.fault_code = asked.fault_code or case.fault_code
    if asked.verb is Verb.MERGE:
        if asked.into is None or asked.into.pk == case.pk or asked.into.duplicate_of_id is not None:
            raise InputError("case.merge_into_what", number=case.number)
        case.duplicate_of = asked.into
    if asked.verb in {Verb.ASSIGN, Verb.ACCEPT, Verb.TRANSFER, Verb.ROUTE}:
        case.assigned_why = {}
