"""One command's work on a home folder: the store opened, facts fresh, definitions at hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from fuxiao.base.settings import read_settings
from fuxiao.cli.context import Context, errors_in_words, make_context
from fuxiao.cli.options import settle_language
from fuxiao.cli.shown import role_named, side_unit, unit_text
from fuxiao.core.bonus.money import MINOR_UNITS
from fuxiao.core.errors import InputError, UnknownName
from fuxiao.core.period import Period, local_day, parse_period
from fuxiao.core.score.scheme import Scheme
from fuxiao.datasets.build import build_facts
from fuxiao.datasets.passing import PassingFacts, made, planned
from fuxiao.datasets.store import Store
from fuxiao.engine.definition import Indicator
from fuxiao.engine.fact_tables import FactTable
from fuxiao.incentives.results import Recipe
from fuxiao.incentives.settling import Terms, read_plan_text
from fuxiao.metrics.availability import columns_read
from fuxiao.metrics.library import Library, read_library
from fuxiao.metrics.source import FactStore, facts_in
from fuxiao.metrics.values import Request
from fuxiao.performance.decisions import Decisions, definition_text, read_decisions, read_scheme_text
from fuxiao.performance.scoring import ScoreRun, indicator_infos, score_period

CLOCKS = ("business", "calendar")
Named = TypeVar("Named")


@dataclass
class Session:
    """An open home folder and what was asked of it."""

    context: Context
    store: Store
    as_of: datetime
    passing: PassingFacts | None = None

    @property
    def lang(self) -> str:
        return self.context.lang

    @cached_property
    def library(self) -> Library:
        """Built-in and own indicators, with the dimensions that this company's files brought."""
        currency = self.store.settings.currency
        return read_library(self.context.home / "indicators", tables=self.declared, currency=currency)

    @property
    def declared(self) -> Mapping[str, FactTable]:
        """The fact tables with their dimensions, whether stored or only planned."""
        return facts_in(self.passing or self.store).declared

    @property
    def places(self) -> int:
        """Digits behind the point of amounts of money."""
        return MINOR_UNITS.get(self.store.settings.currency, 2)

    def unit(self, indicator: Indicator) -> str:
        """What the indicator's figures are in; of amounts the currency."""
        return unit_text(indicator.unit, self.lang).strip() or (
            self.store.settings.currency if indicator.unit == "money" else ""
        )

    def side_units(self, indicator: Indicator) -> tuple[str, str]:
        """What its numerator and its denominator are added up in."""
        above, below = (
            side_unit(indicator, part, self.lang, self.store.settings.currency)
            for part in (indicator.numerator, indicator.denominator)
        )
        return above, below

    @cached_property
    def decisions(self) -> Decisions:
        return read_decisions(self.context.home)

    @property
    def day(self) -> date:
        """The local day that begins at the cut-off, as the pages have it: the first without data."""
        return local_day(int(self.as_of.timestamp()), self.store.settings.zone)

    @property
    def last_day(self) -> date:
        """The last local day with data: the one that ``--as-of`` names."""
        return self.day - timedelta(days=1)

    def period(self, text: str | None) -> Period:
        """The period asked for; without one, the month before the cut-off."""
        if text:
            return parse_period(text)
        return parse_period(f"{self.day:%Y-%m}").previous()

    def facts(self) -> None:
        """Make the facts as of the cut-off, if they are not there."""
        build_facts(self.store, cut_off=self.as_of)

    def plan_facts(self) -> None:
        """Make the facts, or where there are many records only plan them: ``facts_of`` makes what a question needs."""
        self.passing = planned(self.store, cut_off=self.as_of)

    @contextmanager
    def facts_of(self, request: Request) -> Iterator[FactStore]:
        """The facts that the values asked for are made of."""
        if self.passing is None:
            yield self.store
            return
        wanted = columns_read(request.indicators, facts_in(self.passing), request.scope)
        with made(self.passing, wanted) as facts:
            yield facts

    def scheme_text(self, name: str | None) -> str:
        found = self._only(name, "schemes")
        return definition_text(found, home=self.context.home, folder="schemes", package="fuxiao.performance")

    def plan_text(self, name: str | None) -> str:
        found = self._only(name, "plans")
        return definition_text(found, home=self.context.home, folder="plans", package="fuxiao.incentives")

    def _only(self, name: str | None, folder: str) -> str:
        """The name asked for, or the one file of the folder."""
        if name:
            return name
        own = sorted(path.stem for path in (self.context.home / folder).glob("*.yaml"))
        if len(own) != 1:
            raise InputError("cli.which_definition", folder=folder, found=own)
        return own[0]

    def score(self, period: Period, scheme: str | None, *, clock: str, role: str) -> ScoreRun:
        """The scorecards of a period."""
        self.facts()
        read = self._scheme(scheme)
        return score_period(
            self.store,
            read,
            period,
            library=self.library.indicators,
            decisions=self.decisions,
            as_of=self.as_of,
            clock=known(clock, CLOCKS, "clock"),
            default_role=role_named(role, read.roles) if role else "",
        )

    def _scheme(self, name: str | None) -> Scheme:
        return read_scheme_text(self.scheme_text(name), indicator_infos(self.library.indicators))

    def recipe(
        self, period: Period, scheme: str | None, plan: str | None, *, clock: str, role: str, terms: Terms
    ) -> Recipe:
        """All that a result depends on, as a seal keeps it; the period's hold-back and corrections included."""
        from fuxiao.incentives.carrying import with_earlier

        text = self.plan_text(plan)
        role = role_named(role, self._scheme(scheme).roles) if role else ""
        whole = with_earlier(
            self.store, read_plan_text(text), period, terms, records=self.store.manifest.records,
            coefficient=lambda stretch, person: self._coefficient(stretch, person, scheme, clock=clock, role=role),
        )  # fmt: skip
        return Recipe(
            period=period, scheme=self.scheme_text(scheme), plan=text, as_of=self.as_of,
            clock=known(clock, CLOCKS, "clock"), default_role=role, terms=whole,
        )  # fmt: skip

    def _coefficient(self, stretch: Period, person: str, scheme: str | None, *, clock: str, role: str) -> Decimal:
        run = self._stretches.get(stretch.key)
        if run is None:
            run = self._stretches[stretch.key] = self.score(stretch, scheme, clock=clock, role=role)
        return next((card.coefficient for card in run.scores.cards if card.subject == person), Decimal(1))

    @cached_property
    def _stretches(self) -> dict[str, ScoreRun]:
        return {}


def known(word: str, words: tuple[str, ...], kind: str) -> str:
    """The word, if it is one of these; ``UnknownName`` with near ones otherwise."""
    if word not in words:
        raise UnknownName(kind, word, words)
    return word


@contextmanager
def session(home: Path | None, lang: str | None, as_of: str | None = None) -> Iterator[Session]:
    """Open the home folder for one command; whatever goes wrong ends in words and an exit code."""
    context = make_context(home, lang)
    with errors_in_words(context.home):
        settings = read_settings(context.home)
        settle_language(settings.language)
        moment = cut_off(as_of, now=context.now, zone=settings.zone)
        with Store.open(context.home) as store:
            yield Session(context, store, moment)


def cut_off(as_of: str | None, *, now: datetime, zone: str) -> datetime:
    """The end of the day asked for, local; without one, the beginning of today, so that a day's figures hold still."""
    local = ZoneInfo(zone)
    if as_of is None:
        return datetime.combine(now.astimezone(local).date(), time(), local).astimezone(UTC)
    try:
        day = date.fromisoformat(as_of) + timedelta(days=1)
        return datetime.combine(day, time(), local).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InputError("cli.not_a_day", value=as_of) from error
