"""Rows of the files beside the cases: events, visits, surveys, complaints, checks, costs, parts."""

from __future__ import annotations

import numpy as np

from fuxiao.simulate import texts
from fuxiao.simulate.arrays import DAY, HOUR, NONE
from fuxiao.simulate.batch import Table
from fuxiao.simulate.cases import Cases
from fuxiao.simulate.cells import Columns, Words, money, numbers, pick, yes_no
from fuxiao.simulate.day import WINDOW
from fuxiao.simulate.layout import CHECKS, EVENTS, VISITS
from fuxiao.simulate.log import ACTIVITIES, AUTO_REPLY, PAUSES, Events
from fuxiao.simulate.parts import SOURCES
from fuxiao.simulate.visits import OUTCOMES
from fuxiao.simulate.world import hashed


def event_rows(words: Words, events: Events, ids: list[str]) -> Columns:
    """Rows of 工单流水.csv."""
    form = EVENTS.moments
    return {
        "工单号": pick(ids, events.case),
        "序号": numbers(events.seq),
        "操作时间": words.at(events.at, form),
        "登记时间": words.at(events.recorded, form),
        "操作": pick([name for name, _ in ACTIVITIES], events.activity),
        "挂起原因": pick((*PAUSES, ""), events.kind),
        "操作人": words.person(events.actor),
        "转给": words.person(events.to_person),
        "转出单位": words.unit(events.from_unit),
        "转入单位": words.unit(events.to_unit),
        "错误转派": yes_no(events.wrong),
        "抢单": yes_no(events.self_picked),
        "模板回复": yes_no(np.where(events.activity == AUTO_REPLY, 1, NONE)),
    }


def visit_rows(words: Words, visits: Table, ids: list[str]) -> Columns:
    form = VISITS.moments
    return {
        "工单号": pick(ids, visits["case"]),
        "上门次数": numbers(visits["visit_no"]),
        "工程师": words.person(visits["engineer"]),
        "预约开始": words.at(visits["window"], form),
        "预约结束": words.at(visits["window"] + WINDOW, form),
        "到达时间": words.at(visits["arrived"], form),
        "离开时间": words.at(visits["left"], form),
        "路途分钟": numbers(visits["travel"]),
        "作业分钟": numbers(visits["work"]),
        "结果": pick(OUTCOMES, visits["outcome"]),
        "签到距离米": numbers(visits["distance"]),
    }


def survey_rows(words: Words, table: Table, ids: list[str]) -> Columns:
    answered = table["answered"] != NONE
    case = pick(ids, table["case"])
    columns = {
        header: numbers(np.where(answered, table[name], NONE))
        for header, name in (("满意度", "csat"), ("推荐度", "nps"), ("费力度", "ces"))
    }
    addresses = [
        f"{100 + (a >> 24) % 120}.{(a >> 16) & 255}.{(a >> 8) & 255}.{a & 255}" if yes else ""
        for a, yes in zip(table["address"].tolist(), answered.tolist(), strict=True)
    ]
    return columns | {
        "回访编号": ["HF" + each[2:] for each in case],
        "工单号": case,
        "邀请时间": words.at(table["invited"]),
        "是否送达": yes_no(table["delivered"]),
        "答复时间": words.at(table["answered"]),
        "是否解决": yes_no(np.where(answered, table["solved"], NONE)),
        "被评人": words.person(table["about"]),
        "来源地址": addresses,
    }


def complaint_rows(words: Words, table: Table, ids: list[str]) -> Columns:
    valid = table["validity"] == 1
    case = pick(ids, table["case"])
    return {
        "投诉编号": ["TS" + each[2:] for each in case],
        "工单号": case,
        "投诉时间": words.at(table["received"]),
        "响应时间": words.at(table["acknowledged"]),
        "办结时间": words.at(table["resolved"]),
        "客户确认": yes_no(table["confirmed"]),
        "责任判定": pick(("待判定", "有责", "无责"), table["validity"]),
        "严重程度": pick(("一般", "较重", "严重"), table["severity"]),
        "投诉渠道": pick(("内部", "电商平台", "12315", "媒体"), table["channel"]),
        "经办人": words.person(table["handler"]),
        "责任人": words.person(np.where(valid, table["cause"], NONE)),
        "责任单位": words.unit(np.where(valid, table["cause_unit"], NONE)),
        "改为咨询": yes_no(table["recoded"]),
        "投诉内容": pick(texts.COMPLAINTS, table["text"]),
    }


def check_rows(words: Words, table: Table, ids: list[str]) -> Columns:
    case = pick(ids, table["case"])
    return {
        "质检编号": ["ZJ" + each[2:] for each in case],
        "工单号": case,
        "被检人": words.person(table["person"]),
        "质检时间": words.at(table["at"], CHECKS.moments),
        "质检员": words.person(table["checker"]),
        "得分": numbers(table["score"]),
        "致命差错": pick(("客户类", "业务类", "合规类", ""), table["critical"]),
        "抽样方式": pick(("随机", "定向"), table["targeted"]),
        "检查类别": pick(("工单质检", "回访核查", "保内外核查"), table["kind"]),
        "合格": yes_no(table["passed"]),
    }


def cost_rows(words: Words, table: Table, ids: list[str], *, cases: Cases, first: int) -> Columns:
    kinds = ("人工", "差旅", "备件", "", "", "退款", "补偿")
    granted = table["kind"] == 6
    reason = np.where(granted, hashed(table["spent"], 9, len(texts.COMPENSATION_REASONS)), NONE)
    return {
        "费用编号": [f"FY{first + i:08d}" for i in range(len(granted))],
        "工单号": pick(ids, table["case"]),
        "发生时间": words.at(table["spent"]),
        "费用类别": pick(kinds, table["kind"]),
        "金额": money(table["amount"]),
        "政策限额": money(table["limit"]),
        "申请人": words.person(np.where(granted, cases.owner[table["case"]], NONE)),
        "审批人": words.person(table["approved"]),
        "特批": yes_no(table["exception"]),
        "保内": yes_no(cases.warranty[table["case"]]),
        "应付时间": words.at(table["due"]),
        "实付时间": words.at(table["done"]),
        "货值段": pick(("2500元以下", "2500-10000元", "10000元以上", ""), table["band"]),
        "事由": pick((*texts.COMPENSATION_REASONS, ""), reason),
    }


def part_rows(words: Words, table: Table, ids: list[str], *, first: int) -> Columns:
    issued = table["issued"]
    due = np.where(issued != NONE, (issued // DAY + 8) * DAY + 18 * HOUR, NONE)
    return {
        "领用单号": [f"BJ{first + i:08d}" for i in range(len(issued))],
        "工单号": pick(ids, table["case"]),
        "备件编码": [f"P{code:03d}" for code in table["part"].tolist()],
        "数量": ["1"] * len(issued),
        "申请时间": words.at(table["requested"]),
        "申请人": words.person(table["requested_by"]),
        "发料时间": words.at(issued),
        "供货来源": pick(SOURCES, table["source"]),
        "拣货人": words.person(table["picker"]),
        "发料正确": yes_no(np.where(issued != NONE, table["correct"], NONE)),
        "旧件应返": words.at(np.where(table["restock"] == 1, NONE, due)),
        "旧件返还": words.at(np.where(issued != NONE, table["returned"], NONE)),
        "备件单位": words.unit(table["unit"]),
    }
