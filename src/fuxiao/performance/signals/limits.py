"""Where signals start: the thresholds of ``core.gaming`` and those of over-compensation, as a company sets them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from fuxiao.core.errors import DefinitionError, Issue, did_you_mean
from fuxiao.core.gaming.registry import DETECTORS, limits_from
from fuxiao.core.gaming.signal import Limits, Number

OVER_COMPENSATION = "over_compensation"
"""The key of what approvers granted; ``over_compensation_proposed``, by proposer, shares its thresholds."""


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
