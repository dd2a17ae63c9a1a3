"""The invented cases as a program exports all that it keeps of one: 43 columns, half of the moments empty, some rows bad."""

from __future__ import annotations

from bench.logs import LOCAL, Log

MOMENTS = {
    "派工时间": ("assigned_at", 0, 900), "接单时间": ("accepted_at", 900, 900),
    "首次响应时间": ("first_response_at", 300, 900), "预约开始": ("appt_start", 1800, 5400),
    "预约结束": ("appt_end", 7200, 7200), "到场时间": ("on_site_at", 7200, 1800),
    "解决时间": ("resolved_at", 14_400, 72_000), "重开时间": ("reopened_at", 90_000, 9000),
    "取消时间": ("cancelled_at", 1800, 1800),
}  # fmt: skip
"""By header the column, the least seconds after the opening, and within how many more it is."""
FLAGS = {
    "是否测试": "is_test", "是否垃圾": "is_spam", "仅机器人接待": "is_bot_only", "不可抗力": "is_force_majeure",
    "客户改期": "customer_postponed", "首次解决": "first_contact_solved", "保内": "in_warranty",
}  # fmt: skip
WORDS = {
    "责任人": ("owner", "LC", 1500), "首次响应人": ("first_responder", "LC", 1500), "责任单位": ("unit_id", "U", 60),
    "状态": ("status", "状态", 6), "处理结果": ("resolution_code", "处理", 12), "根因": ("root_cause", "原因", 20),
    "故障代码": ("fault_code", "E", 90), "难度系数": ("difficulty", "1.", 9), "标准工时": ("standard_minutes", "", 90),
    "标题": ("title", "空调不制冷，客户很着急，请尽快上门 ", 4000),
}  # fmt: skip
"""By header the column, what each of its words begins with, how many there are."""
FREE = {"城市": ("城市", 40), "街道": ("街道", 900), "备注": ("客户称邻居家同款也有此问题 ", 20_000)}
"""Columns that no indicator asks for, in the same way."""
PLAIN = {
    "工单号": "case_id", "渠道": "channel", "类型": "case_type", "分类": "category", "优先级": "priority",
    "客户": "customer_id", "设备": "device_id", "故障": "fault_group", "产品": "product", "区域": "region",
    "联系次数": "contacts", "处理秒数": "handle_seconds",
}  # fmt: skip
BAD = 100_000
"""Of so many rows one is opened on the 30th of February and refused, and one has a flag that is no word."""


def _query() -> str:
    kind = f"hash(case_id) % {BAD}"
    opened, closed = (LOCAL.format(name) for name in ("opened_at", "closed_at"))
    said = {
        **PLAIN,
        "受理时间": f"if({kind} = 0, '2026-02-30 10:15:00', {opened})",
        "结案时间": closed,
        **{header: _moment(header, least, more) for header, (_, least, more) in MOMENTS.items()},
        **{header: f"if({kind} = 1, '也许', if({_drawn(header, 9)} = 0, '是', '否'))" for header in FLAGS},
        **{header: f"'{word}' || {_drawn(header, many)}" for header, (_, word, many) in WORDS.items()},
        **{header: f"'{word}' || {_drawn(header, many)}" for header, (word, many) in FREE.items()},
    }
    listed = ", ".join(f'{value} as "{header}"' for header, value in said.items())
    return f"select {listed} from log"


def _moment(header: str, least: int, more: int) -> str:
    moment = f"(opened_at + {least} + {_drawn(header, more)})"
    return f"if({_drawn(header + '?', 2)} = 0, {LOCAL.format(moment)}, null)"


def _drawn(salt: str, most: int) -> str:
    return f"(hash(case_id, '{salt}') % {most})::bigint"


def _mapping() -> str:
    dated = {
        "opened_at": "受理时间",
        "closed_at": "结案时间",
        **{name: header for header, (name, *_) in MOMENTS.items()},
    }
    named = PLAIN | FLAGS | {header: name for header, (name, *_) in WORDS.items()}
    lines = [f'{name} = {{column = "{header}", format = "%Y-%m-%d %H:%M:%S"}}' for name, header in dated.items()]
    lines += [f'{name} = "{header}"' for header, name in named.items()]
    free = [f'"{header}" = "{header}"' for header in FREE]
    return "\n".join(['shape = "case"', "[cases.columns]", *lines, "[cases.dimensions]", *free, ""])


WIDE = Log("cases", _query(), _mapping())
