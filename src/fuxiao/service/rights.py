"""Who may do what with a case in reach, and who may know how to reach its customer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.case_life import Verb
from fuxiao.service.models import Case, Visit

GIVING: Final = frozenset({Verb.ASSIGN, Verb.ROUTE})
ENDING: Final = frozenset({Verb.CLOSE, Verb.REOPEN, Verb.MERGE, Verb.CANCEL})
HANDLING: Final = frozenset({Verb.PEND, Verb.RESUME, Verb.VISIT_START, Verb.VISIT_END, Verb.RESOLVE})
NEEDED: Final[Mapping[Verb, Permission]] = {
    verb: Permission.CASE_ASSIGN
    if verb in GIVING
    else Permission.CASE_CLOSE
    if verb in ENDING
    else Permission.CASE_WRITE
    for verb in Verb
}
"""The permission that a verb needs."""


def may_act(viewer: Viewer, case: Case, verb: Verb) -> bool:
    """Whether the viewer may do this with a case that they see."""
    owner, taker = (person.number if person else None for person in (case.owner, case.opened_by))
    return may_do(viewer, verb, owner=owner, taker=taker)


def may_do(viewer: Viewer, verb: Verb, *, owner: str | None, taker: str | None) -> bool:
    """Whether the viewer may do this with a case that they see, by the numbers of who has it and who took it in.

    Work on a case is its owner's, or a lead's; moving it, answering and telling others also of whoever took the
    request, of a dispatcher, and of anybody while nobody has it. Whom it was given to accepts it, and nobody else.
    """
    if viewer.read_only or not viewer.may(NEEDED[verb]):
        return False
    if verb is Verb.ACCEPT:
        return viewer.person is not None and owner in {None, viewer.person}
    if verb in GIVING | ENDING:
        return True
    if (owner is not None and owner == viewer.person) or leads(viewer):
        return True
    if verb in HANDLING:
        return False
    taken = taker is not None and taker == viewer.person
    return taken or owner is None or viewer.may(Permission.CASE_ASSIGN)


def is_owner(viewer: Viewer, case: Case) -> bool:
    return case.owner is not None and case.owner.number == viewer.person


def leads(viewer: Viewer) -> bool:
    """Whether the viewer answers for the work of others."""
    return viewer.may(Permission.CASE_ASSIGN) and viewer.may(Permission.CASE_CLOSE)


def may_edit(viewer: Viewer, case: Case) -> bool:
    """Whether the viewer may change what is written on the case."""
    return may_act(viewer, case, Verb.RECODE)


def sees_contact(viewer: Viewer, case: Case) -> bool:
    """Whether telephone and address are shown: to whoever keeps customers or has the case."""
    if viewer.may(Permission.CUSTOMERS_READ) or is_owner(viewer, case):
        return True
    return case.owner_id is None and case.opened_by is not None and case.opened_by.number == viewer.person


def needed_to_plan(viewer: Viewer, visit: Visit) -> Permission:
    """What moving or calling off this visit needs: less of its own engineer than of others."""
    return Permission.CASE_WRITE if visit.engineer.number == viewer.person else Permission.VISITS_PLAN
