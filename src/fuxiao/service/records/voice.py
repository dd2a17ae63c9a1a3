"""Surveys, complaints and checks as records."""

from __future__ import annotations

from collections.abc import Collection

from fuxiao.service.models import Check, Complaint, Survey
from fuxiao.service.records.shape import Record, key, number, seconds


def survey_rows(numbers: Collection[str]) -> list[Record]:
    """The surveys of these numbers that reached the customer."""
    found = Survey.objects.filter(number__in=numbers, sent_at__isnull=False)
    return [
        {
            "survey_id": each.number, "case_id": each.case.number, "invited_at": seconds(each.sent_at),
            "delivered": True, "answered_at": seconds(each.answered_at), "csat": each.csat, "nps": each.nps,
            "ces": each.ces, "solved": each.solved, "about_person": number(each.about),
            "source_ip": each.source_ip or None,
        }
        for each in found.select_related("case", "about").order_by("number")
    ]  # fmt: skip


def complaint_rows(numbers: Collection[str]) -> list[Record]:
    named = ("case", "owner", "cause_person", "cause_team", "repeat_of")
    return [
        {
            "complaint_id": each.number, "case_id": each.case.number if each.case else None,
            "received_at": seconds(each.received_at), "acknowledged_at": seconds(each.acknowledged_at),
            "resolved_at": seconds(each.resolved_at), "confirmed": each.confirmed, "validity": str(each.validity),
            "severity": str(each.severity), "channel": str(each.channel), "owner": number(each.owner),
            "cause_person": number(each.cause_person), "cause_unit": key(each.cause_team),
            "repeat_of": each.repeat_of.number if each.repeat_of else None,
        }
        for each in Complaint.objects.filter(number__in=numbers).select_related(*named).order_by("number")
    ]  # fmt: skip


def check_rows(numbers: Collection[str]) -> list[Record]:
    """The checks of these numbers; a repeated one compares checkers and does not count."""
    found = Check.objects.filter(number__in=numbers, again__isnull=True)
    return [
        {
            "check_id": each.number, "case_id": each.case.number, "person": each.person.number,
            "checked_at": seconds(each.checked_at), "checker": number(each.checker) or each.checker_name,
            "score": each.score, "critical": each.critical or None, "sampling": str(each.sampling), "kind": "case",
            "passed": each.passed,
        }
        for each in found.select_related("case", "person", "checker").order_by("number")
    ]  # fmt: skip
