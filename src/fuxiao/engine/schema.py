"""Contracts of the canonical datasets: what a service record is, column by column.

Types in the lake (the same digits on every engine):

    text     string
    moment   int64, whole seconds since 1970-01-01T00:00:00Z (an instant; fractions of a second are cut off)
    day      int32, days since 1970-01-01 of a *local* calendar day
    integer  int64
    number   decimal(18, 4)
    money    int64, minor units of the company's currency (分)
    flag     boolean

Columns a file brings beyond the contract are kept as text dimensions under their own name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from fuxiao.core.errors import UnknownName

VERSION = 1
"""Version of the contracts; raised when a column changes its meaning."""


class Type(StrEnum):
    TEXT = "text"
    MOMENT = "moment"
    DAY = "day"
    INTEGER = "integer"
    NUMBER = "number"
    MONEY = "money"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a contract: its type, what it means, and for text the values it may take (empty: any)."""

    name: str
    type: Type
    zh: str
    en: str
    values: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Dataset:
    """A canonical dataset: its key (a row with the same key is a newer version of the same record) and columns."""

    name: str
    zh: str
    en: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """The column of that name; ``UnknownName`` with near names where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise UnknownName("column", name, self.names())

    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


EVENT_TYPES = (
    "created", "assigned", "accepted", "responded", "contacted", "transferred", "escalated", "pend_start", "pend_end",
    "visit_start", "visit_end", "resolved", "closed", "reopened", "cancelled", "merged", "recoded", "other",
)  # fmt: skip
PAUSE_KINDS = ("customer", "parts", "third_party")
VISIT_OUTCOMES = (
    "fixed",
    "parts_needed",
    "wrong_diagnosis",
    "no_fault_found",
    "no_access",
    "customer_refused",
)
COST_KINDS = ("labour", "travel", "parts", "freight", "outsourcing", "refund", "compensation")
FILLED_FROM = ("van", "local", "central", "backorder")
WRONG_PARTS = ("picking", "request")

_TYPES = {
    "": Type.TEXT,
    "t": Type.MOMENT,
    "d": Type.DAY,
    "i": Type.INTEGER,
    "n": Type.NUMBER,
    "m": Type.MONEY,
    "f": Type.FLAG,
}


def _columns(*specs: tuple[str, str, str] | tuple[str, str, str, tuple[str, ...]]) -> tuple[Column, ...]:
    """Columns from ``("name[:t|d|i|n|m|f][!]", zh, en[, values])``; ``!`` marks a required one."""
    return tuple(_column(spec[0], spec[1], spec[2], spec[3] if len(spec) == 4 else ()) for spec in specs)


def _column(spec: str, zh: str, en: str, values: tuple[str, ...]) -> Column:
    name, _, kind = spec.rstrip("!").partition(":")
    return Column(name, _TYPES[kind], zh, en, values, required=spec.endswith("!"))


CASES = Dataset("cases", "工单", "cases", ("case_id",), _columns(
    ("case_id!", "工单号", "case number"),
    ("channel", "渠道", "channel"),
    ("case_type", "工单类型", "case type"),
    ("category", "类别", "category"),
    ("difficulty:n", "难度系数", "difficulty factor"),
    ("standard_minutes:n", "标准工时（分钟）", "standard minutes"),
    ("priority", "优先级", "priority"),
    ("customer_id", "客户", "customer"),
    ("device_id", "设备序列号", "device serial number"),
    ("unit_id", "责任单位", "unit"),
    ("opened_at:t!", "受理时间", "opened at"),
    ("assigned_at:t", "派工时间", "assigned at"),
    ("assigned_by", "派工人", "assigned by"),
    ("accepted_at:t", "接单时间", "accepted at"),
    ("first_response_at:t", "首次响应时间", "first response at"),
    ("first_responder", "首次响应人", "first responder"),
    ("appt_start:t", "预约开始", "appointment start"),
    ("appt_end:t", "预约结束", "appointment end"),
    ("on_site_at:t", "到场时间", "on site at"),
    ("resolved_at:t", "解决时间", "resolved at"),
    ("closed_at:t", "结案时间", "closed at"),
    ("reopened_at:t", "首次重开时间", "first reopened at"),
    ("owner", "责任人", "owner"),
    ("status", "状态", "status"),
    ("is_test:f", "测试单", "test case"),
    ("is_spam:f", "垃圾单", "spam"),
    ("is_bot_only:f", "仅机器人接待", "bot-only contact"),
    ("is_force_majeure:f", "不可抗力/召回批次", "force majeure or recall batch"),
    ("customer_postponed:f", "客户改期", "customer asked for a later date"),
    ("cancelled_at:t", "取消时间", "cancelled at"),
    ("duplicate_of", "重复于", "duplicate of"),
    ("first_response_limit:n", "首响时限（分钟）", "first-response limit, minutes"),
    ("resolution_limit:n", "解决时限（分钟）", "resolution limit, minutes"),
    ("resolution_code", "处理结果", "resolution code"),
    ("root_cause", "根因", "root cause"),
    ("fault_code", "故障代码", "fault code"),
    ("fault_group", "故障大类", "fault group"),
    ("contacts:i", "客户联系次数", "customer contacts"),
    ("handle_seconds:i", "处理时长（秒）", "handle time, seconds"),
    ("first_contact_solved:f", "首次联系解决", "solved at first contact"),
    ("in_warranty:f", "保内", "in warranty"),
    ("region", "区域", "region"),
    ("product", "产品", "product"),
    ("title", "标题", "title"),
))  # fmt: skip

CASE_EVENTS = Dataset("case_events", "工单事件", "case events", ("case_id", "seq"), _columns(
    ("case_id!", "工单号", "case number"),
    ("seq:i!", "序号", "sequence in the case"),
    ("at:t!", "发生时间", "happened at"),
    ("recorded_at:t", "登记时间", "recorded at"),
    ("type!", "事件类型", "event type", EVENT_TYPES),
    ("activity", "原始活动名", "activity as the source names it"),
    ("kind", "挂起原因", "kind of pause", PAUSE_KINDS),
    ("actor", "操作人", "actor"),
    ("to_person", "转给（人）", "to person"),
    ("from_unit", "转出单位", "from unit"),
    ("to_unit", "转入单位", "to unit"),
    ("wrong:f", "错误转派", "wrong transfer"),
    ("self_picked:f", "自取单", "picked by the handler"),
    ("template:f", "模板回复", "template text"),
    ("source", "来源", "source"),
))  # fmt: skip

VISITS = Dataset("visits", "上门", "visits", ("case_id", "visit_no"), _columns(
    ("case_id!", "工单号", "case number"),
    ("visit_no:i!", "第几次上门", "visit number"),
    ("engineer!", "工程师", "engineer"),
    ("window_start:t", "预约窗口开始", "window start"),
    ("window_end:t", "预约窗口结束", "window end"),
    ("arrived_at:t", "到达时间", "arrived at"),
    ("left_at:t", "离开时间", "left at"),
    ("travel_min:n", "路途分钟", "travel minutes"),
    ("work_min:n", "作业分钟", "work minutes"),
    ("outcome", "结果", "outcome", VISIT_OUTCOMES),
    ("distance_m:n", "签到距离（米）", "distance from the site at check-in, metres"),
    ("diagnosed_by", "诊断人", "diagnosed by"),
))  # fmt: skip

SURVEYS = Dataset("surveys", "满意度", "surveys", ("survey_id",), _columns(
    ("survey_id!", "调查号", "survey number"),
    ("case_id!", "工单号", "case number"),
    ("invited_at:t", "邀请时间", "invited at"),
    ("delivered:f", "已送达", "delivered"),
    ("answered_at:t", "答复时间", "answered at"),
    ("csat:i", "满意度 1-5", "satisfaction 1-5"),
    ("nps:i", "推荐度 0-10", "recommendation 0-10"),
    ("ces:i", "费力度 1-7", "effort 1-7"),
    ("solved:f", "是否解决", "solved"),
    ("about_person", "被评人", "person rated"),
    ("source_ip", "来源地址", "source address"),
))  # fmt: skip

COMPLAINTS = Dataset("complaints", "投诉", "complaints", ("complaint_id",), _columns(
    ("complaint_id!", "投诉号", "complaint number"),
    ("case_id", "工单号", "case number"),
    ("received_at:t!", "受理时间", "received at"),
    ("acknowledged_at:t", "响应时间", "acknowledged at"),
    ("resolved_at:t", "办结时间", "resolved at"),
    ("confirmed:f", "客户确认办结", "closing confirmed by the customer"),
    ("validity", "责任判定", "validity", ("pending", "valid", "invalid")),
    ("severity", "严重程度", "severity"),
    ("channel", "投诉渠道", "channel", ("internal", "platform", "12315", "media")),
    ("owner", "经办人", "owner"),
    ("cause_person", "责任人", "cause person"),
    ("cause_unit", "责任单位", "cause unit"),
    ("repeat_of", "重复于", "repeat of"),
    ("recoded:f", "改为咨询", "recoded to an enquiry"),
))  # fmt: skip

CHECKS = Dataset("checks", "质检", "quality checks", ("check_id",), _columns(
    ("check_id!", "质检号", "check number"),
    ("case_id", "工单号", "case number"),
    ("person!", "被检人", "person checked"),
    ("checked_at:t!", "质检时间", "checked at"),
    ("checker", "质检员", "checker"),
    ("score:n", "得分 0-100", "score 0-100"),
    ("critical", "致命差错", "critical error", ("customer", "business", "compliance")),
    ("sampling", "抽样方式", "sampling", ("random", "targeted")),
    ("kind", "检查类别", "kind of check", ("case", "callback", "warranty")),
    ("passed:f", "合格", "passed"),
))  # fmt: skip

COSTS = Dataset("costs", "费用", "costs", ("cost_id",), _columns(
    ("cost_id!", "费用号", "cost number"),
    ("case_id", "工单号", "case number"),
    ("spent_at:t!", "发生时间", "spent at"),
    ("kind!", "费用类别", "kind", COST_KINDS),
    ("amount:m!", "金额", "amount"),
    ("policy_limit:m", "政策限额", "policy limit"),
    ("proposed_by", "申请人", "proposed by"),
    ("approved_by", "审批人", "approved by"),
    ("exception:f", "特批", "approved exception"),
    ("in_warranty:f", "保内", "in warranty"),
    ("due_at:t", "应完成时间", "due at"),
    ("done_at:t", "完成时间", "done at"),
    ("value_band", "货值段", "value band"),
))  # fmt: skip

PART_LINES = Dataset("part_lines", "备件行", "part lines", ("line_id",), _columns(
    ("line_id!", "行号", "line number"),
    ("case_id", "工单号", "case number"),
    ("part_no!", "备件号", "part number"),
    ("qty:i", "数量", "quantity"),
    ("requested_at:t!", "申请时间", "requested at"),
    ("requested_by", "申请人", "requested by"),
    ("issued_at:t", "发出时间", "issued at"),
    ("filled_from", "供货来源", "filled from", FILLED_FROM),
    ("picker", "拣货人", "picker"),
    ("correct:f", "发料正确", "correct part"),
    ("return_due_at:t", "旧件应返时间", "old part due at"),
    ("old_part_returned_at:t", "旧件返还时间", "old part returned at"),
    ("unit_id", "备件单位", "parts unit"),
    ("cancelled_at:t", "撤回时间", "withdrawn at"),
    ("wrong_reason", "错发原因", "why wrong", WRONG_PARTS),
    ("diagnosed_by", "诊断人", "diagnosed by"),
))  # fmt: skip

DEVICES = Dataset("devices", "设备", "devices", ("serial",), _columns(
    ("serial!", "序列号", "serial number"),
    ("model", "型号", "model"),
    ("customer_id", "客户", "customer"),
    ("sold_at:d", "售出日", "sold on"),
    ("installed_at:d", "装机日", "installed on"),
    ("warranty_start:d", "质保开始", "warranty start"),
    ("warranty_end:d", "质保结束", "warranty end"),
))  # fmt: skip

CUSTOMERS = Dataset("customers", "客户", "customers", ("customer_id",), _columns(
    ("customer_id!", "客户号", "customer number"),
    ("name", "名称", "name"),
    ("phone", "电话", "telephone"),
    ("city", "城市", "city"),
    ("region", "区域", "region"),
    ("segment", "客群", "segment"),
))  # fmt: skip

PEOPLE = Dataset("people", "人员", "people", ("person",), _columns(
    ("person!", "工号", "employee number"),
    ("name", "姓名", "name"),
    ("hired_on:d", "入职日", "hired on"),
    ("left_on:d", "离职日", "left on"),
    ("wage:m", "固定工资", "base wage"),
    ("bonus_base:m", "奖金基数", "bonus base"),
))  # fmt: skip

MEMBERSHIPS = Dataset("memberships", "任职", "memberships", ("person", "valid_from"), _columns(
    ("person!", "工号", "employee number"),
    ("team!", "班组", "team"),
    ("role!", "岗位", "role"),
    ("valid_from:d!", "开始日", "from"),
    ("valid_to:d", "结束日（不含）", "to, exclusive"),
    ("bonus_base:m", "奖金基数", "bonus base"),
))  # fmt: skip

TEAMS = Dataset("teams", "组织", "teams", ("team",), _columns(
    ("team!", "班组", "team"),
    ("parent", "上级", "parent team"),
    ("name", "名称", "name"),
    ("kind", "职能", "function"),
    ("lead", "负责人", "lead"),
))  # fmt: skip

ATTENDANCE = Dataset("attendance", "考勤", "attendance", ("person", "date"), _columns(
    ("person!", "工号", "employee number"),
    ("date:d!", "日期", "date"),
    ("scheduled_min:n", "排班分钟", "scheduled minutes"),
    ("paid_min:n", "计薪分钟", "paid minutes"),
    ("available_min:n", "可用分钟", "available minutes"),
    ("handle_min:n", "处理分钟", "handling minutes"),
    ("training_min:n", "培训分钟", "training minutes"),
    ("leave", "请假类别", "kind of leave"),
))  # fmt: skip

COUNTERS = Dataset("counters", "计数", "daily counters of other systems", ("counter", "subject", "date"), _columns(
    ("counter!", "计数名", "counter"),
    ("subject!", "人员或单位", "person or unit"),
    ("date:d!", "日期", "date"),
    ("numerator:n", "分子", "numerator"),
    ("denominator:n", "分母", "denominator"),
))  # fmt: skip

DATASETS: Mapping[str, Dataset] = {d.name: d for d in (
    CASES, CASE_EVENTS, VISITS, SURVEYS, COMPLAINTS, CHECKS, COSTS, PART_LINES, DEVICES, CUSTOMERS,
    PEOPLE, MEMBERSHIPS, TEAMS, ATTENDANCE, COUNTERS,
)}  # fmt: skip


def dataset(name: str, *, among: Iterable[str] = DATASETS) -> Dataset:
    """The dataset of that name; ``UnknownName`` with near names where there is none."""
    if name not in DATASETS:
        raise UnknownName("dataset", name, among)
    return DATASETS[name]
