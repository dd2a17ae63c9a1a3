"""The registry of component types, and how a component of a plan is read by its ``type``."""

from __future__ import annotations

from collections.abc import Mapping

from fuxiao.core.bonus.component import (
    Allowance,
    BaseCoefficient,
    Component,
    PayoutCurve,
    PieceRate,
    PointValue,
    TieredCommission,
)
from fuxiao.core.bonus.reader import Issues, Kind, at, read_record
from fuxiao.core.errors import Issue, did_you_mean

TYPES: Mapping[str, type[Component]] = {
    each.TYPE: each for each in (BaseCoefficient, PieceRate, TieredCommission, PayoutCurve, PointValue, Allowance)
}


def read_component(value: object, where: str, issues: Issues) -> Component | None:
    """A component by its ``type``; ``None`` where there is no such type."""
    if not isinstance(value, Mapping):
        issues.append(Issue(where, "definition.not_a_table", {"value": str(value)}))
        return None
    name = str(value.get("type", ""))
    if name not in TYPES:
        params = {"value": name, "choices": tuple(TYPES), "near": tuple(did_you_mean(name, TYPES))}
        code = "definition.not_a_choice" if name else "definition.missing"
        issues.append(Issue(at(where, "type"), code, params if name else {}))
        return None
    return read_record(TYPES[name], {key: each for key, each in value.items() if key != "type"}, where, issues)


COMPONENT = Kind(read_component)
