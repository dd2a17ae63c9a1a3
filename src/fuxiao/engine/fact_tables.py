"""The fact tables that indicators are written against: each column with its type, the credits, the period anchors.

A fact table has one row for one thing that happened (a case, a visit, a survey …) with every clock already worked out.

Physical columns in the lake that follow from this declaration:

- a **clocked** duration ``first_response`` is two columns, ``first_response_business`` and ``first_response_calendar``;
  expressions write the bare name and the chosen clock picks one of them;
- an **anchor** ``opened`` is two columns, ``opened_day`` (int32, local days since 1970-01-01) and ``opened_month``
  (int32, year × 12 + month − 1), both null where the moment is not known;
- a **credit** names the column of the person (null: nobody) and the column of the team as of the anchor.

Types: flag = boolean, integer = int64, number = decimal(18, 4), text = string, money = int64 minor units,
moment = int64 epoch seconds, day = int32 epoch day, duration = int64 seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from fuxiao.core.errors import UnknownName

VERSION = 2
"""Version of the declaration; raised when a column changes its meaning."""

CLOCKS = ("business", "calendar")


class Kind(StrEnum):
    """What a column or an expression is."""

    FLAG = "flag"
    INTEGER = "integer"
    NUMBER = "number"
    TEXT = "text"
    MONEY = "money"
    MOMENT = "moment"
    DAY = "day"
    DURATION = "duration"
    NULL = "null"


DTYPES: Mapping[Kind, str] = {
    Kind.FLAG: "boolean", Kind.INTEGER: "int64", Kind.NUMBER: "decimal(18, 4)", Kind.TEXT: "string",
    Kind.MONEY: "int64", Kind.MOMENT: "int64", Kind.DAY: "int32", Kind.DURATION: "int64",
}  # fmt: skip
"""The type of each kind of column in the lake (a share has nine places: decimal(18, 9))."""


@dataclass(frozen=True, slots=True)
class FactColumn:
    """One column: ``clocked`` columns exist once for each clock, under ``<name>_<clock>``."""

    name: str
    kind: Kind
    zh: str
    en: str
    clocked: bool = False

    def physical(self, clock: str) -> str:
        """The name of the column in the lake under ``clock``."""
        return f"{self.name}_{clock}" if self.clocked else self.name


@dataclass(frozen=True, slots=True)
class Credit:
    """Who a row is credited to: the person's column (``None``: never a person) and the team's column."""

    person: str | None
    team: str


@dataclass(frozen=True, slots=True)
class FactTable:
    """A fact table. ``exclusions`` maps a reason (``X3``) to the flag expression that says a row is left out.

    ``id`` are the columns that name a row to a person who drills down.
    """

    name: str
    zh: str
    en: str
    id: tuple[str, ...]
    columns: Mapping[str, FactColumn]
    anchors: tuple[str, ...]
    credits: Mapping[str, Credit]
    exclusions: Mapping[str, str] = field(default_factory=dict)
    dimensions: frozenset[str] = frozenset()

    def column(self, name: str) -> FactColumn | None:
        """The column of that name as an expression may write it, or ``None``: declared, one clock of a clocked one,
        an anchor's day, or a dimension (text)."""
        if name in self.columns:
            return self.columns[name]
        base, _, tail = name.rpartition("_")
        if tail in CLOCKS and base in self.columns and self.columns[base].clocked:
            return replace(self.columns[base], name=name, clocked=False)
        if tail == "day" and base in self.anchors:
            return FactColumn(name, Kind.DAY, f"{base} 当天", f"day of {base}")
        return FactColumn(name, Kind.TEXT, name, name) if name in self.dimensions else None

    def names(self) -> tuple[str, ...]:
        """Every name an expression may write, for "did you mean"."""
        return (*self.columns, *(f"{anchor}_day" for anchor in self.anchors), *sorted(self.dimensions))

    def schema(self) -> dict[str, str]:
        """Physical column name → Ibis type, anchors included, dimensions not."""
        made = {f"{anchor}_{part}": "int32" for anchor in self.anchors for part in ("day", "month")}
        for column in self.columns.values():
            for clock in CLOCKS if column.clocked else CLOCKS[:1]:
                made[column.physical(clock)] = DTYPES[column.kind]
        return made

    def with_dimensions(self, names: Iterable[str]) -> FactTable:
        """The same table with extra text columns that a company's own files brought."""
        return replace(self, dimensions=self.dimensions | frozenset(names))


_KINDS = {
    "": Kind.TEXT, "b": Kind.FLAG, "i": Kind.INTEGER, "n": Kind.NUMBER, "m": Kind.MONEY, "at": Kind.MOMENT,
    "d": Kind.DAY, "s": Kind.DURATION, "c": Kind.DURATION,
}  # fmt: skip


def _columns(*specs: tuple[str, str, str]) -> dict[str, FactColumn]:
    """Columns from ``("name[:b|i|n|m|at|d|s|c]", zh, en)``; ``c`` is a duration under both clocks."""
    made = {}
    for spec, zh, en in specs:
        name, _, kind = spec.partition(":")
        made[name] = FactColumn(name, _KINDS[kind], zh, en, clocked=kind == "c")
    return made


ATTRIBUTES = _columns(
    ("channel", "渠道", "channel"),
    ("case_type", "工单类型", "case type"),
    ("category", "类别", "category"),
    ("priority", "优先级", "priority"),
    ("difficulty:n", "难度系数", "difficulty factor"),
    ("in_warranty:b", "保内", "in warranty"),
    ("region", "区域", "region"),
    ("product", "产品", "product"),
    ("unit", "责任单位", "unit"),
)
"""Attributes of the case, copied to every table that has a case; all of them can be grouped by."""

FLAGS = _columns(
    ("x1:b", "测试或垃圾单", "test or spam"),
    ("x2:b", "重复单", "duplicate"),
    ("x3:b", "首次响应前客户取消", "cancelled by the customer before the first response"),
    ("x7:b", "不可抗力或召回批次", "force majeure or recall batch"),
    ("x9:b", "客户要求改期", "customer asked for a later date"),
    ("x10:b", "仅机器人接待", "bot-only contact"),
)
"""Exclusion flags, never null, on every table that has a case (false where the row has none)."""

REASONS: Mapping[str, str] = {"X1": "x1", "X2": "x2", "X3": "x3", "X7": "x7", "X9": "x9", "X10": "x10"}
BASE = ("X1", "X2")
"""Reasons that always apply where the table has them: the base set is every case that is no test, spam or duplicate."""
CLOCK_REASONS = ("X4", "X5", "X6")
"""Exclusions worked by the clocks themselves (customer, parts, third-party pauses; outside working hours)."""

_CASE = {**_columns(("case_id", "工单号", "case number")), **ATTRIBUTES, **FLAGS}


PEOPLE = {
    "a1": ("首次响应人", "first responder"),
    "ao": ("责任人", "owner"),
    "ao_first": ("首任责任人", "first owner"),
    "av": ("上门工程师", "visiting engineer"),
    "ax": ("转出人", "sender"),
    "ag": ("被评价人", "person rated"),
    "ac": ("投诉责任人", "liable person"),
    "dispatcher": ("派工人", "dispatcher"),
    "pauser": ("挂起人", "who let it wait"),
    "diagnoser": ("诊断人", "diagnoser"),
    "owner": ("承办人", "handler"),
    "requester": ("申请人", "requester"),
    "person": ("人员", "person"),
}
"""What the columns that hold a person are called."""


def _people(*columns: str) -> dict[str, FactColumn]:
    """A person column and its team column for each name."""
    specs = [
        spec
        for column, (zh, en) in ((name, PEOPLE[name]) for name in columns)
        for spec in ((column, zh, en), (f"{column}_team", f"{zh}的班组", f"{en}'s team"))
    ]
    return _columns(*specs)


def _credits(**columns: str) -> dict[str, Credit]:
    return {code: Credit(column, f"{column}_team") for code, column in columns.items()}


CASES = FactTable("cases", "工单", "cases", ("case_id",), {
    **_CASE, **_people("a1", "ao", "ao_first", "av", "dispatcher", "pauser"), **_columns(
    ("customer_id", "客户", "customer"),
    ("device_id", "设备", "device"),
    ("fault_code", "故障代码", "fault code"),
    ("fault_group", "故障大类", "fault group"),
    ("resolution_code", "处理结果", "resolution code"),
    ("root_cause", "根因", "root cause"),
    ("status", "状态", "status"),
    ("opened_at:at", "受理时间", "opened at"),
    ("assigned_at:at", "派工时间", "assigned at"),
    ("accepted_at:at", "接单时间", "accepted at"),
    ("first_response_at:at", "首次响应时间", "first response at"),
    ("on_site_at:at", "到场时间", "on site at"),
    ("first_resolved_at:at", "首次解决时间", "first resolved at"),
    ("resolved_at:at", "最后解决时间", "last resolved at"),
    ("closed_at:at", "结案时间", "closed at"),
    ("due_at:at", "解决时限到点", "resolution due at"),
    ("first_response:c", "受理到首次响应", "opened to first response"),
    ("resolution:c", "受理到解决（扣客户等待）", "opened to resolved, less customer pauses"),
    ("first_resolution:c", "受理到首次解决（扣客户等待）", "opened to first resolved, less customer pauses"),
    ("own_resolution:c", "受理到解决（扣所有挂起）", "opened to resolved, less all pauses"),
    ("owner_held:c", "责任人持有时间（扣所有挂起）", "time the owner held it, less all pauses"),
    ("dispatch:c", "受理到派工", "opened to assigned"),
    ("on_site:c", "受理到到场", "opened to on site"),
    ("closing:s", "受理到结案（日历）", "opened to closed, wall clock, no pauses"),
    ("lead_business:s", "受理到解决的工作时间", "working time opened to resolved, pauses included"),
    ("pause_customer:s", "等客户（工作时间）", "customer pauses, working time"),
    ("pause_parts:s", "等配件（工作时间）", "parts pauses, working time"),
    ("pause_third_party:s", "等第三方（工作时间）", "third-party pauses, working time"),
    ("first_response_limit:s", "首响时限", "first-response limit"),
    ("resolution_limit:s", "解决时限", "resolution limit"),
    ("first_response_met:b", "首响及时（未到期或无时限为空）", "first response in time; null: not yet due or no limit"),
    ("resolution_met:b", "按期解决（未到期或无时限为空）", "resolved in time; null: not yet due or no limit"),
    ("answered:b", "已首响", "has a first response"),
    ("resolved:b", "已解决", "resolved"),
    ("closed:b", "已结案", "closed"),
    ("reopens:i", "重开次数", "times reopened"),
    ("reopen_gap:s", "首次解决到首次重开", "first resolution to first reopening"),
    ("same_fault_gap:s", "解决到同设备同故障下一单", "resolved to the next case of the same device and fault"),
    ("device_gap:s", "解决到同设备下一单", "resolved to the next case of the same device"),
    ("customer_gap:s", "解决到同客户隐性返单", "resolved to the next hidden repeat of the same customer"),
    ("transfers:i", "转派次数", "transfers"),
    ("handoffs:i", "跨单位交接次数", "changes of unit"),
    ("holders:i", "经手人数", "distinct holders"),
    ("ping_pong:b", "踢皮球（甲-乙-甲）", "ping-pong, a-b-a"),
    ("escalated:b", "已升级", "escalated"),
    ("followed_up:b", "首响后有跟进（无首响为空）", "first reply followed up; null: no first reply"),
    ("contacts:i", "客户联系次数", "customer contacts"),
    ("visits:i", "上门次数", "visits"),
    ("first_outcome", "首次上门结果", "outcome of visit 1"),
    ("first_visit_fixed:b", "首次上门修好（无上门或未能进门为空）", "fixed at visit 1; null: no visit or no access"),
    ("filled:i", "必填项已填数", "mandatory fields filled"),
    ("mandatory:i", "必填项数", "mandatory fields"),
    ("standard_minutes:n", "标准工时（分钟）", "standard minutes"),
    ("handle_seconds:s", "处理时长", "handle time"),
    ("first_contact_solved:b", "首次联系解决", "solved at first contact"),
    ("cost:m", "服务成本（不含退款）", "service cost without refunds"),
    ("actors:i", "参与人数", "distinct actors"),
)}, ("opened", "resolved", "first_resolved", "judged", "closed", "ended", "due"), {
    **_credits(A1="a1", AO="ao", AF="ao_first", AP="ao", AV="av", AD="dispatcher", AW="pauser"),
    "AU": Credit(None, "unit"),
}, REASONS)  # fmt: skip

SHARES = FactTable("shares", "工单份额", "shares of cases", ("case_id", "person"), {
    **_CASE, **_people("person"), **_columns(
    ("held:s", "持有时间", "time held"),
    ("total:s", "全部持有时间", "time held by everybody"),
    ("share:n", "份额", "share, adds up to 1 over the case"),
    ("standard_minutes:n", "标准工时（分钟）", "standard minutes of the case"),
    ("reopen_gap:s", "首次解决到首次重开", "first resolution to first reopening"),
)}, ("resolved",), {**_credits(AS="person"), "AU": Credit(None, "unit")}, REASONS)  # fmt: skip

TRANSFERS = FactTable("transfers", "转派", "transfers", ("case_id", "seq"), {**_CASE, **_people("ax"), **_columns(
    ("seq:i", "序号", "sequence in the case"),
    ("from_unit", "转出单位", "from unit"),
    ("to_unit", "转入单位", "to unit"),
    ("to_person", "转给（人）", "to person"),
    ("wrong:b", "错误转派", "wrong transfer"),
    ("wait:c", "等待接手", "wait until the receiver's first act"),
)}, ("event",), {**_credits(AX="ax"), "AU": Credit(None, "from_unit")}, REASONS)  # fmt: skip

HOLDS = FactTable("holds", "经手段", "holds", ("case_id", "step"), {**_CASE, **_columns(
    ("step:i", "第几手", "step in the case"),
    ("person", "经手人", "holder"),
    ("person_team", "经手班组", "holder's team"),
    ("start:at", "首次动作", "first act"),
    ("end:at", "最后动作", "last act"),
    ("wait:c", "接手前等待", "wait before"),
)}, ("event",), {**_credits(AS="person"), "AU": Credit(None, "unit")}, REASONS)  # fmt: skip

VISITS = FactTable("visits", "上门", "visits", ("case_id", "visit_no"), {
    **_CASE, **_people("av", "diagnoser"), **_columns(
    ("visit_no:i", "第几次上门", "visit number"),
    ("on_time:b", "准时（无预约为空）", "arrived in the window; null: no window"),
    ("work_min:n", "作业分钟", "work minutes"),
    ("travel_min:n", "路途分钟", "travel minutes"),
    ("outcome", "结果", "outcome"),
    ("first:b", "首次上门", "first visit of the case"),
    ("effective:b", "有效上门", "effective visit"),
    ("points:n", "难度点数", "difficulty points"),
    ("distance_m:n", "签到距离（米）", "distance from the site at check-in, metres"),
)}, ("event",), {**_credits(AV="av", AN="diagnoser"), "AU": Credit(None, "unit")}, REASONS)  # fmt: skip

SURVEYS = FactTable("surveys", "满意度", "surveys", ("survey_id",), {**_CASE, **_people("ag", "ao"), **_columns(
    ("survey_id", "调查号", "survey number"),
    ("delivered:b", "已送达", "delivered"),
    ("answered:b", "已答复", "answered"),
    ("csat:i", "满意度 1-5", "satisfaction 1-5"),
    ("nps:i", "推荐度 0-10", "recommendation 0-10"),
    ("ces:i", "费力度 1-7", "effort 1-7"),
    ("solved:b", "是否解决", "solved"),
    ("answer_delay:s", "邀请到答复", "invitation to answer"),
    ("good:b", "按期解决且未重开", "resolved in time and not reopened"),
    ("source_ip", "来源地址", "source address"),
)}, ("event", "invited", "resolved"), {**_credits(AG="ag", AO="ao"), "AU": Credit(None, "unit")}, REASONS)  # fmt: skip

COMPLAINTS = FactTable("complaints", "投诉", "complaints", ("complaint_id",), {
    **_CASE, **_people("ac", "owner"), **_columns(
    ("complaint_id", "投诉号", "complaint number"),
    ("validity", "责任判定", "validity"),
    ("acknowledge:s", "受理到响应", "received to acknowledged, wall clock"),
    ("closing:s", "受理到办结", "received to closed, wall clock"),
    ("acknowledged_in_time:b", "24 小时内响应", "acknowledged in time"),
    ("closed_in_time:b", "按期办结（未到期为空）", "closed in time; null: not yet due"),
    ("confirmed:b", "客户确认办结", "closing confirmed by the customer"),
    ("escalated:b", "重复或升级", "repeat, or raised to platform, 12315 or media"),
    ("recoded:b", "改为咨询", "recoded to an enquiry"),
    ("severity", "严重程度", "severity"),
)}, ("event",), {**_credits(AC="ac", AO="owner"), "AU": Credit(None, "unit")},
    {**REASONS, "X8": "validity = 'invalid'"})  # fmt: skip

CHECKS = FactTable("checks", "质检", "quality checks", ("check_id",), {**_CASE, **_people("person"), **_columns(
    ("check_id", "质检号", "check number"),
    ("checker", "质检员", "checker"),
    ("score:n", "得分 0-100", "score 0-100"),
    ("critical", "致命差错类别", "kind of critical error; null: none"),
    ("random:b", "随机抽样", "random sample"),
    ("kind", "检查类别", "kind of check"),
    ("passed:b", "合格", "passed"),
)}, ("event",), {**_credits(AG="person"), "AU": Credit(None, "person_team")}, REASONS)  # fmt: skip

COSTS = FactTable("costs", "费用", "costs", ("cost_id",), {**_CASE, **_people("person"), **_columns(
    ("cost_id", "费用号", "cost number"),
    ("proposer", "申请人", "proposed by"),
    ("kind", "费用类别", "kind"),
    ("amount:m", "金额", "amount"),
    ("excess:m", "超出政策限额", "amount above the policy limit; 0 for an approved exception"),
    ("in_time:b", "按期完成（未到期为空）", "done in time; null: not yet due or no limit"),
    ("value_band", "货值段", "value band"),
)}, ("event",), {**_credits(AO="person"), "AU": Credit(None, "unit")}, REASONS)  # fmt: skip

PARTS = FactTable("parts", "备件行", "part lines", ("line_id",), {
    **_CASE, **_people("person", "requester", "diagnoser"), **_columns(
    ("line_id", "行号", "line number"),
    ("at_once:b", "现货即发", "filled at once from van or local stock"),
    ("wait:c", "申请到发出", "requested to issued"),
    ("correct:b", "发料正确", "correct part"),
    ("wrong_reason", "错发原因", "why wrong"),
    ("wrong_pick:b", "拣错（未注明原因的也算；未核对为空）", "picked wrong, or no reason given; null: not checked"),
    ("wrong_request:b", "报错（未核对为空）", "requested wrong; null: not checked"),
    ("return_due:b", "旧件已到应返时间", "old part due"),
    ("return_in_time:b", "旧件按期返还", "old part returned in time"),
)}, ("event",), {
    **_credits(AX="person", AV="requester", AN="diagnoser"), "AU": Credit(None, "unit"),
}, REASONS)  # fmt: skip

ATTENDANCE = FactTable("attendance", "考勤", "attendance", ("person", "event_day"), {
    **_people("person"), **_columns(
    ("scheduled_min:n", "排班分钟", "scheduled minutes"),
    ("paid_min:n", "计薪分钟", "paid minutes"),
    ("available_min:n", "可用分钟", "available minutes"),
    ("handle_min:n", "处理分钟", "handling minutes"),
    ("training_min:n", "培训分钟", "training minutes"),
    ("days:i", "出勤天", "attendance day, 1 or 0"),
    ("field:b", "当天上门", "had a visit that day"),
)}, ("event",), {**_credits(AS="person", AV="person"), "AU": Credit(None, "person_team")})  # fmt: skip

COUNTERS = FactTable("counters", "计数", "daily counters", ("counter", "subject", "event_day"), {
    **_people("person"), **_columns(
    ("counter", "计数名", "counter"),
    ("subject", "人员或单位", "person or unit"),
    ("numerator:n", "分子", "numerator"),
    ("denominator:n", "分母", "denominator"),
)}, ("event",), {**_credits(AO="person"), "AU": Credit(None, "person_team")})  # fmt: skip

FACT_TABLES: Mapping[str, FactTable] = {table.name: table for table in (
    CASES, SHARES, TRANSFERS, HOLDS, VISITS, SURVEYS, COMPLAINTS, CHECKS, COSTS, PARTS, ATTENDANCE, COUNTERS,
)}  # fmt: skip


def fact_table(name: str) -> FactTable:
    """The fact table of that name; ``UnknownName`` with near names where there is none."""
    if name not in FACT_TABLES:
        raise UnknownName("fact table", name, FACT_TABLES)
    return FACT_TABLES[name]
