"""What one request needs to read figures: the reader, a store, the day, names, and the indicators there are."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeVar

from fuxiao.base.clock import today
from fuxiao.base.permissions import Viewer
from fuxiao.core.period import Period
from fuxiao.datasets.store import Store
from fuxiao.engine.definition import Indicator
from fuxiao.engine.fact_tables import FACT_TABLES, FactTable
from fuxiao.metrics.extent import extent
from fuxiao.metrics.library import Library
from fuxiao.metrics.source import facts_in
from fuxiao.metrics.values import Request as Asked
from fuxiao.metrics.values import ValueTable
from fuxiao.org import queries as org
from fuxiao.web.access import Request
from fuxiao.web.lake import lake
from fuxiao.web.metrics.cuts import Cut, Subject, subject_of, subjects
from fuxiao.web.metrics.figures import figures_for, library_of, recorded_names, remembered
from fuxiao.web.metrics.periods import Picker, picker
from fuxiao.web.shell.home import organisation
from fuxiao.web.shell.kept import known
from fuxiao.web.words import language

Found = TypeVar("Found")


@dataclass
class Desk:
    """Reads for one reader on one day."""

    viewer: Viewer
    store: Store
    day: date
    request: Request | None = None
    """The request that the reads are for, where they are for one."""

    @cached_property
    def library(self) -> Library:
        return library_of(self.store)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Names of people and teams: as the organisation has them, else as the records tell them."""
        return {**recorded_names(self.store), **self._known("names", org.names)}

    @cached_property
    def people(self) -> frozenset[str]:
        """Who is in the reader's teams."""
        return org.numbers_in_reach(self.viewer, on=self.day)

    @cached_property
    def choices(self) -> list[Subject]:
        return self._known(
            ("subjects", self.viewer, language(), self.store.manifest.generation),
            lambda: subjects(self.viewer, self.names),
        )

    def _known(self, what: Hashable, make: Callable[[], Found]) -> Found:
        return make() if self.request is None else known(self.request, what, make)

    @property
    def extent(self) -> tuple[date, date] | None:
        """The days of the first and of the last case."""
        return remembered(self.store, "extent", lambda: extent(self.store))

    def picker(self, asked: str) -> Picker:
        """The period asked for; without one the last month that has cases, of those before today."""
        extent = self.extent
        return picker(asked, self.day, last=extent[1] if extent else None)

    def subject(self, asked: str) -> Subject:
        return subject_of(asked, self.choices, self.viewer, self.names, on=self.day)

    def facts_of(self, indicator: Indicator) -> FactTable:
        """The fact table that the indicator is taken from, with the columns that own files brought."""
        name = indicator.numerator.dataset
        return facts_in(self.store).declared.get(name, FACT_TABLES[name])

    def values(
        self, indicators: Sequence[Indicator], cut: Cut, first: Period, last: Period, *, exclusions: bool = True
    ) -> ValueTable:
        asked = Asked(
            indicators=indicators, first=first, last=last, by=cut.groups, only=cut.only, exclusions=exclusions
        )  # fmt: skip
        return figures_for(self.viewer, self.store, asked, day=self.day, people=self.people)

    def kept(self, asked: Hashable, make: Callable[[], Found]) -> Found:
        """What was made for readers who may see the same, in their language, of this state of the lake and this day."""
        eyes = (self.viewer.permissions, self.viewer.reach, self.viewer.person, self.viewer.teams, self.people)
        who = frozenset(self.names.items())
        return remembered(self.store, (language(), self.day, eyes, who, asked), make)


@contextmanager
def desk(request: Request) -> Iterator[Desk]:
    """The desk of this request, for as long as the store is held."""
    with lake() as store:
        yield Desk(request.viewer, store, today(organisation().zone), request)
