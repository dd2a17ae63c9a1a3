"""Visits, parts and costs as records: what came to something. Plans and requests that may still be taken back wait."""

from __future__ import annotations

from collections.abc import Collection

from fuxiao.service.models import Cost, CostState, PartLine, Visit
from fuxiao.service.records.shape import Record, key, number, seconds


def visit_rows(cases: Collection[str]) -> list[Record]:
    """The visits of the cases of these numbers on which somebody came."""
    found = Visit.objects.filter(case__number__in=cases, arrived_at__isnull=False, cancelled_at__isnull=True)
    return [
        {
            "case_id": each.case.number, "visit_no": each.number, "engineer": each.engineer.number,
            "window_start": seconds(each.window_start), "window_end": seconds(each.window_end),
            "arrived_at": seconds(each.arrived_at), "left_at": seconds(each.left_at), "travel_min": each.travel_min,
            "work_min": each.work_min, "outcome": each.outcome or None, "distance_m": each.distance_m,
            "diagnosed_by": number(each.diagnosed_by),
        }
        for each in found.select_related("case", "engineer", "diagnosed_by").order_by("case__number", "number")
    ]  # fmt: skip


def part_line_rows(numbers: Collection[str]) -> list[Record]:
    """The lines of these numbers that were issued or had to be ordered; those that were withdrawn later say so."""
    named = ("case", "part", "requested_by", "picker", "location__team")
    found = PartLine.objects.filter(number__in=numbers).exclude(filled_from="")
    return [
        {
            "line_id": each.number, "case_id": each.case.number, "part_no": each.part.number, "qty": each.qty,
            "requested_at": seconds(each.requested_at), "requested_by": number(each.requested_by),
            "issued_at": seconds(each.issued_at), "filled_from": each.filled_from, "picker": number(each.picker),
            "correct": each.correct, "return_due_at": seconds(each.return_due_at),
            "old_part_returned_at": seconds(each.old_part_returned_at),
            "unit_id": key(each.location.team) if each.location else None,
            "cancelled_at": seconds(each.cancelled_at), "wrong_reason": each.wrong_kind or None,
        }
        for each in found.select_related(*named).order_by("number")
    ]  # fmt: skip


def cost_rows(numbers: Collection[str]) -> list[Record]:
    """The costs of these numbers that are approved."""
    found = Cost.objects.filter(number__in=numbers, state=CostState.APPROVED)
    return [
        {
            "cost_id": each.number, "case_id": each.case.number, "spent_at": seconds(each.spent_at),
            "kind": each.kind, "amount": each.amount, "policy_limit": each.policy_limit,
            "proposed_by": number(each.proposed_by), "approved_by": number(each.approved_by),
            "exception": each.exception, "in_warranty": each.in_warranty, "due_at": seconds(each.due_at),
            "done_at": seconds(each.done_at), "value_band": each.value_band or None,
        }
        for each in found.select_related("case", "proposed_by", "approved_by").order_by("number")
    ]  # fmt: skip
