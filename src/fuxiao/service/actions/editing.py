"""What is written on a case changes: particulars, priority, and the classes that figures are made by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models, transaction

from fuxiao.base.permissions import Viewer
from fuxiao.core.case_life import Verb, row_of
from fuxiao.core.errors import InputError
from fuxiao.service import history
from fuxiao.service.actions.intake import contract_level
from fuxiao.service.actions.life import Act, done
from fuxiao.service.actions.writing import check_right, locked_case, promise, save_case
from fuxiao.service.models import Case, CaseTitle
from fuxiao.service.signs import signs_of
from fuxiao.service.terms import terms

FIELDS = (
    "title", "description", "channel", "case_type", "category", "priority", "difficulty", "region", "customer",
    "device", "product", "contact_name", "contact_phone", "address", "is_test", "fault_code",
)  # fmt: skip
CLASSES = frozenset({"case_type", "category"})
"""A change of these is an event: figures by class would otherwise change without a trace."""
PROMISING = frozenset({"priority", "case_type", "customer", "device"})
"""A change of these may change what was promised."""


@transaction.atomic
def edit(
    viewer: Viewer, number: str, given: Mapping[str, Any], *, version: int, at: datetime, reason: str = ""
) -> Case:
    """Change what is written on the case. ``Conflict`` where it is no longer at ``version``; nothing to do is nothing.

    A new class needs a ``reason``, else ``InputError``.
    """
    case = locked_case(viewer, number, at=at, version=version)
    check_right(viewer, case, Verb.RECODE)
    changed = {name: value for name, value in given.items() if name in FIELDS and getattr(case, name) != value}
    if not changed:
        return case
    if not str(changed.get("title", case.title)).strip():
        raise InputError("case.no_title", number=number)
    old = {name: plain(getattr(case, name)) for name in changed}
    for name, value in changed.items():
        setattr(case, name, value)
    new = {name: plain(value) for name, value in changed.items()}
    if "title" in changed:
        CaseTitle.objects.filter(case=case).update(signs=signs_of(case.title))
    if CLASSES & changed.keys():
        note = "; ".join(f"{name}: {old[name]} → {new[name]}" for name in sorted(CLASSES & changed.keys()))
        done(viewer, case, Act(verb=Verb.RECODE, reason=reason, note=note), at=at)
    if PROMISING & changed.keys():
        promise_again(case, at=at)
    save_case(viewer, "case.edited", case, at=at, old=old, new=new, events=False)
    return case


def promise_again(case: Case, *, at: datetime) -> None:
    """Find the service level anew, as of the day on which the case was opened, and the due moments by it."""
    found = terms()
    level = contract_level(case.customer, case.device, on=found.day(case.opened_at))
    policy = found.policy(
        opened_at=case.opened_at, priority=case.priority, case_type=case.case_type, contract=level
    )  # fmt: skip
    case.policy = policy.key if policy else ""
    events = [history.happened(event) for event in history.events_of(case)]
    promise(case, events, row_of(events), at=at)


def plain(value: object) -> object:
    """A field as the audit trail keeps it; particulars that reach a customer are only told to have changed."""
    if isinstance(value, models.Model):
        return str(value)
    return value if value is None or isinstance(value, bool | int | str) else str(value)
