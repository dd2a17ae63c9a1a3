"""Words of surveys, complaints and checks."""

from __future__ import annotations

from fuxiao.web.words import later

MARKS = (
    (5, later("非常满意", "Very satisfied")), (4, later("满意", "Satisfied")), (3, later("一般", "Neither")),
    (2, later("不满意", "Dissatisfied")), (1, later("非常不满意", "Very dissatisfied")),
)  # fmt: skip
CHANNELS = (
    ("internal", later("公司渠道", "Own channel")), ("platform", later("电商平台", "Platform")),
    ("12315", later("12315", "12315 hotline")), ("media", later("媒体", "Media")),
)  # fmt: skip
SEVERITIES = (("low", later("轻微", "Minor")), ("medium", later("一般", "Medium")), ("high", later("严重", "Serious")))
PENDING = later("待判责", "Not decided")
VALIDITIES = (("valid", later("成立", "Valid")), ("invalid", later("不成立", "Invalid")))
STEPS = {
    "received": later("受理", "Received"), "acknowledged": later("已告知客户", "Customer was told"),
    "given": later("指定经办人", "Given to"), "noted": later("处理记录", "Note"),
    "settled": later("办结", "Settled"), "confirmed": later("客户确认办结", "Customer agrees"),
    "not_agreed": later("客户不认可，重新处理", "Customer does not agree: open again"),
    "decided": later("判责", "Liability decision"),
}  # fmt: skip
SAMPLINGS = (("random", later("随机", "Random")), ("targeted", later("定向", "Targeted")))
CRITICAL = (
    ("", later("非致命", "Not critical")), ("customer", later("致命：客户", "Critical: customer")),
    ("business", later("致命：业务", "Critical: business")), ("compliance", later("致命：合规", "Critical: compliance")),
)  # fmt: skip
