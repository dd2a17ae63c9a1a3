"""Rows of the case file: each case as the system shows it at the export."""

from __future__ import annotations

import numpy as np

from fuxiao.simulate import texts
from fuxiao.simulate.arrays import NONE, Flags, Ints
from fuxiao.simulate.batch import Batch, Table
from fuxiao.simulate.cases import (
    ALL_FAULTS,
    BOT,
    CHANNELS,
    DUPLICATE,
    ENQUIRY,
    PRIORITIES,
    REPAIR,
    REPAIR_TYPES,
    RETURN,
    SPAM,
    TEST,
    TYPES,
    Cases,
)  # fmt: skip
from fuxiao.simulate.catalogue import DIFFICULTY, MODELS, PRODUCTS, STANDARD_MINUTES
from fuxiao.simulate.cells import Columns, Words, customer_numbers, model_of, numbers, pick, serials, yes_no
from fuxiao.simulate.day import WINDOW

RESULTS = ("更换部件", "现场维修", "远程指导", "退换货办理", "客户拒修", "无故障")
DESK_MINUTES = ("10", "18", "30")
MOMENTS = {
    "受理时间": "opened",
    "首次响应时间": "answered",
    "派工时间": "assigned",
    "接单时间": "accepted",
    "预约开始": "window",
    "到场时间": "on_site",
    "解决时间": "resolved",
    "结案时间": "closed",
    "重开时间": "reopened",
    "取消时间": "cancelled",
}
STATES = ("待响应", "处理中", "已解决", "已结案", "已取消", "已作废")


def case_rows(at: Batch, words: Words, ids: list[str]) -> Columns:
    """Rows of 工单.csv."""
    cases, until = at.cases, at.world.exported
    seen: Table = {name: _before(getattr(cases, name), until) for name in MOMENTS.values()}
    done = seen["resolved"] != NONE
    columns = {header: words.at(seen[name]) for header, name in MOMENTS.items()}
    columns |= _holders(words, cases, seen) | _marks(cases, ids, until)
    columns |= _subject(at.rng, cases) | _findings(at.rng, cases, done)
    return columns | {
        "工单号": ids,
        "状态": pick(STATES, _state(cases, seen)),
        "联系次数": numbers(cases.contacts),
        "处理时长秒": numbers(np.where(done, cases.handled, NONE)),
        "首次解决": yes_no(np.where(done, cases.first_contact, NONE)),
    }


def _before(moments: Ints, until: int) -> Ints:
    return np.where(moments <= until, moments, NONE)


def _holders(words: Words, cases: Cases, seen: Table) -> Columns:
    """Who has it: the solver, else the engineer who accepted it, else the agent who answered."""
    answered, accepted = seen["answered"] != NONE, seen["accepted"] != NONE
    waiting = np.where(accepted, cases.engineer, np.where(answered, cases.responder, NONE))
    window = seen["window"]
    return {
        "责任人": words.person(np.where(seen["resolved"] != NONE, cases.owner, waiting)),
        "首次响应人": words.person(np.where(answered, cases.responder, NONE)),
        "责任单位": words.unit(cases.unit),
        "预约结束": words.at(np.where(window != NONE, window + WINDOW, NONE)),
    }


def _marks(cases: Cases, ids: list[str], until: int) -> Columns:
    return {
        "渠道": pick(CHANNELS, cases.channel),
        "工单类型": pick((*TYPES, *REPAIR_TYPES), _type_found(cases, until)),
        "是否测试": yes_no(cases.junk == TEST),
        "是否垃圾": yes_no(cases.junk == SPAM),
        "仅机器人接待": yes_no(cases.junk == BOT),
        "不可抗力": yes_no(cases.force_majeure),
        "客户改期": yes_no(cases.postponed),
        "重复于": _originals(cases, ids),
        "保内": yes_no(cases.warranty),
    }


def _type_found(cases: Cases, until: int) -> Ints:
    """The type of each case; a repair that was visited is booked by how big it turned out to be."""
    visited = (cases.type == REPAIR) & (cases.on_site != NONE) & (cases.on_site <= until)
    return np.where(visited, len(TYPES) + cases.difficulty, cases.type)


def _state(cases: Cases, seen: Table) -> Ints:
    state = np.where(seen["answered"] != NONE, 1, 0)
    for value, name in ((2, "resolved"), (3, "closed"), (4, "cancelled")):
        state = np.where(seen[name] != NONE, value, state)
    return np.where(cases.junk > 0, 5, state).astype(np.int64)


def _originals(cases: Cases, ids: list[str]) -> list[str]:
    """The real case just before each duplicate."""
    real = np.where(cases.junk == 0, np.arange(len(cases)), -1)
    before = np.maximum.accumulate(real) if len(real) else real
    return [
        ids[b] if j == DUPLICATE and b >= 0 else "" for j, b in zip(cases.junk.tolist(), before.tolist(), strict=True)
    ]


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
        "产品类别": pick([each.name for each in PRODUCTS], product),
        "产品型号": pick(MODELS, model_of(cases.device)),
        "标题": _titles(rng, cases),
        "难度系数": pick(DIFFICULTY, cases.difficulty),
        "标准工时": minutes,
        "优先级": pick(PRIORITIES, cases.priority),
        "客户编号": customer_numbers(cases.customer),
        "设备序列号": serials(cases.device),
        "区域": pick([r for team in texts.REGIONS for r in team], cases.region),
        "城市": pick(texts.REGION_CITIES, cases.region // 3),
        "备注": pick((*texts.REMARKS, ""), remark),
    }


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
    result = np.where(done & (rng.random(size) > 0.015), cases.result, NONE)
    words = pick((*RESULTS, ""), result)
    for i in np.flatnonzero((result != NONE) & (result < 2) & (cases.type != REPAIR)).tolist():
        words[i] = f"{TYPES[int(cases.type[i])]}完成"
    cause = np.where(done & (rng.random(size) > 0.07), rng.integers(0, len(texts.CAUSES), size), NONE)
    fault = np.where(rng.random(size) > 0.02, cases.fault, NONE)
    return {
        "处理结果": words,
        "根因": pick((*texts.CAUSES, "-"), cause),
        "故障代码": pick((*(code for code, *_ in ALL_FAULTS), ""), fault),
        "故障大类": pick([group for _, group, _ in ALL_FAULTS], cases.fault),
    }
