"""Events, people and plain values of a case in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from fuxiao.report.figures import number
from fuxiao.web.words import t

EVENTS = {
    "created": ("受理", "Opened"), "assigned": ("派工", "Dispatched"), "accepted": ("接单", "Accepted"),
    "responded": ("回复客户", "Answered the customer"), "transferred": ("转派", "Transferred"),
    "pend_start": ("挂起", "Paused"), "pend_end": ("恢复", "Resumed"), "visit_start": ("上门开始", "Visit began"),
    "visit_end": ("上门结束", "Visit ended"), "resolved": ("解决", "Resolved"), "closed": ("结案", "Closed"),
    "reopened": ("重开", "Reopened"), "merged": ("合并", "Merged"), "recoded": ("改类", "Recoded"),
    "contacted": ("联系客户", "Contact"), "escalated": ("升级", "Escalated"), "cancelled": ("取消", "Cancelled"), "other": ("其他", "Other"),
}  # fmt: skip


def event_word(kind: str) -> str:
    return t(*EVENTS.get(kind, EVENTS["other"]))


def named(key: object, names: Mapping[str, str]) -> str:
    return "" if key is None else names.get(str(key), str(key))


def plain(value: object) -> str:
    if isinstance(value, bool):
        return t("是", "Yes") if value else t("否", "No")
    return number(value.normalize()) if isinstance(value, Decimal) else "" if value is None else str(value)
