"""The files of a simulated company: names, Chinese headers, and what each column means to the importer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fuxiao.simulate.log import ACTIVITIES

GB, BOM, PLAIN = "gb18030", "utf-8-sig", "utf-8"
SECONDS, SLASHES, ISO_T, CHINESE = (
    "%Y-%m-%d %H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y年%m月%d日 %H:%M:%S",
)


@dataclass(frozen=True, slots=True)
class Column:
    """A header and the contract column it stands for; without one it stays as a dimension of its own."""

    header: str
    target: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    moment: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """A file: its dataset, encoding, how it writes moments, its columns; ``sheet`` for a sheet of a workbook.

    ``types`` gives the event type of each activity in the column 操作.
    """

    name: str
    dataset: str
    columns: tuple[Column, ...]
    encoding: str = PLAIN
    moments: str = SECONDS
    sheet: str = ""
    types: Mapping[str, str] = field(default_factory=dict)

    @property
    def stem(self) -> str:
        return self.sheet or self.name.rsplit(".", 1)[0]

    def headers(self) -> list[str]:
        return [column.header for column in self.columns]


def _columns(text: str, values: Mapping[str, Mapping[str, str]] | None = None) -> tuple[Column, ...]:
    """Columns from ``header=target`` words; ``@`` after the target marks a moment."""
    made = []
    for word in text.split():
        header, _, target = word.partition("=")
        name = target.rstrip("@")
        made.append(Column(header, name, (values or {}).get(name, {}), moment=target.endswith("@")))
    return tuple(made)


def pool_of(people: int) -> int:
    """What a department of so many people shares out as a pool each month: 20,000 of sixty, in whole hundreds."""
    return people * 20_000 // 60 // 100 * 100


CASES = File("工单.csv", "cases", _columns(
    "工单号=case_id 渠道=channel 工单类型=case_type 产品类别=category 产品型号=product 标题=title 难度系数=difficulty "
    "标准工时=standard_minutes 优先级=priority 客户编号=customer_id 设备序列号=device_id 责任单位=unit_id 区域=region "
    "受理时间=opened_at@ 首次响应时间=first_response_at@ 首次响应人=first_responder 派工时间=assigned_at@ "
    "接单时间=accepted_at@ 预约开始=appt_start@ 预约结束=appt_end@ 到场时间=on_site_at@ 解决时间=resolved_at@ "
    "结案时间=closed_at@ 重开时间=reopened_at@ 责任人=owner 状态=status 是否测试=is_test 是否垃圾=is_spam "
    "仅机器人接待=is_bot_only 不可抗力=is_force_majeure 客户改期=customer_postponed 取消时间=cancelled_at@ "
    "重复于=duplicate_of 处理结果=resolution_code 根因=root_cause 故障代码=fault_code 故障大类=fault_group "
    "联系次数=contacts 处理时长秒=handle_seconds 首次解决=first_contact_solved 保内=in_warranty 城市 备注"
), encoding=GB)  # fmt: skip
LATE_CASES = File("工单_补录.csv", "cases", CASES.columns, encoding=GB)

_KINDS = {"等待客户": "customer", "等待备件": "parts", "等待第三方": "third_party"}
EVENTS = File("工单流水.csv", "case_events", _columns(
    "工单号=case_id 序号=seq 操作时间=at@ 登记时间=recorded_at@ 操作=activity 挂起原因=kind 操作人=actor "
    "转给=to_person 转出单位=from_unit 转入单位=to_unit 错误转派=wrong 抢单=self_picked 模板回复=template",
    {"kind": _KINDS},
), encoding=BOM, moments=SLASHES, types=dict(ACTIVITIES))  # fmt: skip
LATE_EVENTS = File(
    "工单流水_补录.csv", "case_events", EVENTS.columns, encoding=BOM, moments=SLASHES, types=EVENTS.types
)

VISITS = File("上门记录.csv", "visits", _columns(
    "工单号=case_id 上门次数=visit_no 工程师=engineer 预约开始=window_start@ 预约结束=window_end@ 到达时间=arrived_at@ "
    "离开时间=left_at@ 路途分钟=travel_min 作业分钟=work_min 结果=outcome 签到距离米=distance_m",
    {"outcome": {"修复": "fixed", "缺件": "parts_needed", "误判": "wrong_diagnosis", "无故障": "no_fault_found",
                 "客户不在": "no_access", "客户拒修": "customer_refused"}},
), moments=ISO_T)  # fmt: skip

SURVEYS = File("满意度回访.csv", "surveys", _columns(
    "回访编号=survey_id 工单号=case_id 邀请时间=invited_at@ 是否送达=delivered 答复时间=answered_at@ 满意度=csat "
    "推荐度=nps 费力度=ces 是否解决=solved 被评人=about_person 来源地址=source_ip"
))  # fmt: skip

COMPLAINTS = File("投诉登记.csv", "complaints", _columns(
    "投诉编号=complaint_id 工单号=case_id 投诉时间=received_at@ 响应时间=acknowledged_at@ 办结时间=resolved_at@ "
    "客户确认=confirmed 责任判定=validity 严重程度=severity 投诉渠道=channel 经办人=owner 责任人=cause_person "
    "责任单位=cause_unit 改为咨询=recoded 投诉内容",
    {"validity": {"待判定": "pending", "有责": "valid", "无责": "invalid"},
     "channel": {"内部": "internal", "电商平台": "platform", "12315": "12315", "媒体": "media"}},
), encoding=GB)  # fmt: skip

CHECKS = File("质检记录.csv", "checks", _columns(
    "质检编号=check_id 工单号=case_id 被检人=person 质检时间=checked_at@ 质检员=checker 得分=score 致命差错=critical "
    "抽样方式=sampling 检查类别=kind 合格=passed",
    {"critical": {"客户类": "customer", "业务类": "business", "合规类": "compliance"},
     "sampling": {"随机": "random", "定向": "targeted"},
     "kind": {"工单质检": "case", "回访核查": "callback", "保内外核查": "warranty"}},
), moments=CHINESE)  # fmt: skip

COSTS = File("费用明细.csv", "costs", _columns(
    "费用编号=cost_id 工单号=case_id 发生时间=spent_at@ 费用类别=kind 金额=amount 政策限额=policy_limit "
    "申请人=proposed_by 审批人=approved_by 特批=exception 保内=in_warranty 应付时间=due_at@ "
    "实付时间=done_at@ 货值段=value_band 事由",
    {"kind": {"人工": "labour", "差旅": "travel", "备件": "parts", "退款": "refund", "补偿": "compensation"}},
))  # fmt: skip

PART_LINES = File("备件领用.csv", "part_lines", _columns(
    "领用单号=line_id 工单号=case_id 备件编码=part_no 数量=qty 申请时间=requested_at@ 申请人=requested_by "
    "发料时间=issued_at@ 供货来源=filled_from 拣货人=picker 发料正确=correct 旧件应返=return_due_at@ "
    "旧件返还=old_part_returned_at@ 备件单位=unit_id",
    {"filled_from": {"随车": "van", "本地仓": "local", "总仓调拨": "central", "缺货订购": "backorder"}},
), encoding=BOM)  # fmt: skip

ATTENDANCE = File("考勤.csv", "attendance", _columns(
    "工号=person 日期=date 排班分钟=scheduled_min 计薪分钟=paid_min 可用分钟=available_min 处理分钟=handle_min "
    "培训分钟=training_min 请假=leave"
), encoding=GB, moments="%Y-%m-%d")  # fmt: skip

COUNTERS = File("日计数.csv", "counters", _columns(
    "计数项=counter 对象=subject 日期=date 分子=numerator 分母=denominator",
    {"counter": {"接通20秒内": "SVL", "放弃": "ABN", "盘点相符": "INV", "一对一": "ONE", "改进项": "IMP",
                 "向上反馈": "UPW", "培训达标": "TRN", "库存周转": "DOS", "我方改约": "RSD"}},
), encoding=BOM, moments="%Y-%m-%d")  # fmt: skip

DEVICES = File("设备.csv", "devices", _columns(
    "序列号=serial 型号=model 客户编号=customer_id 售出日期=sold_at 装机日期=installed_at 质保开始=warranty_start "
    "质保结束=warranty_end"
), moments="%Y-%m-%d")  # fmt: skip
CUSTOMERS = File(
    "客户.csv", "customers", _columns("客户编号=customer_id 名称=name 电话=phone 城市=city 区域=region 客群=segment"),
    encoding=GB,
)  # fmt: skip

WORKBOOK = "人员与任职.xlsx"
PEOPLE = File(WORKBOOK, "people", _columns(
    "工号=person 姓名=name 入职日期=hired_on 离职日期=left_on 固定工资=wage 奖金基数=bonus_base"
), sheet="人员")  # fmt: skip
MEMBERSHIPS = File(WORKBOOK, "memberships", _columns(
    "工号=person 班组=team 岗位=role 开始日期=valid_from 结束日期=valid_to 奖金基数=bonus_base",
    {"role": {"客服专员": "desk_agent", "调度员": "dispatcher", "服务工程师": "field_engineer", "仓管员": "parts",
              "投诉专员": "complaints", "质检员": "qa", "班组长": "lead", "服务总监": "director"}},
), sheet="任职")  # fmt: skip
TEAMS = File(WORKBOOK, "teams", _columns(
    "班组=team 上级=parent 名称=name 职能=kind 负责人=lead",
    {"kind": {"客服": "desk_agent", "调度": "dispatcher", "外勤": "field_engineer", "备件": "parts",
              "投诉处理": "complaints", "质检": "qa", "管理": "department"}},
), sheet="组织")  # fmt: skip

STREAMED = (
    CASES, LATE_CASES, EVENTS, LATE_EVENTS, VISITS, SURVEYS, COMPLAINTS, CHECKS, COSTS, PART_LINES, ATTENDANCE,
    COUNTERS,
)  # fmt: skip
"""Files that grow batch by batch."""
FILES = (*STREAMED, DEVICES, CUSTOMERS, PEOPLE, MEMBERSHIPS, TEAMS)
