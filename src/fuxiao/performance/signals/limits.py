"""Where signals start: the thresholds of ``core.gaming`` and those of over-compensation, as a company sets them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from fuxiao.base.fast_yaml import load_plain, place_of, reason_of
from fuxiao.base.files import stands
from fuxiao.core.errors import DefinitionError, Issue, did_you_mean
from fuxiao.core.gaming.registry import DETECTORS, limits_from
from fuxiao.core.gaming.signal import Limits, Number

OVER_COMPENSATION = "over_compensation"
"""The key of what approvers granted; ``over_compensation_proposed``, by proposer, shares its thresholds."""


FILE = "signals.yaml"
"""The file of a home folder; without it the defaults hold."""


class Told(StrEnum):
    """When somebody reads of a finding on themselves: once it was decided, as soon as it was found, or never."""

    WHEN_DECIDED = "when_decided"
    WHEN_FOUND = "when_found"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Policy:
    """What a company decided about signals: its thresholds by detector, only those it changed, and who is told when."""

    told: Told = Told.WHEN_DECIDED
    thresholds: Mapping[str, Mapping[str, Number]] = field(default_factory=dict)

    @property
    def limits(self) -> dict[str, Limits]:
        """All detectors' thresholds."""
        return read_limits(self.thresholds)

    def with_thresholds(self, detector: str, numbers: Mapping[str, Number]) -> Policy:
        """The same with these thresholds of one detector; both ways to look at over-compensation share theirs."""
        key = detector.removesuffix("_proposed")
        kept = {**self.thresholds.get(key, {}), **numbers}
        return replace(self, thresholds={**self.thresholds, key: kept})

    def as_dict(self) -> dict[str, Any]:
        """As the file holds it."""
        return {"told": self.told.value, "thresholds": {key: dict(each) for key, each in self.thresholds.items()}}


def policy_of(home: Path) -> Policy:
    """The policy in force; ``DefinitionError`` with every issue of the file."""
    path = home / FILE
    return read_policy(path.read_text(encoding="utf-8-sig")) if stands(path) else Policy()


def read_policy(text: str) -> Policy:
    """A policy from the text of its file: ``told`` and ``thresholds`` by detector."""
    try:
        raw = load_plain(text) or {}
    except yaml.YAMLError as error:
        raise DefinitionError(
            "signals", [Issue(FILE + place_of(error), "yaml.unreadable", {"reason": reason_of(error)})]
        ) from error
    thresholds = raw.get("thresholds", {}) if isinstance(raw, Mapping) else None
    if not isinstance(thresholds, Mapping) or not all(_numbers(each) for each in thresholds.values()):
        raise DefinitionError("signals", [Issue(f"{FILE}: thresholds", "field.not_a_table")])
    told = str(raw.get("told", Told.WHEN_DECIDED))
    if told not in tuple(Told):
        near = tuple(did_you_mean(told, list(Told)))
        raise DefinitionError("signals", [Issue(f"{FILE}: told", "signal.unknown", {"near": near})])
    found = {str(key): dict(each) for key, each in thresholds.items()}
    read_limits(found)
    return Policy(Told(told), found)


def _numbers(given: object) -> bool:
    """Whether this is a table of numbers."""
    return isinstance(given, Mapping) and all(
        isinstance(each, int | float) and not isinstance(each, bool) for each in given.values()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CompensationLimits(Limits):
    """Raised where more than this part above the expected amount was paid, beyond chance; ``fewest`` counts payments,
    ``fewest_past`` the past payments a cell needs to say what is usual."""

    excess_above: float = 0.20
    p_at_most: float = 0.01
    fewest_past: int = 20


COMPENSATION = CompensationLimits()


def read_limits(settings: Mapping[str, Mapping[str, Number]] | None = None) -> dict[str, Limits]:
    """The thresholds of all detectors by key, the given ones in place of the defaults.

    ``DefinitionError`` with every unknown detector or threshold and every negative number.
    """
    given = dict(settings or {})
    own = given.pop(OVER_COMPENSATION, {})
    issues = [*_issues(own), *_known_issues(given)]
    if issues:
        raise DefinitionError("signals", issues)
    limits = replace(COMPENSATION, **own)  # type: ignore[arg-type]
    return {**limits_from(given), OVER_COMPENSATION: limits, f"{OVER_COMPENSATION}_proposed": limits}


def _issues(numbers: Mapping[str, Number]) -> list[Issue]:
    known = COMPENSATION.numbers()
    where = f"signals.{OVER_COMPENSATION}"
    unknown = [
        Issue(f"{where}.{name}", "signal.unknown_threshold", {"near": did_you_mean(name, known)})
        for name in numbers
        if name not in known
    ]
    negative = [
        Issue(f"{where}.{name}", "signal.threshold_negative", {"value": value})
        for name, value in numbers.items()
        if name in known and value < 0
    ]
    return [*unknown, *negative]


def _known_issues(given: Mapping[str, Mapping[str, Number]]) -> list[Issue]:
    """The issues of the thirteen kinds, gathered instead of raised; a near name may be over-compensation's."""
    near = [*DETECTORS, OVER_COMPENSATION]
    strangers = [k for k in given if k not in DETECTORS]
    issues = [Issue(f"signals.{k}", "signal.unknown", {"near": did_you_mean(k, near)}) for k in strangers]
    try:
        limits_from({key: numbers for key, numbers in given.items() if key in DETECTORS})
    except DefinitionError as error:
        issues += error.issues
    return issues
