"""A small department whose facts can be worked out by hand: cases, events and all that hangs on them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from facts_world import at

DAY = at("1970-01-02 08:00")  # 86,400: a whole day
CUT_OFF = at("2026-10-31 18:00")
SERVICE_LEVELS = """
policies:
- {key: all, calendar: desk, first_response_minutes: 60, resolution_minutes: 540}
- {key: gold, calendar: desk, contract: gold, resolution_minutes: 120, valid_to: 2026-10-20}
"""


def day(text: str) -> int:
    return at(f"{text} 12:00") // 86_400


def event(case: str, seq: int, when: str, what: str, **more: Any) -> dict[str, Any]:
    return {"case_id": case, "seq": seq, "at": at(when), "type": what, **more}


CASES = [
    # The worked example of business time: opened on Friday 17:30, first answered on Monday 09:20.
    {"case_id": "weekend", "opened_at": at("2026-10-09 17:30"), "first_response_at": at("2026-10-12 09:20"),
     "first_responder": "li", "owner": "wang", "resolved_at": at("2026-10-12 10:00"),
     "closed_at": at("2026-10-13 10:00"),
     "unit_id": "north", "device_id": "D1", "customer_id": "K1", "category": "fridge", "difficulty": Decimal(2),
     "contacts": 1, "contract": "gold", "standard_minutes": Decimal(30)},
    {"case_id": "paused", "opened_at": at("2026-10-09 17:30"), "device_id": "D1", "fault_group": "fridge"},
    {"case_id": "again", "opened_at": at("2026-10-14 09:00"), "device_id": "D1", "customer_id": "K1",
     "category": "fridge", "contract": "gold", "owner": "wang"},
    {"case_id": "late", "opened_at": at("2026-10-28 09:00"), "first_response_limit": Decimal("0.5"),
     "resolution_limit": Decimal(60), "first_response_at": at("2026-10-28 09:00") + 30, "unit_id": "south"},
    {"case_id": "columns", "opened_at": at("2026-10-19 09:00"), "resolved_at": at("2026-10-19 15:00"),
     "reopened_at": at("2026-10-19 12:00"), "owner": "li", "first_contact_solved": True},
    {"case_id": "undone", "opened_at": at("2026-10-19 09:00"), "resolved_at": at("2026-10-19 10:00"),
     "closed_at": at("2026-10-19 11:00"), "reopened_at": at("2026-10-19 12:00"), "owner": "li"},
    {"case_id": "spam", "opened_at": at("2026-10-19 09:00"), "is_spam": True, "device_id": "D1"},
    {"case_id": "double", "opened_at": at("2026-10-19 09:00"), "duplicate_of": "columns"},
    {"case_id": "gone", "opened_at": at("2026-10-19 09:00"), "cancelled_at": at("2026-10-19 10:00"),
     "is_force_majeure": True, "customer_postponed": True, "is_bot_only": True},
    {"case_id": "later", "opened_at": at("2026-11-02 09:00")},
    {"case_id": "future", "opened_at": at("2026-10-29 09:00"), "resolved_at": at("2026-11-02 09:00")},
    {"case_id": "exact", "opened_at": at("2026-10-30 09:00")},
]  # fmt: skip
EVENTS = [
    event("paused", 1, "2026-10-09 17:31", "assigned", actor="boss", to_person="li", to_unit="desk"),
    event("paused", 2, "2026-10-12 09:05", "pend_start", kind="customer", actor="li"),
    event("paused", 3, "2026-10-12 09:15", "pend_end", kind="customer", actor="li"),
    event("paused", 4, "2026-10-12 09:18", "responded", actor="robot", template=True),
    event("paused", 5, "2026-10-12 09:20", "responded", actor="li"),
    event("paused", 6, "2026-10-12 10:20", "transferred", actor="li", to_person="wang", to_unit="field", wrong=True),
    event("paused", 7, "2026-10-12 13:20", "contacted", actor="wang"),
    event("paused", 8, "2026-10-12 14:20", "transferred", actor="wang", to_unit="desk"),
    event("paused", 9, "2026-10-12 14:50", "accepted", actor="li"),
    event("paused", 10, "2026-10-12 15:00", "escalated", actor="li"),
    event("paused", 11, "2026-10-12 16:20", "resolved", actor="li"),
    event("paused", 12, "2026-10-13 16:20", "closed", actor="boss"),
    event("late", 1, "2026-10-28 09:10", "transferred", actor="zhao", to_person="chen", from_unit="store"),
    event("late", 2, "2026-10-28 09:20", "transferred", actor="boss", to_person="li"),
    event("again", 1, "2026-10-15 09:00", "responded", actor="li"),
]
OTHERS = {
    "memberships": [
        {"person": "li", "team": "desk1", "role": "agent", "valid_from": day("2026-01-01"),
         "valid_to": day("2026-10-12")},
        {"person": "li", "team": "desk2", "role": "agent", "valid_from": day("2026-10-12")},
        {"person": "wang", "team": "field1", "role": "engineer", "valid_from": day("2026-01-01")},
        {"person": "wang", "team": "field2", "role": "engineer", "valid_from": day("2026-10-13")},
    ],
    "teams": [
        {"team": "all"}, {"team": "desk", "parent": "all"}, {"team": "desk1", "parent": "desk"},
        {"team": "x", "parent": "y"}, {"team": "y", "parent": "x"},
    ],
    "visits": [
        {"case_id": "weekend", "visit_no": 1, "engineer": "wang", "window_start": at("2026-10-12 10:00"),
         "window_end": at("2026-10-12 11:00"), "arrived_at": at("2026-10-12 11:15"), "outcome": "fixed"},
        {"case_id": "again", "visit_no": 1, "engineer": "wang", "window_start": at("2026-10-15 10:00"),
         "arrived_at": at("2026-10-15 10:16"), "outcome": "no_access"},
        {"case_id": "again", "visit_no": 2, "engineer": "li", "arrived_at": at("2026-10-16 10:16"), "outcome": "fixed"},
        {"case_id": "columns", "visit_no": 1, "engineer": "li", "window_start": at("2026-10-19 10:00"),
         "outcome": "parts_needed"},
        {"case_id": "again", "visit_no": 3, "engineer": "li", "arrived_at": at("2026-11-16 10:16")},
    ],
    "surveys": [
        {"survey_id": "s1", "case_id": "weekend", "invited_at": at("2026-10-12 11:00"),
         "answered_at": at("2026-10-12 11:30"), "csat": 5},
        {"survey_id": "s2", "case_id": "paused", "invited_at": at("2026-10-30 11:00"), "delivered": False,
         "answered_at": at("2026-11-01 11:30"), "about_person": "zhao"},
        {"survey_id": "s3", "case_id": "paused", "invited_at": at("2026-11-01 11:00")},
    ],
    "complaints": [
        {"complaint_id": "k1", "case_id": "weekend", "received_at": at("2026-10-13 09:00"),
         "acknowledged_at": at("2026-10-14 09:00"), "resolved_at": at("2026-10-20 09:01"), "validity": "valid",
         "cause_person": "li", "channel": "12315", "owner": "wang"},
        {"complaint_id": "k2", "received_at": at("2026-10-31 09:00"), "validity": "invalid", "cause_person": "li",
         "cause_unit": "desk"},
        {"complaint_id": "k3", "received_at": at("2026-10-13 09:00"), "cause_person": "li", "repeat_of": "k1"},
    ],
    "checks": [
        {"check_id": "q1", "person": "li", "checked_at": at("2026-10-11 09:00"), "score": Decimal("91.5"),
         "sampling": "random"},
        {"check_id": "q2", "person": "ghost", "case_id": "weekend", "checked_at": at("2026-10-12 09:00"),
         "sampling": "targeted"},
    ],
    "costs": [
        {"cost_id": "m1", "case_id": "weekend", "spent_at": at("2026-10-12 09:00"), "kind": "parts", "amount": 9000,
         "policy_limit": 5000, "approved_by": "li", "due_at": at("2026-10-14 09:00"), "done_at": at("2026-10-14 09:00"),
         "in_warranty": True},
        {"cost_id": "m2", "case_id": "weekend", "spent_at": at("2026-10-12 09:00"), "kind": "refund", "amount": 9000,
         "policy_limit": 5000, "exception": True, "due_at": at("2026-10-14 09:00")},
        {"cost_id": "m3", "case_id": "weekend", "spent_at": at("2026-10-12 09:00"), "kind": "labour", "amount": 100,
         "due_at": at("2026-12-14 09:00")},
    ],
    "part_lines": [
        {"line_id": "p1", "case_id": "weekend", "part_no": "a", "requested_at": at("2026-10-09 17:00"),
         "issued_at": at("2026-10-12 09:30"), "filled_from": "van", "picker": "wang", "requested_by": "li",
         "return_due_at": at("2026-10-20 09:00"), "old_part_returned_at": at("2026-10-21 09:00")},
        {"line_id": "p2", "part_no": "a", "requested_at": at("2026-10-09 17:00"), "filled_from": "central",
         "unit_id": "store", "return_due_at": at("2026-10-20 09:00")},
        {"line_id": "p3", "part_no": "a", "requested_at": at("2026-10-09 17:00"),
         "return_due_at": at("2026-11-20 09:00")},
    ],
    "attendance": [
        {"person": "wang", "date": day("2026-10-12"), "available_min": Decimal(480)},
        {"person": "li", "date": day("2026-10-12"), "available_min": Decimal(0)},
    ],
    "people": [{"person": "li"}],
    "counters": [
        {"counter": "chat", "subject": "li", "date": day("2026-10-12"), "numerator": Decimal(9)},
        {"counter": "calls", "subject": "hotline", "date": day("2026-10-12")},
    ],
}  # fmt: skip
