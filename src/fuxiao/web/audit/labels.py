"""What the fields of audit entries are called, and how their codes read, beyond people and teams."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fuxiao.base.wording import say
from fuxiao.core.cycle import Step
from fuxiao.web.performance.presenters import STEPS
from fuxiao.web.schemes.wording import event_name
from fuxiao.web.templatetags.numbers import moment
from fuxiao.web.words import language, later, t

FIELDS: Mapping[str, Any] = {
    "actions": later("约定的行动", "Agreed actions"), "amount": later("金额（分）", "Amount in minor units"),
    "arrived_at": later("到场", "Arrived"), "as_of": later("数据截至", "Data as of"),
    "balance": later("结存", "Balance"), "calculation": later("第几次计算", "Calculation"),
    "case_type": later("工单类型", "Case type"), "cases": later("工单数", "Cases"),
    "category": later("类别", "Category"), "channel": later("渠道", "Channel"), "clock": later("时限", "Clock"),
    "computed_at": later("算出", "Computed"), "count": later("数量", "Count"), "critical": later("致命差错", "Critical error"),
    "csat": later("满意度", "Satisfaction"), "ces": later("费力度", "Effort"), "nps": later("推荐意愿", "Recommendation"),
    "criteria": later("评分项", "Criteria"), "days": later("天数", "Days"), "drawn": later("抽中", "Drawn"),
    "among": later("从多少中抽", "Drawn among"), "due_at": later("到期", "Due"), "diagnosed_by": later("诊断人", "Diagnosed by"), "engineer": later("工程师", "Engineer"),
    "final_at": later("定案", "Final"), "final_by": later("定案人", "Made final by"), "from": later("发出库位", "From"),
    "kind": later("类别", "Kind"),
    "name": later("名称", "Name"), "held_on": later("面谈日", "Held on"), "indicator": later("指标", "Indicator"), "left_out": later("剔除", "Left out"),
    "limit": later("限额（分）", "Limit in minor units"), "minimum": later("最低库存", "Minimum"),
    "objection": later("异议", "Objection"), "order": later("顺序", "Order"), "owner": later("责任人", "Owner"),
    "panel": later("评分的同事", "Colleagues who rate"),
    "part": later("备件", "Part"), "pass_mark": later("合格线", "Pass mark"), "policy": later("服务级别", "Service level"),
    "price": later("单价（分）", "Price in minor units"), "priority": later("优先级", "Priority"),
    "product": later("型号", "Product"), "qty": later("数量", "Quantity"),
    "reviewer": later("评价人", "Reviewer"),
    "return_days": later("旧件返还天数", "Days until the old part is due"), "sampling": later("抽样", "Sampling"),
    "scheme": later("方案", "Scheme"), "score": later("得分", "Score"), "seal": later("封存摘要", "Seal"),
    "sealed_at": later("封存", "Sealed"), "seed": later("种子", "Seed"), "severity": later("严重程度", "Severity"),
    "shared_on": later("公布日", "Shared on"), "solved": later("是否解决", "Solved"), "state": later("状态", "State"),
    "step": later("步骤", "Step"), "strengths": later("做得好的", "Strengths"), "text": later("内容", "Text"),
    "validity": later("判责", "Verdict"), "warranty_months": later("质保月数", "Months of warranty"),
    "weaknesses": later("要改进的", "To work on"), "why": later("原因", "Reason"),
    "window_start": later("预约开始", "Window from"), "window_end": later("预约结束", "Window until"),
    "window_ends": later("申诉截止", "Appeals until"), "zh": later("中文名", "Name in Chinese"),
}  # fmt: skip
CODES = {"clock": "clock", "state": "case_state"}
"""Fields whose values are codes, and the words they are said by."""


def read(name: str, value: str) -> str:
    """A value as people read it: codes in words, moments in the organisation's zone, everything else as it is."""
    if name == "step" and value in list(Step):
        return t(*STEPS[Step(value)])
    if name == "score_event":
        return event_name(value)
    if name in CODES:
        return _said(f"{CODES[name]}.{value}", value)
    if len(value) > len("2026-01-01") and value[:4].isdecimal():
        return _moment(value)
    return value


def _said(key: str, value: str) -> str:
    said = say(key, language())
    return value if said == key else said


def _moment(value: str) -> str:
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return value
    return moment(at) if at.tzinfo else value
