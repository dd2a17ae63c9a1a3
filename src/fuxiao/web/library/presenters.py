"""The library as pages show it: shelves of indicators, and the card of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fuxiao.core.errors import FuxiaoError
from fuxiao.engine.definition import Indicator
from fuxiao.metrics.models import RuleKind
from fuxiao.metrics.rule_files import rule_keys, rule_text
from fuxiao.performance.decisions import read_scheme_text
from fuxiao.performance.scoring import indicator_infos
from fuxiao.web.metrics.cuts import TEAM, Subject, groupings
from fuxiao.web.metrics.desk import Desk
from fuxiao.web.metrics.detail import Detail, detail
from fuxiao.web.metrics.overview import Row, matches, overview
from fuxiao.web.metrics.periods import Picker
from fuxiao.web.words import language, t

KINDS: Mapping[str, tuple[str, str]] = {
    "speed": ("时效", "Speed"), "volume": ("产量", "Volume"), "quality": ("质量", "Quality"),
    "voice": ("客户声音", "Customer voice"), "cost": ("成本", "Cost"), "safety": ("安全", "Safety"),
    "people": ("人员", "People"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Use:
    """A role of a scheme that scores by an indicator, and with which weight."""

    scheme: str
    name: str
    role: str
    weight: str


@dataclass(frozen=True, slots=True)
class Book:
    """A line of the library; ``row`` has the company's figure, ``waiting`` says what is missing for one."""

    indicator: Indicator
    name: str
    kind: str
    row: Row | None
    waiting: str
    uses: Sequence[Use]
    own: bool

    @property
    def code(self) -> str:
        return self.indicator.code

    @property
    def plain(self) -> str:
        return self.indicator.plain[language()]

    @property
    def gaming(self) -> str:
        return self.indicator.gaming.get(language(), "")


@dataclass(frozen=True, slots=True)
class Shelf:
    name: str
    books: Sequence[Book]


@dataclass(frozen=True, slots=True)
class Card:
    """Everything of one indicator; ``detail`` has meaning and figures, the latter by team where there are any."""

    detail: Detail
    kind: str
    by_team: bool
    uses: Sequence[Use]
    own: bool


def shelves(desk: Desk, picker: Picker, home: Path, *, search: str = "", area: str = "", kind: str = "") -> list[Shelf]:
    """The sections with the indicators that were asked for."""
    found = overview(desk, picker, Subject())
    rows = {row.code: row for _, section in found.sections for row in section}
    waiting = {code: each.wanting for each in found.waiting for code, _ in each.indicators}
    uses, own = uses_of(desk, home), frozenset(rule_keys(home, RuleKind.INDICATOR))
    made = []
    for section in desk.library.sections:
        books = [
            Book(each, each.name[language()], t(*KINDS.get(each.kind, (each.kind, each.kind))), rows.get(each.code),
                 waiting.get(each.code, ""), uses.get(each.code, ()), each.code in own)
            for each in section.indicators
            if area in ("", section.code) and kind in ("", each.kind) and matches(each, search)
        ]  # fmt: skip
        made += [Shelf(section.name[language()], books)] if books else []
    return made


def card(desk: Desk, indicator: Indicator, picker: Picker, home: Path) -> Card:
    offered = [name for name, _ in groupings(indicator, desk.facts_of(indicator), Subject(), desk.viewer)]
    by = TEAM if TEAM in offered and (desk.viewer.sees_all or desk.viewer.teams) else ""
    of = desk.choices[0]
    return Card(
        detail(desk, indicator, picker, of, by=by, sort="value"),
        t(*KINDS.get(indicator.kind, (indicator.kind, indicator.kind))), bool(by),
        uses_of(desk, home).get(indicator.code, ()), indicator.code in rule_keys(home, RuleKind.INDICATOR),
    )  # fmt: skip


def uses_of(desk: Desk, home: Path) -> dict[str, list[Use]]:
    """Which schemes in force use which indicators; a scheme that cannot be read uses none."""
    found: dict[str, list[Use]] = {}
    for key in rule_keys(home, RuleKind.SCHEME):
        for code, use in _uses(desk, key, rule_text(home, RuleKind.SCHEME, key)):
            found.setdefault(code, []).append(use)
    return found


def _uses(desk: Desk, key: str, text: str) -> Iterator[tuple[str, Use]]:
    try:
        scheme = read_scheme_text(text, indicator_infos(desk.library.indicators))
    except FuxiaoError:
        return
    for role in scheme.roles.values():
        for item in role.items:
            names = (scheme.names.get(language(), key), role.names.get(language(), role.key))
            yield item.indicator, Use(key, *names, f"{item.weight:f}")
