"""What the fields of audit entries are called, and how their codes read, beyond people and teams."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fuxiao.base.wording import say
from fuxiao.core.cycle import Step
from fuxiao.web.desk.labels import PAUSES
from fuxiao.web.performance.presenters import APPEAL_KINDS, APPEAL_STATES, STEPS
from fuxiao.web.schemes.wording import event_name
from fuxiao.web.templatetags.numbers import moment
from fuxiao.web.voice.words import CHANNELS, CRITICAL, SEVERITIES, VALIDITIES
from fuxiao.web.words import language, later, t

FIELDS: Mapping[str, Any] = {
    "actions": later("约定的行动", "Agreed actions"), "amount": later("金额（分）", "Amount in minor units"),
    "amounts_applied": later("已计入的金额填写", "Amounts taken into account"),
    "applied": later("已计入的裁定", "Rulings taken into account"), "arrived_at": later("到场", "Arrived"), "as_of": later("数据截至", "Data as of"),
    "balance": later("结存", "Balance"), "calculation": later("第几次计算", "Calculation"),
    "case_type": later("工单类型", "Case type"), "cases": later("工单数", "Cases"),
    "category": later("类别", "Category"), "channel": later("渠道", "Channel"), "clock": later("时限", "Clock"),
    "contract": later("合同", "Contract"),
    "computed_at": later("算出", "Computed"), "count": later("数量", "Count"), "critical": later("致命差错", "Critical error"),
    "csat": later("满意度", "Satisfaction"), "ces": later("费力度", "Effort"), "nps": later("推荐意愿", "Recommendation"),
    "criteria": later("评分项", "Criteria"), "days": later("天数", "Days"), "drawn": later("抽中", "Drawn"),
    "among": later("从多少中抽", "Drawn among"), "due_at": later("到期", "Due"), "diagnosed_by": later("诊断人", "Diagnosed by"), "engineer": later("工程师", "Engineer"),
    "escalate_to": later("升级到", "Escalated to"),
    "final_at": later("定案", "Final"), "final_by": later("定案人", "Made final by"), "from": later("发出库位", "From"),
    "kind": later("类别", "Kind"),
    "name": later("名称", "Name"), "held_on": later("面谈日", "Held on"), "indicator": later("指标", "Indicator"), "left_out": later("剔除", "Left out"),
    "level": later("级别", "Level"), "limit": later("限额（分）", "Limit in minor units"), "minimum": later("最低库存", "Minimum"),
    "missed": later("超时以后", "Once missed"),
    "objection": later("异议", "Objection"), "order": later("顺序", "Order"), "owner": later("责任人", "Owner"),
    "panel": later("评分的同事", "Colleagues who rate"),
    "part": later("备件", "Part"), "pass_mark": later("合格线", "Pass mark"), "policy": later("服务级别", "Service level"),
    "pools": later("奖金池", "Bonus pools"), "price": later("单价（分）", "Price in minor units"), "priority": later("优先级", "Priority"),
    "product": later("型号", "Product"), "qty": later("数量", "Quantity"),
    "reviewer": later("评价人", "Reviewer"),
    "return_days": later("旧件返还天数", "Days until the old part is due"), "sampling": later("抽样", "Sampling"),
    "scheme": later("方案", "Scheme"), "score": later("得分", "Score"), "seal": later("封存摘要", "Seal"),
    "sealed_at": later("封存", "Sealed"), "seed": later("种子", "Seed"), "severity": later("严重程度", "Severity"),
    "shared_on": later("公布日", "Shared on"), "solved": later("是否解决", "Solved"), "state": later("状态", "State"),
    "step": later("步骤", "Step"), "tell_lead": later("通知班组长", "The lead is told"), "strengths": later("做得好的", "Strengths"), "text": later("内容", "Text"),
    "validity": later("判责", "Verdict"), "warranty_months": later("质保月数", "Months of warranty"),
    "weaknesses": later("要改进的", "To work on"), "why": later("原因", "Reason"),
    "window_start": later("预约开始", "Window from"), "window_end": later("预约结束", "Window until"),
    "window_ends": later("申诉截止", "Appeals until"), "zh": later("中文名", "Name in Chinese"),
}  # fmt: skip
CODES: Mapping[str, str] = {
    "clock": "clock", "state": "case_state", "outcome": "visit_outcome", "service.cost.kind": "cost_kind",
    "service.cost.state": "cost_state", "service.location.kind": "filled_from", "service.part.kind": "stock_move",
}  # fmt: skip
"""Fields whose values are codes, of one kind of record before those of all, and the words they are said by."""
CHOICES: Mapping[str, Mapping[str, Any]] = {
    "service.case.why": PAUSES, "service.check.critical": dict(CRITICAL), "service.complaint.channel": dict(CHANNELS),
    "service.complaint.severity": dict(SEVERITIES),
    "service.complaint.validity": dict(VALIDITIES) | {"pending": later("待判责", "undecided")},
    "service.check.sampling": {"random": later("随机", "random"), "targeted": later("定向", "targeted")},
    "appeal.kind": {code: later(*words) for code, words in APPEAL_KINDS.items()},
    "appeal.state": {code: later(zh, en) for code, (zh, en, _) in APPEAL_STATES.items()},
}  # fmt: skip
"""Fields of one kind of record whose values are chosen from a list of its pages."""


def read(kind: str, name: str, value: str) -> str:
    """A value as people read it: codes in words, moments in the organisation's zone, everything else as it is."""
    if name == "step" and value in list(Step):
        return t(*STEPS[Step(value)])
    if name == "score_event":
        return event_name(value)
    full = f"{kind}.{name}"
    if full in CHOICES:
        return str(CHOICES[full].get(value, value))
    family = CODES.get(full) or CODES.get(name)
    if family:
        return _said(f"{family}.{value}", value)
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
