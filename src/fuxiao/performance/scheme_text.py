"""A scheme as an editor holds it: plain values with every curve written out, from and to the text of its file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from fuxiao.base.plain_yaml import plain_yaml
from fuxiao.core.errors import DefinitionError, Issue
from fuxiao.core.score import IndicatorInfo, Scheme, read_scheme
from fuxiao.performance.decisions import parse

SHORT = ("floor", "target", "stretch")
SHORT_CURVE = "floor_target_stretch"
ORDER = (
    "scheme", "version", "names", "note", "cycle", "small_sample", "limits", "grades", "coefficients", "bonus",
    "deductions", "gates", "vetoes", "ratings", "tenure", "distribution", "ranks", "roles",
)  # fmt: skip
ITEM_ORDER = ("indicator", "weight", *SHORT, "curve")
Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Checked:
    """A scheme read from plain values; ``None`` where an error is among the issues."""

    scheme: Scheme | None
    issues: tuple[Issue, ...]

    @property
    def errors(self) -> tuple[Issue, ...]:
        return tuple(issue for issue in self.issues if issue.severity == "error")


def scheme_plain(text: str) -> Plain:
    """The values of a scheme's text, each item's thresholds as a curve. ``DefinitionError`` for what is no table."""
    raw = parse(text, "scheme")
    if not isinstance(raw, Mapping):
        raise DefinitionError("scheme", [Issue("", "mapping.expected", {"got": str(raw)})])
    plain = deepcopy(dict(raw))
    for item in _items(plain):
        short = {name: item.pop(name) for name in SHORT if item.get(name) is not None}
        if short and "curve" not in item:
            item["curve"] = {"type": SHORT_CURVE, **short}
        elif short:
            item.update(short)
    return plain


def scheme_text(plain: Mapping[str, Any]) -> str:
    """The text of a scheme: parts in the usual order, an item a line, thresholds without their curve's name."""
    kept = {name: plain[name] for name in ORDER if name in plain} | {n: v for n, v in plain.items() if n not in ORDER}
    made = deepcopy(kept)
    for item in _items(made):
        curve = item.get("curve")
        if isinstance(curve, Mapping) and curve.get("type") == SHORT_CURVE and set(curve) <= {"type", *SHORT}:
            item.update({name: curve[name] for name in SHORT if name in curve})
            del item["curve"]
        ordered = {name: item[name] for name in ITEM_ORDER if name in item}
        rest = {name: each for name, each in item.items() if name not in ordered}
        item.clear()
        item.update(ordered | rest)
    return plain_yaml(made)


def check_scheme(plain: object, infos: Mapping[str, IndicatorInfo]) -> Checked:
    """The scheme with everything that is wrong with it or deserves a second look."""
    try:
        scheme = read_scheme(plain, indicators=infos)
    except DefinitionError as refused:
        return Checked(None, refused.issues)
    return Checked(scheme, scheme.warnings)


def judged_names(plain: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    """What the items that people judge are called, by their code."""
    judged = (item for item in _items(plain) if "rubric" in item)
    return {str(item.get("indicator")): names for item in judged if isinstance(names := item.get("names"), Mapping)}


def _items(plain: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    roles = plain.get("roles")
    for role in roles.values() if isinstance(roles, Mapping) else ():
        items = role.get("items") if isinstance(role, Mapping) else None
        yield from (item for item in items if isinstance(item, dict)) if isinstance(items, list) else ()


@dataclass(frozen=True, slots=True)
class Step:
    """One difference between two versions: where (a path whose items go by their indicator), what it was and is."""

    path: tuple[str, ...]
    old: str
    new: str


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Step]:
    """What changed from one version to the other; the version's own number does not count."""
    before, after = dict(_leaves(old, ())), dict(_leaves(new, ()))
    paths = dict.fromkeys([*before, *after])
    found = ((path, before.get(path, ""), after.get(path, "")) for path in paths if path != ("version",))
    return [Step(path, was, now) for path, was, now in found if was != now]


def _leaves(value: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _leaves(each, (*path, str(key)))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for place, each in enumerate(value):
            yield from _leaves(each, (*path, _name_of(each, place)))
    elif value is not None:
        yield path, f"{value:f}" if isinstance(value, Decimal) else str(value)


def _name_of(row: object, place: int) -> str:
    """What tells a row of a list apart, so that moving it is no change."""
    if isinstance(row, Mapping):
        return str(row.get("indicator") or row.get("event") or place + 1)
    return row if isinstance(row, str) else str(place + 1)
