"""Writes of costs: proposed, approved or refused by somebody else, withdrawn, paid; limits of the policy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum

from fuxiao.base.actions import announce, notify, record, require
from fuxiao.base.permissions import GRANTS, Permission, Viewer
from fuxiao.core.errors import InputError, NotPermitted
from fuxiao.core.policy_limit import needs_approval
from fuxiao.core.warranty import State as Cover
from fuxiao.engine.schema import COST_KINDS
from fuxiao.org.models import RoleGrant
from fuxiao.service import feed
from fuxiao.service.actions.intake import next_of
from fuxiao.service.actions.writing import locked_case, own_person, tell
from fuxiao.service.models import Case, Category, Cost, CostLimit, CostState, Product
from fuxiao.service.queries.costs import costs, limit_of
from fuxiao.service.rights import may_edit
from fuxiao.service.terms import terms
from fuxiao.service.warranties import guarantee, local

KIND, TOPIC = "service.cost", "costs"
COUNTED = (CostState.APPROVED, CostState.WAITING)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is proposed: kind, amount in minor units, why, and until when it has to be done."""

    kind: str
    amount: int
    note: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewLimit:
    """How much of a kind is allowed from a day on; ``None`` fits every case."""

    kind: str
    amount: int
    valid_from: date
    category: Category | None = None
    product: Product | None = None


@transaction.atomic
def propose(viewer: Viewer, number: str, asked: Asked, *, at: datetime) -> Cost:
    """Write down a cost of a case: within the limit it is approved, above it somebody else decides.

    What was spent before in this kind counts towards the limit, so that a sum cannot be split.
    """
    require(viewer, Permission.CASE_WRITE)
    case = locked_case(viewer, number, at=at)
    if not may_edit(viewer, case):
        raise NotPermitted("part.not_handler", number=number)
    if asked.kind not in COST_KINDS or asked.amount < 1:
        raise InputError("cost.not_positive", amount=asked.amount)
    limit = limit_of(case, asked.kind, on=local(at))
    before = case.costs.filter(kind=asked.kind, state__in=COUNTED).aggregate(sum=Sum("amount"))["sum"] or 0
    waits = needs_approval(limit, kind=asked.kind, amount=asked.amount, before=before)
    cost = Cost.objects.create(
        number=f"F{next_of('COST'):06d}", case=case, kind=asked.kind, amount=asked.amount, spent_at=at,
        note=asked.note.strip(), policy_limit=limit.amount if limit else None,
        state=CostState.WAITING if waits else CostState.APPROVED, proposer=viewer.account, proposer_name=viewer.name,
        proposed_by=own_person(viewer), in_warranty=_in_warranty(case, on=local(at)), due_at=asked.due_at,
    )  # fmt: skip
    _told(viewer, "cost.proposed", cost, at=at, old={})
    if waits:
        _ask(viewer, cost, at=at)
    return cost


@transaction.atomic
def approve(viewer: Viewer, number: str, *, reason: str = "", at: datetime) -> Cost:
    """Somebody else agrees; above the limit it is an exception and needs a reason."""
    cost = _to_decide(viewer, number, at=at)
    if not reason.strip():
        raise InputError("cost.no_reason", number=number)
    return _decide(viewer, cost, CostState.APPROVED, reason, at=at)


@transaction.atomic
def refuse(viewer: Viewer, number: str, *, reason: str, at: datetime) -> Cost:
    """Somebody else does not agree, and says why."""
    cost = _to_decide(viewer, number, at=at)
    if not reason.strip():
        raise InputError("cost.no_reason", number=number)
    return _decide(viewer, cost, CostState.REFUSED, reason, at=at)


@transaction.atomic
def withdraw(viewer: Viewer, number: str, *, at: datetime) -> Cost:
    """Whoever proposed it takes it back while nobody has decided."""
    require(viewer, Permission.CASE_WRITE)
    cost = _locked(number)
    if cost.proposer != viewer.account:
        raise NotPermitted("cost.not_proposer", number=number)
    _check_waiting(cost)
    cost.state = CostState.WITHDRAWN
    _save(cost)
    _told(viewer, "cost.withdrawn", cost, at=at, old={"state": CostState.WAITING.value})
    return cost


@transaction.atomic
def paid(viewer: Viewer, number: str, *, at: datetime) -> Cost:
    """The money is there: a refund or compensation is done."""
    require(viewer, Permission.COSTS_APPROVE)
    cost = _in_reach(viewer, number, at=at)
    if cost.state != CostState.APPROVED or cost.done_at is not None:
        raise InputError("cost.not_payable", number=number)
    cost.done_at = at
    _save(cost)
    _told(viewer, "cost.paid", cost, at=at, old={})
    return cost


@transaction.atomic
def add_limit(viewer: Viewer, new: NewLimit, *, at: datetime) -> CostLimit:
    """A limit from a day on; one for the same cases that was open ends there."""
    require(viewer, Permission.COSTS_APPROVE)
    if new.kind not in COST_KINDS or new.amount < 0:
        raise InputError("cost.not_positive", amount=new.amount)
    same = {"kind": new.kind, "category": new.category, "product": new.product}
    held = CostLimit.objects.select_for_update().filter(valid_to__isnull=True, **same)
    if held.filter(valid_from__gte=new.valid_from).exists():
        raise InputError("cost.limit_later", day=new.valid_from)
    held.update(valid_to=new.valid_from)
    made = CostLimit.objects.create(amount=new.amount, valid_from=new.valid_from, **same)
    told = {"kind": new.kind, "amount": new.amount, "valid_from": new.valid_from.isoformat(),
            "category": str(new.category or ""), "product": str(new.product or "")}  # fmt: skip
    record(viewer, "cost.limit_set", kind=KIND, key=new.kind, at=at, new=told)
    announce(TOPIC, at=at)
    return made


def _decide(viewer: Viewer, cost: Cost, state: CostState, reason: str, *, at: datetime) -> Cost:
    cost.state, cost.decision, cost.decided_at = state, reason.strip(), at
    cost.approver, cost.approver_name, cost.approved_by = viewer.account, viewer.name, own_person(viewer)
    cost.exception = state == CostState.APPROVED
    _save(cost)
    _told(
        viewer,
        "cost.approved" if state == CostState.APPROVED else "cost.refused",
        cost,
        at=at,
        old={"state": CostState.WAITING.value},
    )
    notify([cost.proposer], "cost.decided", at=at, link=f"/desk/{cost.case.number}/", number=cost.case.number,
           by=viewer.name)  # fmt: skip
    return cost


def _to_decide(viewer: Viewer, number: str, *, at: datetime) -> Cost:
    """A cost that waits, for somebody who may decide and did not propose it."""
    require(viewer, Permission.COSTS_APPROVE)
    cost = _in_reach(viewer, number, at=at)
    own = cost.proposed_by is not None and cost.proposed_by.number == viewer.person
    if own or (cost.proposer is not None and cost.proposer == viewer.account):
        raise NotPermitted("cost.own", number=number)
    _check_waiting(cost)
    return cost


def _in_reach(viewer: Viewer, number: str, *, at: datetime) -> Cost:
    if not costs(viewer, on=terms().day(at)).filter(number=number).exists():
        raise NotPermitted("cost.not_yours", number=number)
    return _locked(number)


def _locked(number: str) -> Cost:
    found = Cost.objects.select_for_update(of=("self",)).select_related("case", "proposed_by").filter(number=number)
    if (cost := found.first()) is None:
        raise InputError("cost.unknown", number=number)
    return cost


def _check_waiting(cost: Cost) -> None:
    if cost.state != CostState.WAITING:
        raise InputError("cost.decided_already", number=cost.number)


def _in_warranty(case: Case, *, on: date) -> bool | None:
    if case.device is None:
        return None
    state = guarantee(case.device, on=on).cover.state
    return None if state is Cover.UNKNOWN else state is Cover.IN


def _ask(viewer: Viewer, cost: Cost, *, at: datetime) -> None:
    """Tell whoever may approve, but not the proposer."""
    roles = [role for role, (_, permissions) in GRANTS.items() if Permission.COSTS_APPROVE in permissions]
    found = RoleGrant.objects.filter(role__in=roles, user__is_active=True).values_list("user_id", flat=True)
    others = {account for account in found if account != viewer.account}
    notify(others, "cost.waiting", at=at, link="/costs/", number=cost.case.number, by=viewer.name)


def _save(cost: Cost) -> None:
    cost.version += 1
    cost.save()


def _told(viewer: Viewer, action: str, cost: Cost, *, at: datetime, old: dict[str, object]) -> None:
    new = {"state": cost.state, "kind": cost.kind, "amount": cost.amount, "limit": cost.policy_limit,
           "reason": cost.decision or cost.note}  # fmt: skip
    record(viewer, action, kind=KIND, key=cost.number, label=cost.case.number, at=at, old=old, new=new)
    announce(TOPIC, at=at)
    tell(cost.case, at=at)
    feed.note("costs", cost.number, at=at)
