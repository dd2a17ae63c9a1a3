"""Turns the arrays of a batch into the texts of each raw file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fuxiao.simulate import texts
from fuxiao.simulate.arrays import DAY, HOUR, NONE, Flags, Ints
from fuxiao.simulate.cases import ALL_FAULTS, CHANNELS, ENQUIRY, PRIORITIES, REPAIR, RETURN, TYPES, Cases
from fuxiao.simulate.catalogue import DIFFICULTY, MODELS, PRODUCTS, STANDARD_MINUTES
from fuxiao.simulate.field import OUTCOMES, WINDOW
from fuxiao.simulate.layout import CHECKS, EVENTS, SECONDS, VISITS
from fuxiao.simulate.log import ACTIVITIES, AUTO_REPLY, PAUSES, Events
from fuxiao.simulate.parts import SOURCES
from fuxiao.simulate.voices import Table
from fuxiao.simulate.world import World, hashed, product_of
from fuxiao.simulate.writing import Clock

Columns = dict[str, list[str]]
RESULTS = ("更换部件", "现场维修", "远程指导", "退换货办理", "客户拒修", "无故障")
DESK_MINUTES = ("10", "18", "30")
YES_NO = ("否", "是", "")
"""Indexes 0, 1 and −1."""


@dataclass(frozen=True, slots=True)
class Words:
    """The tables from which cells are taken by index; the last element stands for ``NONE``."""

    clock: Clock
    persons: Sequence[str]
    units: Sequence[str]

    def person(self, index: Ints) -> list[str]:
        return pick(self.persons, index)

    def unit(self, index: Ints) -> list[str]:
        return pick(self.units, index)

    def at(self, moments: Ints, form: str = SECONDS) -> list[str]:
        return self.clock.texts(moments, form)


def pick(table: Sequence[str], index: Ints) -> list[str]:
    """The table's text for each index; −1 takes the last one."""
    return [table[i] for i in index.tolist()]


def yes_no(values: Flags | Ints) -> list[str]:
    return pick(YES_NO, np.asarray(values, dtype=np.int64))


def numbers(values: Ints) -> list[str]:
    """Whole numbers; ``NONE`` is empty."""
    return ["" if v == NONE else str(v) for v in values.tolist()]


def money(cents: Ints) -> list[str]:
    """Yuan with two decimals; ``NONE`` is empty."""
    return ["" if c == NONE else f"{c // 100}.{c % 100:02d}" for c in cents.tolist()]


def case_numbers(words: Words, world: World, number: Ints) -> list[str]:
    dates = words.clock.dates(world.days.first + number // 100_000)
    return [f"FX{d[2:4]}{d[5:7]}{d[8:]}{n:05d}" for d, n in zip(dates, (number % 100_000).tolist(), strict=True)]


def serials(device: Ints) -> list[str]:
    codes = ("KT", "BX", "XY", "RS", "YJ", "SK")
    return [f"{codes[p]}{d:09d}" for p, d in zip(product_of(device).tolist(), device.tolist(), strict=True)]


def customer_numbers(customer: Ints) -> list[str]:
    return [f"KH{c:08d}" for c in customer.tolist()]


MODEL_FIRST = np.concatenate(([0], np.cumsum([len(product.models) for product in PRODUCTS])[:-1]))
MODEL_COUNT = np.array([len(product.models) for product in PRODUCTS])


def model_of(device: Ints) -> Ints:
    product = product_of(device)
    return np.asarray(MODEL_FIRST[product] + hashed(device, 3, 60) % MODEL_COUNT[product], dtype=np.int64)


def case_rows(rng: np.random.Generator, words: Words, world: World, cases: Cases, ids: list[str]) -> Columns:
    """Rows of 工单.csv, as the system shows them at the export."""
    until = world.exported
    seen = {name: _before(getattr(cases, name), until) for name in MOMENTS.values()}
    owner = np.where(seen["resolved"] != NONE, cases.owner, np.where(seen["accepted"] != NONE, cases.engineer,
                     np.where(seen["answered"] != NONE, cases.responder, NONE)))  # fmt: skip
    done = seen["resolved"] != NONE
    columns = {header: words.at(seen[name]) for header, name in MOMENTS.items()}
    columns |= {
        "工单号": ids, "渠道": pick(CHANNELS, cases.channel), "工单类型": pick(TYPES, cases.type),
        "责任单位": words.unit(cases.unit), "首次响应人": words.person(np.where(seen["answered"] != NONE, cases.responder, NONE)),
        "预约结束": words.at(np.where(seen["window"] != NONE, seen["window"] + WINDOW, NONE)),
        "责任人": words.person(owner), "状态": _status(cases, seen),
        "是否测试": yes_no(cases.junk == 1), "是否垃圾": yes_no(cases.junk == 2), "仅机器人接待": yes_no(cases.junk == 3),
        "不可抗力": yes_no(cases.force_majeure), "客户改期": yes_no(cases.postponed), "重复于": _originals(cases, ids),
        "联系次数": numbers(cases.contacts), "处理时长秒": numbers(np.where(done, cases.handled, NONE)),
        "首次解决": yes_no(np.where(done, cases.first_contact, NONE)),
        "保内": yes_no(cases.warranty),
    }  # fmt: skip
    return columns | _subject(rng, cases) | _findings(rng, cases, done)


MOMENTS = {
    "受理时间": "opened", "首次响应时间": "answered", "派工时间": "assigned", "接单时间": "accepted", "预约开始": "window",
    "到场时间": "on_site", "解决时间": "resolved", "结案时间": "closed", "重开时间": "reopened", "取消时间": "cancelled",
}  # fmt: skip


def _before(moments: Ints, until: int) -> Ints:
    return np.where(moments <= until, moments, NONE)


def _status(cases: Cases, seen: dict[str, Ints]) -> list[str]:
    state = np.where(seen["answered"] != NONE, 1, 0)
    state = np.where(seen["resolved"] != NONE, 2, state)
    state = np.where(seen["closed"] != NONE, 3, state)
    state = np.where(seen["cancelled"] != NONE, 4, state)
    return pick(("待响应", "处理中", "已解决", "已结案", "已取消", "已作废"), np.where(cases.junk > 0, 5, state))


def _originals(cases: Cases, ids: list[str]) -> list[str]:
    """The real case just before each duplicate."""
    real = np.where(cases.junk == 0, np.arange(len(cases)), -1)
    before = np.maximum.accumulate(real) if len(real) else real
    return [ids[b] if j == 4 and b >= 0 else "" for j, b in zip(cases.junk.tolist(), before.tolist(), strict=True)]


def _subject(rng: np.random.Generator, cases: Cases) -> Columns:
    """What the case is about: device, customer, place, difficulty, words."""
    size, product = len(cases), cases.product
    at_desk = np.isin(cases.type, (ENQUIRY, RETURN))
    minutes = [
        DESK_MINUTES[d] if desk else str(STANDARD_MINUTES[d])
        for d, desk in zip(cases.difficulty.tolist(), (at_desk | cases.remote).tolist(), strict=True)
    ]
    remark = np.where(rng.random(size) < 0.35, rng.integers(0, len(texts.REMARKS), size), NONE)
    return {
        "产品类别": pick([each.name for each in PRODUCTS], product), "产品型号": pick(MODELS, model_of(cases.device)),
        "标题": _titles(rng, cases), "难度系数": pick(DIFFICULTY, cases.difficulty), "标准工时": minutes,
        "优先级": pick(PRIORITIES, cases.priority), "客户编号": customer_numbers(cases.customer),
        "设备序列号": serials(cases.device), "区域": pick([r for team in texts.REGIONS for r in team], cases.region),
        "城市": pick(texts.REGION_CITIES, cases.region // 3), "备注": pick((*texts.REMARKS, ""), remark),
    }  # fmt: skip


def _titles(rng: np.random.Generator, cases: Cases) -> list[str]:
    enquiry = rng.integers(0, len(texts.ENQUIRIES), len(cases)).tolist()
    back = rng.integers(0, len(texts.RETURNS), len(cases)).tolist()
    names = [each.name for each in PRODUCTS]
    rows = zip(cases.type.tolist(), cases.product.tolist(), cases.fault.tolist(), enquiry, back, strict=True)
    return [
        texts.ENQUIRIES[e] if kind == ENQUIRY else texts.RETURNS[b] if kind == RETURN
        else ALL_FAULTS[fault][2] if kind == REPAIR else f"{names[product]}{ALL_FAULTS[fault][2]}"
        for kind, product, fault, e, b in rows
    ]  # fmt: skip


def _findings(rng: np.random.Generator, cases: Cases, done: Flags) -> Columns:
    """What was found and done; now and then a field is left empty."""
    size = len(cases)
    result = np.where(done & (rng.random(size) > 0.006), cases.result, NONE)
    words = pick((*RESULTS, ""), result)
    for i in np.flatnonzero((result != NONE) & (result < 2) & (cases.type != REPAIR)).tolist():
        words[i] = f"{TYPES[int(cases.type[i])]}完成"
    cause = np.where(done & (rng.random(size) > 0.02), rng.integers(0, len(texts.CAUSES), size), NONE)
    fault = np.where(rng.random(size) > 0.008, cases.fault, NONE)
    return {
        "处理结果": words, "根因": pick((*texts.CAUSES, "-"), cause),
        "故障代码": pick((*(code for code, *_ in ALL_FAULTS), ""), fault),
        "故障大类": pick([group for _, group, _ in ALL_FAULTS], cases.fault),
    }  # fmt: skip


def event_rows(words: Words, events: Events, ids: list[str]) -> Columns:
    """Rows of 工单流水.csv."""
    form = EVENTS.moments
    return {
        "工单号": pick(ids, events.case), "序号": numbers(events.seq), "操作时间": words.at(events.at, form),
        "登记时间": words.at(events.recorded, form), "操作": pick([name for name, _ in ACTIVITIES], events.activity),
        "挂起原因": pick((*PAUSES, ""), events.kind), "操作人": words.person(events.actor),
        "转给": words.person(events.to_person), "转出单位": words.unit(events.from_unit),
        "转入单位": words.unit(events.to_unit), "错误转派": yes_no(events.wrong), "抢单": yes_no(events.self_picked),
        "模板回复": yes_no(np.where(events.activity == AUTO_REPLY, 1, NONE)),
    }  # fmt: skip


def visit_rows(words: Words, visits: Table, ids: list[str]) -> Columns:
    form = VISITS.moments
    return {
        "工单号": pick(ids, visits["case"]), "上门次数": numbers(visits["visit_no"]),
        "工程师": words.person(visits["engineer"]), "预约开始": words.at(visits["window"], form),
        "预约结束": words.at(visits["window"] + WINDOW, form), "到达时间": words.at(visits["arrived"], form),
        "离开时间": words.at(visits["left"], form), "路途分钟": numbers(visits["travel"]),
        "作业分钟": numbers(visits["work"]), "结果": pick(OUTCOMES, visits["outcome"]),
        "签到距离米": numbers(visits["distance"]),
    }  # fmt: skip


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
        "回访编号": ["HF" + each[2:] for each in case], "工单号": case, "邀请时间": words.at(table["invited"]),
        "是否送达": yes_no(table["delivered"]), "答复时间": words.at(table["answered"]),
        "是否解决": yes_no(np.where(answered, table["solved"], NONE)), "被评人": words.person(table["about"]),
        "来源地址": addresses,
    }  # fmt: skip


def complaint_rows(words: Words, table: Table, ids: list[str]) -> Columns:
    valid = table["validity"] == 1
    case = pick(ids, table["case"])
    return {
        "投诉编号": ["TS" + each[2:] for each in case], "工单号": case, "投诉时间": words.at(table["received"]),
        "响应时间": words.at(table["acknowledged"]), "办结时间": words.at(table["resolved"]),
        "客户确认": yes_no(table["confirmed"]), "责任判定": pick(("待判定", "有责", "无责"), table["validity"]),
        "严重程度": pick(("一般", "较重", "严重"), table["severity"]),
        "投诉渠道": pick(("内部", "电商平台", "12315", "媒体"), table["channel"]), "经办人": words.person(table["handler"]),
        "责任人": words.person(np.where(valid, table["cause"], NONE)),
        "责任单位": words.unit(np.where(valid, table["cause_unit"], NONE)), "改为咨询": yes_no(table["recoded"]),
        "投诉内容": pick(texts.COMPLAINTS, table["text"]),
    }  # fmt: skip


def check_rows(words: Words, table: Table, ids: list[str]) -> Columns:
    case = pick(ids, table["case"])
    return {
        "质检编号": ["ZJ" + each[2:] for each in case], "工单号": case, "被检人": words.person(table["person"]),
        "质检时间": words.at(table["at"], CHECKS.moments), "质检员": words.person(table["checker"]),
        "得分": numbers(table["score"]), "致命差错": pick(("客户类", "业务类", "合规类", ""), table["critical"]),
        "抽样方式": pick(("随机", "定向"), table["targeted"]),
        "检查类别": pick(("工单质检", "回访核查", "保内外核查"), table["kind"]), "合格": yes_no(table["passed"]),
    }  # fmt: skip


def cost_rows(words: Words, table: Table, ids: list[str], cases: Cases, first: int) -> Columns:
    kinds = ("人工", "差旅", "备件", "", "", "退款", "补偿")
    granted = table["kind"] == 6
    reason = np.where(granted, hashed(table["spent"], 9, len(texts.COMPENSATION_REASONS)), NONE)
    return {
        "费用编号": [f"FY{first + i:08d}" for i in range(len(granted))], "工单号": pick(ids, table["case"]),
        "发生时间": words.at(table["spent"]), "费用类别": pick(kinds, table["kind"]), "金额": money(table["amount"]),
        "政策限额": money(table["limit"]), "申请人": words.person(np.where(granted, cases.owner[table["case"]], NONE)),
        "审批人": words.person(table["approved"]), "特批": yes_no(table["exception"]),
        "保内": yes_no(cases.warranty[table["case"]]), "应付时间": words.at(table["due"]), "实付时间": words.at(table["done"]),
        "货值段": pick(("2500元以下", "2500-10000元", "10000元以上", ""), table["band"]),
        "事由": pick((*texts.COMPENSATION_REASONS, ""), reason),
    }  # fmt: skip


def part_rows(words: Words, table: Table, ids: list[str], first: int) -> Columns:
    issued = table["issued"]
    due = np.where(issued != NONE, (issued // DAY + 8) * DAY + 18 * HOUR, NONE)
    return {
        "领用单号": [f"BJ{first + i:08d}" for i in range(len(issued))], "工单号": pick(ids, table["case"]),
        "备件编码": [f"P{code:03d}" for code in table["part"].tolist()], "数量": ["1"] * len(issued),
        "申请时间": words.at(table["requested"]), "申请人": words.person(table["requested_by"]), "发料时间": words.at(issued),
        "供货来源": pick(SOURCES, table["source"]), "拣货人": words.person(table["picker"]),
        "发料正确": yes_no(np.where(issued != NONE, table["correct"], NONE)), "旧件应返": words.at(due),
        "旧件返还": words.at(np.where(issued != NONE, table["returned"], NONE)), "备件单位": words.unit(table["unit"]),
    }  # fmt: skip
