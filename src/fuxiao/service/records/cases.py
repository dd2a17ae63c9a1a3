"""Cases and their events as records."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import groupby

from fuxiao.core.warranty import State as Cover
from fuxiao.service.models import Case, CaseEvent, Mover, Visit, VisitMove
from fuxiao.service.records.shape import Record, key, number, seconds
from fuxiao.service.terms import terms
from fuxiao.service.warranties import covers

NAMED = (
    "owner",
    "team",
    "customer",
    "device",
    "device__product",
    "device__exchanged_from",
    "product",
    "category",
    "fault_code",
    "duplicate_of",
)


def case_rows(numbers: Collection[str]) -> list[Record]:
    """The cases of these numbers; ``contract`` is the level that the promise was made for."""
    cases = list(Case.objects.filter(number__in=numbers).select_related(*NAMED).order_by("number"))
    firsts, visits, covered = _firsts(cases), _planned(cases), _in_warranty(cases)
    return [_case(case, firsts.get(case.pk, {})) | visits.get(case.pk, {}) | covered.get(case.pk, {}) for case in cases]


def _firsts(cases: Iterable[Case]) -> dict[int, dict[str, CaseEvent]]:
    """The first event of each type that a case row does not tell of: a reply, a visit, a reopening."""
    wanted = CaseEvent.objects.filter(case__in=cases, type__in=("responded", "visit_start", "reopened"), template=False)
    found: dict[int, dict[str, CaseEvent]] = {}
    for event in wanted.select_related("actor").order_by("case_id", "seq"):
        found.setdefault(event.case_id, {}).setdefault(event.type, event)
    return found


def _planned(cases: Iterable[Case]) -> dict[int, Record]:
    """The first appointment of each case that was not called off, and whether the customer asked for a later date."""
    found: dict[int, Record] = {}
    for visit in Visit.objects.filter(case__in=cases).order_by("case_id", "number"):
        window = found.setdefault(visit.case_id, {"appt_start": None, "appt_end": None})
        if visit.cancelled_at is None and window["appt_start"] is None:
            window |= {"appt_start": seconds(visit.window_start), "appt_end": seconds(visit.window_end)}
    for moved in VisitMove.objects.filter(visit__case__in=cases, why=Mover.CUSTOMER).select_related("visit"):
        found.setdefault(moved.visit.case_id, {})["customer_postponed"] = True
    return found


def _case(case: Case, first: dict[str, CaseEvent]) -> Record:
    product = case.product or (case.device.product if case.device else None)
    category, fault = case.category, case.fault_code
    return {
        "case_id": case.number, "title": case.title, "channel": case.channel or None,
        "case_type": case.case_type or None, "category": category.key if category else None,
        "difficulty": case.difficulty if case.difficulty is not None else category.difficulty if category else None,
        "standard_minutes": category.standard_minutes if category else None, "priority": case.priority or None,
        "customer_id": case.customer.number if case.customer else None,
        "device_id": case.device.serial if case.device else None, "unit_id": key(case.team),
        "product": product.code if product else None, "region": case.region or None,
        "contract": _contract(case), "in_warranty": None,
        "opened_at": seconds(case.opened_at), "assigned_at": seconds(case.assigned_at),
        "accepted_at": seconds(case.accepted_at), "first_response_at": seconds(case.first_response_at),
        "first_responder": number(first["responded"].actor) if "responded" in first else None,
        "on_site_at": _at(first.get("visit_start")), "resolved_at": seconds(case.resolved_at),
        "closed_at": seconds(case.closed_at), "reopened_at": _at(first.get("reopened")),
        "cancelled_at": seconds(case.cancelled_at), "owner": number(case.owner), "status": case.state,
        "is_test": case.is_test, "duplicate_of": case.duplicate_of.number if case.duplicate_of else None,
        "resolution_code": case.resolution_code or None, "root_cause": case.root_cause or None,
        "fault_code": fault.code if fault else None, "fault_group": (fault.group or None) if fault else None,
    }  # fmt: skip


def _at(event: CaseEvent | None) -> int | None:
    return seconds(event.at) if event else None


def _contract(case: Case) -> str | None:
    policy = terms().named(case.policy, opened_at=case.opened_at) if case.policy else None
    return policy.contract if policy else None


def _in_warranty(cases: Iterable[Case]) -> dict[int, Record]:
    """Whether the device of each case was in warranty on the day of the request; ``None`` where nobody knows."""
    days = [(case, case.device, terms().day(case.opened_at)) for case in cases if case.device]
    known = covers((device, day) for _, device, day in days)
    states = {case.pk: known[device.pk, day].state for case, device, day in days}
    return {pk: {"in_warranty": None if state is Cover.UNKNOWN else state is Cover.IN} for pk, state in states.items()}


def event_rows(numbers: Collection[str]) -> list[Record]:
    """All events of the cases of these numbers."""
    named = ("case", "actor", "to_person", "from_team", "to_team")
    found = CaseEvent.objects.filter(case__number__in=numbers).select_related(*named).order_by("case__number", "seq")
    return [_event(case, event) for case, events in groupby(found, lambda each: each.case.number) for event in events]


def _event(case: str, event: CaseEvent) -> Record:
    return {
        "case_id": case, "seq": event.seq, "at": seconds(event.at), "recorded_at": seconds(event.recorded_at),
        "type": event.type, "activity": event.activity or None, "kind": event.kind or None,
        "actor": number(event.actor), "to_person": number(event.to_person), "from_unit": key(event.from_team),
        "to_unit": key(event.to_team), "wrong": event.wrong, "self_picked": event.self_picked,
        "template": event.template, "source": event.source or None,
    }  # fmt: skip
