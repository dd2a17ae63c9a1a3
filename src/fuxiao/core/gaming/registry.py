"""The thirteen kinds of gaming signals: code, detectors with their thresholds, and words.

A kind says what to look at in a review. No kind, raised however strongly, changes a score or an amount.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from fuxiao.core.errors import DefinitionError, Issue, UnknownName, did_you_mean
from fuxiao.core.gaming import asking, choosing, closing, spending
from fuxiao.core.gaming.signal import Limits, Number, Signal
from fuxiao.core.gaming.words import SHEETS, Words


@dataclass(frozen=True, slots=True)
class Detector:
    """One way to find a kind of signal: ``key`` is its name in settings, ``limits`` its default thresholds."""

    key: str
    find: Callable[..., Signal]
    limits: Limits


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of signal, with everything a face needs to explain it."""

    code: str
    name: Words
    meaning: Words
    cure: Words
    detectors: tuple[Detector, ...]


def _detector(find: Callable[..., Signal]) -> Detector:
    """The thresholds are the default of the function's own ``limits``: written once."""
    limits: Any = inspect.signature(find).parameters["limits"].default
    return Detector(find.__name__, find, limits)


def _kind(code: str, *finders: Callable[..., Signal]) -> Kind:
    sheet = SHEETS[code]
    return Kind(code, sheet.name, sheet.meaning, sheet.cure, tuple(_detector(find) for find in finders))


KINDS: tuple[Kind, ...] = (
    _kind("G1", choosing.cherry_picking, choosing.picking_by_difficulty),
    _kind("G2", closing.close_and_reopen),
    _kind("G3", choosing.ping_pong),
    _kind("G4", asking.survey_selection),
    _kind("G5", closing.mass_closing),
    _kind("G6", closing.deadline_bunching, closing.clock_stopping),
    _kind("G7", asking.hollow_first_reply),
    _kind("G8", closing.back_dating, closing.far_check_ins),
    _kind("G9", spending.order_splitting),
    _kind("G10", asking.complaint_hiding, asking.unlogged_complaints),
    _kind("G11", choosing.difficulty_inflation),
    _kind("G12", spending.part_padding),
    _kind("G13", asking.rating_bursts),
)
DETECTORS: Mapping[str, Detector] = {one.key: one for kind in KINDS for one in kind.detectors}


def kind(code: str) -> Kind:
    """The kind with this code; an unknown code names the nearest ones."""
    found = next((one for one in KINDS if one.code == code), None)
    if found is None:
        raise UnknownName("signal", code, [one.code for one in KINDS])
    return found


def limits_from(settings: Mapping[str, Mapping[str, Number]]) -> dict[str, Limits]:
    """All detectors' thresholds, the given ones in place of the defaults.

    ``settings`` leads from a detector's key to its thresholds: ``{"cherry_picking": {"odds_ratio": 3}}``. Refused as a
    whole list of issues: unknown detectors and thresholds, negative numbers.
    """
    issues = [issue for key, numbers in settings.items() for issue in _issues(key, numbers)]
    if issues:
        raise DefinitionError("signals", issues)
    return {key: _replaced(one.limits, settings.get(key, {})) for key, one in DETECTORS.items()}


def _replaced(limits: Limits, numbers: Mapping[str, Any]) -> Limits:
    return replace(limits, **numbers)


def _issues(key: str, numbers: Mapping[str, Number]) -> list[Issue]:
    if key not in DETECTORS:
        return [Issue(f"signals.{key}", "signal.unknown", {"near": did_you_mean(key, DETECTORS)})]
    known = DETECTORS[key].limits.numbers()
    unknown = [name for name in numbers if name not in known]
    negative = [name for name, value in numbers.items() if name in known and value < 0]
    return [
        *(Issue(f"signals.{key}.{n}", "signal.unknown_threshold", {"near": did_you_mean(n, known)}) for n in unknown),
        *(Issue(f"signals.{key}.{n}", "signal.threshold_negative", {"value": numbers[n]}) for n in negative),
    ]
