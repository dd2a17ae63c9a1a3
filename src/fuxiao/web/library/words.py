"""Words of the indicator builder."""

from __future__ import annotations

from collections.abc import Mapping

from fuxiao.web.metrics.definition import CREDITS
from fuxiao.web.words import t

CREDIT_WORDS: Mapping[str, tuple[str, str]] = CREDITS
OPERATORS: Mapping[str, tuple[str, str]] = {
    "yes": ("为是", "is true"), "no": ("为否", "is false"), "known": ("有值", "is known"), "unknown": ("为空", "is empty"),
    "=": ("等于", "is"), "!=": ("不等于", "is not"), "in": ("是其中之一", "is one of"), "starts": ("开头是", "begins with"),
    ">": ("大于", "above"), ">=": ("不低于", "at least"), "<": ("低于", "below"), "<=": ("不超过", "at most"),
    "between": ("介于（a - b）", "between (a - b)"),
}  # fmt: skip
STATISTICS: Mapping[str, tuple[str, str]] = {
    "ratio": ("占比：符合条件的占多少", "Share: how many of them"), "count": ("条数", "Count"), "sum": ("合计", "Sum"),
    "mean": ("平均", "Mean"), "median": ("中位数", "Median"), "p90": ("第 90 百分位", "90th percentile"),
}  # fmt: skip
UNITS: Mapping[str, tuple[str, str]] = {
    "percent": ("百分比 %", "per cent"), "count": ("个数", "count"), "minutes": ("分钟", "minutes"), "hours": ("小时", "hours"),
    "days": ("天", "days"), "money": ("金额", "money"), "points": ("分", "points"), "share": ("比值", "ratio"),
}  # fmt: skip


def worded(table: Mapping[str, tuple[str, str]]) -> list[tuple[str, str]]:
    return [(code, t(*words)) for code, words in table.items()]
