"""The words for reason codes and treatments, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
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


def data_file(name: str) -> dict[str, Any]:
    """A YAML file of this package as plain data."""
    plain: dict[str, Any] = yaml.safe_load((files(__package__) / name).read_text(encoding="utf-8"))
    return plain


@cache
def _reasons() -> Mapping[str, Mapping[str, str]]:
    return data_file("words.yaml")


def reason(code: str, language: str) -> str:
    """The sentence for a reason code; the code itself where there is no sentence."""
    return _reasons().get(code, {}).get(language, code)


def treatment(name: str, language: str) -> str:
    return TREATMENTS[name][language]


def codes() -> tuple[str, ...]:
    """All reason codes that have words."""
    return tuple(_reasons())
