"""What a service stands for, and the objectives and indicators that follow from it, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from fuxiao.base.fast_yaml import load_plain
from fuxiao.performance.objectives.models import Perspective

Words = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Proposed:
    """An objective with the indicators that show it, and why both belong to this way to win."""

    perspective: Perspective
    title: Words
    why: Words
    indicators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """A way to win (定位)."""

    name: Words
    sentence: Words
    objectives: tuple[Proposed, ...]


@cache
def ways() -> Mapping[str, Way]:
    """The ways that ship with the product, by key."""
    text = resources.files("fuxiao.performance.objectives").joinpath("ways.yaml").read_text(encoding="utf-8")
    return {key: _way(raw) for key, raw in load_plain(text).items()}


def _way(raw: Mapping[str, Any]) -> Way:
    made = (
        Proposed(
            Perspective(each["perspective"]), _words(each["title"]), _words(each["why"]), tuple(each["indicators"])
        )
        for each in raw["objectives"]
    )
    return Way(_words(raw["name"]), _words(raw["sentence"]), tuple(made))


def _words(raw: Mapping[str, str]) -> Words:
    return raw["zh"], raw["en"]
