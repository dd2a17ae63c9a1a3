"""What is stored as a code, in the reader's words: the kind of an event, the outcome of a visit, a verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fuxiao.base.wording import say
from fuxiao.engine.schema import COST_KINDS, FILLED_FROM, PAUSE_KINDS, VISIT_OUTCOMES, WRONG_PARTS
from fuxiao.web.cases.wording import event_word
from fuxiao.web.org.positions import position_word
from fuxiao.web.voice.words import CHANNELS, CRITICAL, PENDING, SAMPLINGS, SEVERITIES, VALIDITIES
from fuxiao.web.words import language, later

Words = Mapping[str, object]
CHECKED = {
    "case": later("工单", "Case"), "callback": later("回访", "Call-back"), "warranty": later("三包", "Warranty duty"),
}  # fmt: skip
MISTAKES = dict(zip(WRONG_PARTS, (later("拣错", "picked wrongly"), later("申请错", "asked for wrongly")), strict=True))


def _said(family: str, codes: tuple[str, ...]) -> Callable[[str], str]:
    return lambda code: say(f"{family}{code}", language()) if code in codes else code


def _in(words: Words) -> Callable[[str], str]:
    return lambda code: str(words.get(code, code))


WORDS: Mapping[tuple[str, str], Callable[[str], str]] = {
    ("case_events", "type"): event_word,
    ("case_events", "kind"): _said("reason.paused:", PAUSE_KINDS),
    ("visits", "outcome"): _said("visit_outcome.", VISIT_OUTCOMES),
    ("complaints", "validity"): _in({"pending": PENDING, **dict(VALIDITIES)}),
    ("complaints", "severity"): _in(dict(SEVERITIES)),
    ("complaints", "channel"): _in(dict(CHANNELS)),
    ("checks", "critical"): _in(dict(CRITICAL)),
    ("checks", "sampling"): _in(dict(SAMPLINGS)),
    ("checks", "kind"): _in(CHECKED),
    ("costs", "kind"): _said("cost_kind.", COST_KINDS),
    ("part_lines", "filled_from"): _said("filled_from.", FILLED_FROM),
    ("part_lines", "wrong_reason"): _in(MISTAKES),
    ("memberships", "role"): position_word,
}


def value_word(dataset: str, column: str, value: str) -> str:
    """A stored text in the reader's words; what a company writes itself stays as it is."""
    worded = WORDS.get((dataset, column))
    return worded(value) if worded and value else value
