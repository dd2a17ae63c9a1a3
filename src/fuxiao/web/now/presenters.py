"""The running month as the page shows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from fuxiao.engine.definition import Indicator
from fuxiao.metrics.now import Figures
from fuxiao.org.models import Person
from fuxiao.web.metrics.periods import title as title_of
from fuxiao.web.metrics.presenters import Figure, figure
from fuxiao.web.words import language

COMPARED = ("BKL", "RES", "FRS", "TRS", "FTF", "REO", "CSAT")
"""What a lead sees of each of their people."""


@dataclass(frozen=True, slots=True)
class Tile:
    code: str
    name: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Line:
    """One of the people, with a figure for each column."""

    person: Person
    figures: Sequence[tuple[str, Figure]]


@dataclass(frozen=True, slots=True)
class MonthPage:
    """``columns`` are the codes and names over the figures of ``team``."""

    title: str
    period: str
    data_at: datetime
    mine: Sequence[Tile]
    columns: Sequence[tuple[str, str]]
    team: Sequence[Line]


def page_of_month(found: Figures, own: str | None, team: Iterable[Person]) -> MonthPage:
    """Own figures where anything counted; of the others the same few for each."""
    columns = [(each.code, each.name[language()]) for each in _compared(found)]
    others = [person for person in team if person.number != own]
    return MonthPage(
        title=title_of(found.month), period=found.month.key, data_at=found.data_at,
        mine=list(_tiles(found, own)) if own else [], columns=columns,
        team=[Line(person, _figures(found, person.number)) for person in others],
    )  # fmt: skip


def _tiles(found: Figures, person: str) -> Iterable[Tile]:
    values = found.values[person]
    for code, indicator in found.indicators.items():
        if code in values and (shown := figure(values[code], indicator)).number:
            yield Tile(code, indicator.name[language()], shown)


def _compared(found: Figures) -> list[Indicator]:
    return [found.indicators[code] for code in COMPARED if code in found.indicators]


def _figures(found: Figures, person: str) -> list[tuple[str, Figure]]:
    values = found.values[person]
    return [(each.name[language()], figure(values.get(each.code), each)) for each in _compared(found)]
