"""Which kinds of events the schemes know, and what each of them does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from fuxiao.core.errors import DefinitionError
from fuxiao.metrics.models import RuleKind
from fuxiao.metrics.rule_files import rule_keys, rule_text
from fuxiao.performance.cycles.models import Cycle
from fuxiao.performance.decisions import parse


class Effect(StrEnum):
    """The heaviest thing that a kind does in any of the schemes."""

    VETO = "veto"
    BONUS = "bonus"
    DEDUCTION = "deduction"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of event; ``names`` by language where a scheme gives some."""

    code: str
    effect: Effect
    names: Mapping[str, str]


def known_kinds(home: Path) -> dict[str, Kind]:
    """The kinds of the schemes in the home folder and of those that running cycles were opened with. One query."""
    texts = [rule_text(home, RuleKind.SCHEME, key) for key in rule_keys(home, RuleKind.SCHEME)]
    running = Cycle.objects.filter(as_of__isnull=True).order_by("id").values_list("scheme_text", flat=True)
    return kinds_in([*texts, *running])


def kinds_in(texts: Iterable[str]) -> dict[str, Kind]:
    """The kinds by code, vetoes first. A scheme that cannot be read has none: its own page says what is wrong."""
    found = [kind for text in texts for kind in _of_scheme(text)]
    order = list(Effect)
    kinds: dict[str, Kind] = {}
    for each in sorted(found, key=lambda kind: (order.index(kind.effect), kind.code, not kind.names)):
        kinds.setdefault(each.code, each)
    return kinds


def _of_scheme(text: str) -> Iterator[Kind]:
    try:
        scheme = parse(text, "scheme")
    except DefinitionError:
        return
    if not isinstance(scheme, Mapping):
        return
    for effect, place in ((Effect.VETO, "vetoes"), (Effect.BONUS, "bonus"), (Effect.DEDUCTION, "deductions")):
        for row in _rows(scheme.get(place)):
            if row.get("event"):
                names = row.get("names")
                yield Kind(str(row["event"]), effect, names if isinstance(names, Mapping) else {})


def _rows(given: object) -> Iterator[Mapping[str, Any]]:
    rows = given.get("rules") if isinstance(given, Mapping) else given
    yield from (row for row in rows if isinstance(row, Mapping)) if isinstance(rows, list) else ()
