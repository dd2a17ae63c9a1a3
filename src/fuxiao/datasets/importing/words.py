"""The words for reason codes and treatments, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

TREATMENTS: Mapping[str, Mapping[str, str]] = {
    "reject": {"zh": "整行拒收", "en": "row refused"},
    "skip": {"zh": "未读取", "en": "not read"},
    "mend": {"zh": "已修正", "en": "mended"},
    "blank": {"zh": "该值留空", "en": "value left out"},
    "keep": {"zh": "保留并提示", "en": "kept"},
    "drop": {"zh": "已略去", "en": "left out"},
}

NEAR: Mapping[str, Mapping[str, str]] = {
    "width": {"zh": "统一全角半角后", "en": "with half-width signs"},
    "case": {"zh": "不分大小写后", "en": "whatever the capitals"},
    "decimal": {"zh": "去掉 .0 后", "en": "without the .0"},
    "zeros": {"zh": "去掉前导零后", "en": "without the leading zeros"},
    "several": {
        "zh": "把前导零、.0、大小写、全角一并统一后",
        "en": "with zeros, .0, capitals and widths all made alike",
    },
}
"""How names of something unknown would have to be written to be known."""


def data_file(name: str) -> dict[str, Any]:
    """A YAML file of this package as plain data."""
    plain: dict[str, Any] = yaml.safe_load((files(__package__) / name).read_text(encoding="utf-8"))
    return plain


@cache
def _reasons() -> Mapping[str, Mapping[str, str]]:
    return data_file("words.yaml")


@cache
def _advice() -> Mapping[str, Mapping[str, str]]:
    return data_file("advice.yaml")


def reason(code: str, language: str) -> str:
    """The sentence for a reason code; the code itself where there is no sentence."""
    return _reasons().get(code, {}).get(language, code)


def advice(code: str, language: str) -> str:
    """What to do about it; empty where nothing is to be done."""
    return _advice().get(code, {}).get(language, "")


def near(pairs: Sequence[tuple[str, int]], language: str, *, count: int) -> str:
    """How many of the names of something unknown would be known if they were written differently."""
    if language == "zh":
        listed = "，".join(f"{n:,} 条{NEAR[how]['zh']}即可对上" for how, n in pairs)
        return f"{count:,} 条中有 {listed}"
    (first, most), *others = pairs
    listed = "".join(f", {n:,} {NEAR[how]['en']}" for how, n in others)
    return f"{most:,} of {count:,} would fit {NEAR[first]['en']}{listed}"


def problem(code: str, language: str, *, near_ones: Sequence[tuple[str, int]], count: int) -> str:
    """What is wrong, in words, and how much of it is only written differently."""
    if not near_ones:
        return reason(code, language)
    return ("；" if language == "zh" else "; ").join([reason(code, language), near(near_ones, language, count=count)])


def advised(codes: Iterable[str], language: str) -> list[str]:
    """What to do about each of these faults, a line for each that asks for anything."""
    colon = "：" if language == "zh" else ": "
    told = ((reason(code, language), advice(code, language)) for code in dict.fromkeys(codes))
    return [f"{what}{colon}{todo}" for what, todo in told if todo]


def treatment(name: str, language: str) -> str:
    return TREATMENTS[name][language]


def codes() -> tuple[str, ...]:
    """All reason codes that have words."""
    return tuple(_reasons())
