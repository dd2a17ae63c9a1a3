"""What a value must fulfil beyond its type: a possible date, a place in a range, an order of moments."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from fuxiao.datasets.importing import sql
from fuxiao.datasets.importing.mapping import MADE_KEYS
from fuxiao.engine import schema
from fuxiao.engine.schema import Column, Type

FIRST_MOMENT = int(datetime(1990, 1, 1, tzinfo=UTC).timestamp())
FIRST_DAY = (date(1940, 1, 1) - date(1970, 1, 1)).days
LAST_DAY = (date(2200, 1, 1) - date(1970, 1, 1)).days
YEAR = 366
LATER = ("warranty_end", "valid_to", "return_due_at", "due_at", "appt_start", "appt_end", "window_start", "window_end")
"""What may lie more than a year ahead."""
RANGES: Mapping[tuple[str, str], tuple[int, int]] = {
    ("surveys", "csat"): (1, 5),
    ("surveys", "nps"): (0, 10),
    ("surveys", "ces"): (1, 7),
    ("checks", "score"): (0, 100),
    ("case_events", "seq"): (0, 2**31),
    ("visits", "visit_no"): (1, 10_000),
    ("cases", "contacts"): (0, 100_000),
    ("cases", "handle_seconds"): (0, 10**8),
    ("cases", "standard_minutes"): (0, 10**6),
    ("cases", "difficulty"): (0, 10**6),
    ("visits", "travel_min"): (0, 10**5),
    ("visits", "work_min"): (0, 10**5),
    ("attendance", "scheduled_min"): (0, 1440),
    ("attendance", "paid_min"): (0, 1440),
    ("attendance", "available_min"): (0, 1440),
    ("attendance", "handle_min"): (0, 1440),
    ("attendance", "training_min"): (0, 1440),
}
TOTAL = (
    r"(?i)((本页|本月|全部)?[合小总共累]\s*[计計]|(grand |sub-?)?totals?|summe|gesamt|zwischensumme)"
    r"(\s*[(（][^()（）]*[)）])?"
)
"""What the first filled cell of a row says that adds up the others."""
NOTE = (
    r"(?i)(制表|填表|制单|审核|复核|审批|批准|打印|导出|统计|生成|填报|主管|负责)(人|员|人员|时间|日期|单位)?\s*[:：].*"
    r"|(备注|说明|注|提示)\s*[:：].*|[共计合]+\s*[\d,]+\s*[条行笔单个].*"
    r"|(#|//)\s.*|(notes?|source|generated|exported|printed|prepared|downloaded)\b.*:.*|(copyright|confidential)\b.*"
)
"""What the first filled cell of a row says that stands below a table: who made it, when, how many rows it has."""
APART: Mapping[str, str] = {"total_row": rf"({TOTAL})[\"':： ]*([,;|\t].*)?", "note_row": NOTE}
"""The codes of rows that are no records and lack nothing, and what a line says that is one."""
CUT = "case_id"
"""The column of numbers that a spreadsheet may have cut short, as 1.2E+11: that is the number of no case."""
ORDER: Mapping[str, Mapping[str, str]] = {
    "cases": {
        **dict.fromkeys(
            ("assigned_at", "accepted_at", "first_response_at", "on_site_at",
             "resolved_at", "closed_at", "reopened_at", "cancelled_at"),
            "opened_at",
        ),
        "appt_end": "appt_start",
    },
    "visits": {"left_at": "arrived_at", "window_end": "window_start"},
    "surveys": {"answered_at": "invited_at"},
    "complaints": {"acknowledged_at": "received_at", "resolved_at": "received_at"},
    "part_lines": {"issued_at": "requested_at", "old_part_returned_at": "requested_at"},
    "devices": {"warranty_end": "warranty_start"},
    "people": {"left_on": "hired_on"},
    "memberships": {"valid_to": "valid_from"},
}  # fmt: skip
"""For each dataset the columns that may not come before another one; the later one is left out where it does."""

AFTERWARDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "cases": {
        **dict.fromkeys(
            ("assigned_at", "accepted_at", "first_response_at", "on_site_at"), ("resolved_at", "closed_at")
        ),
        "resolved_at": ("closed_at",),
    },
}
"""For each dataset what a moment of which only the day is told comes before, where that tells its time."""


def impossible(dataset: str, column: Column, value: str, at: datetime) -> str:
    """The condition under which a value of the right type cannot be true; empty where every value can."""
    if column.name == CUT:
        return f"contains({value}, '+') and regexp_full_match({value}, '[0-9]([.][0-9]+)?[eE][+][0-9]+')"
    bounds = RANGES.get((dataset, column.name))
    if bounds:
        return f"{value} not between {bounds[0]} and {bounds[1]}"
    today = int(at.timestamp()) // 86400
    if column.type is Type.MOMENT:
        last = LAST_DAY if column.name in LATER else today + YEAR
        return f"{value} not between {FIRST_MOMENT} and {last * 86400}"
    if column.type is Type.DAY:
        last = LAST_DAY if column.name in LATER else today + YEAR
        return f"{value} not between {FIRST_DAY} and {last}"
    return ""


def out_of_order(dataset: str, column: str, values: Mapping[str, str]) -> str:
    """The condition under which the column comes before the one it must follow; empty where there is no rule."""
    earlier = ORDER.get(dataset, {}).get(column)
    if earlier is None or earlier not in values or column not in values:
        return ""
    return f"{values[column]} < {values[earlier]}"


def code_of_bad(column: Column) -> str:
    """The reason code of a text that is not of the column's type."""
    return "unknown_value" if column.values else f"bad_{column.type}"


def code_of_impossible(column: Column) -> str:
    if column.name == CUT:
        return "cut_number"
    return "impossible_date" if column.type in {Type.MOMENT, Type.DAY} else "out_of_range"


def made_key(dataset: str, line: str) -> str:
    """A key from the case number: the second record of case 7 is ``7-2``; the order is that of the file."""
    n = f"row_number() over (partition by case_id order by {line})"
    return f"case when {n} = 1 then case_id else case_id || '-' || {n} end as {sql.name(MADE_KEYS[dataset])}"


def key_of(dataset: str) -> tuple[str, ...]:
    return schema.dataset(dataset).key
