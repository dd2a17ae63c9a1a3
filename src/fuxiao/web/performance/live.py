"""The score of a running cycle: what figures are made of and what points are made of, kept apart in this process."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from fuxiao.base.clock import day_start, now
from fuxiao.core.errors import UnknownName
from fuxiao.core.fairness.casemix import Adjusted
from fuxiao.core.period import parse_period
from fuxiao.core.score import Scorecard
from fuxiao.datasets.store import Store
from fuxiao.incentives.output import produced
from fuxiao.incentives.results import Result
from fuxiao.incentives.settling import read_plan_text, settle_period
from fuxiao.metrics.now import running
from fuxiao.performance.cycles.amounts import given_in
from fuxiao.performance.cycles.models import Cycle
from fuxiao.performance.decisions import read_decisions, read_scheme_text
from fuxiao.performance.figures import Figures, months, wanted
from fuxiao.performance.scoring import ScoreRun, indicator_infos, score_period
from fuxiao.report.adjusting import adjusted_rates
from fuxiao.report.build.reporter import Reporter
from fuxiao.report.build.scorecard import make_scorecard
from fuxiao.report.closing import NO_PLAN, given_terms, past_runs, shown
from fuxiao.report.gather import Extras, gather
from fuxiao.report.past import as_closed, closed_state
from fuxiao.report.plain import plain
from fuxiao.report.source import RankShown, ReportInput
from fuxiao.web.metrics.figures import definitions_key, facts_key, library_of, memory
from fuxiao.web.words import language

CLOCK = "business"
MOVED_BY = "values rules cases visits surveys complaints checks costs parts"
"""The topics of everything that a figure of a running month, and a score, is made of: open pages ask again for these."""
Found = TypeVar("Found")
_begun: set[Hashable] = set()
"""The cycles whose scores were made here today: from then on they follow what changes at once."""


def live_page(store: Store, cycle: Cycle, person: str) -> dict[str, Any] | None:
    """One person's page as of now, in the reader's language; ``None`` for somebody without a scorecard."""
    source = live_source(store, cycle)
    card = card_of(source, person)
    return None if card is None else plain(make_scorecard(Reporter.of(source, language()), card))


def live_cards(store: Store, cycle: Cycle) -> Mapping[str, Scorecard]:
    """Everybody's card as of now, by person."""
    return {card.subject: card for card in live_source(store, cycle).scores.cards}


def card_of(source: ReportInput, person: str) -> Scorecard | None:
    try:
        return source.scores.card(person)
    except UnknownName:
        return None


def live_source(store: Store, cycle: Cycle) -> ReportInput:
    """What pages of a running cycle are made from."""
    making = _Making(store, cycle, day_start(store.settings.zone))
    state = making.fresh.state if making.fresh else None
    beside = (_decided(store), state, closed_state())
    made = making.kept("score", cycle.plan_text, cycle.amounts_given, cycle.rank_shown, *beside, make=making.source)
    _begun.add(_once(store, cycle))
    return made


def is_begun(store: Store, cycle: Cycle) -> bool:
    """Whether the scores of the cycle were made here today; the first time takes many times as long as any other."""
    return _once(store, cycle) in _begun


def _once(store: Store, cycle: Cycle) -> Hashable:
    return store.home, cycle.pk, cycle.scheme_digest, day_start(store.settings.zone)


def _decided(store: Store) -> tuple[int, ...]:
    """When targets and events were last changed."""
    paths = (store.home / name for name in ("targets.yaml", "events.yaml"))
    return tuple(path.stat().st_mtime_ns if path.is_file() else 0 for path in paths)


class _Making:
    """The score of a cycle, of parts that are kept for as long as what they are made of stays.

    The figures are those of the running month where it is open here: they follow the desk at once. Otherwise, and for
    longer periods, they are those of the facts as last built. A score event changes no figure: only points are added up.
    """

    def __init__(self, store: Store, cycle: Cycle, as_of: datetime) -> None:
        self.store, self.cycle, self.as_of = store, cycle, as_of
        self.period = parse_period(cycle.period)
        self.library = library_of(store).indicators
        self.scheme = read_scheme_text(cycle.scheme_text, indicator_infos(self.library))
        codes = [each.code for each in wanted([self.scheme], self.library)]
        self.fresh = running(store.home).tables(codes, self.period, now=now())

    def kept(self, *asked: Hashable, make: Callable[[], Found], facts_alone: bool = False) -> Found:
        """What is made of the lake, or of its ``facts_alone``, for this cycle and day."""
        key = facts_key if facts_alone else definitions_key
        mine = (self.cycle.period, self.cycle.scheme_digest, self.as_of)
        return memory.get(key(self.store, (*asked, *mine)), make)

    def source(self) -> ReportInput:
        run = score_period(
            self.store, self.scheme, self.period, library=self.library, decisions=read_decisions(self.store.home),
            as_of=self.as_of, figures=self.figures(),
        )  # fmt: skip
        plan = read_plan_text(self.cycle.plan_text or NO_PLAN.format(currency=self.store.settings.currency))
        made = self.kept("produced", make=lambda: produced(self.store, self.period), facts_alone=True)
        result = Result(
            run, settle_period(self.store, plan, run, given_terms(given_in(self.cycle.amounts), plan), made)
        )
        extras = Extras(past=_past(self.store, self.cycle, run, self.as_of), adjusted=self.adjusted(run))
        source = gather(self.store, result, plan, self.library, extras, made_at=now())
        return shown(
            replace(source, past=as_closed(self.store, source.past), cases=None, ledgers=None),
            plan=self.cycle.plan_text, rank_shown=RankShown(self.cycle.rank_shown),
        )  # fmt: skip

    def figures(self) -> Figures:
        """Of the running month, or of the facts."""
        asked, periods = [self.scheme], [self.period]
        if self.fresh is None:
            return self.kept("figures", facts_alone=True, make=lambda: Figures.computed(
                self.store, asked, periods, library=self.library, as_of=self.as_of, clock=CLOCK
            ))  # fmt: skip
        before = self.kept(
            "months", make=lambda: months(self.store, asked, self.library, periods, clock=CLOCK), facts_alone=True
        )
        return Figures.made_of(self.fresh.people, self.fresh.teams, self.fresh.whole, before)

    def adjusted(self, run: ScoreRun) -> Mapping[tuple[str, str], Adjusted]:
        """Rates adjusted for the kind of cases, as of the facts last built."""
        roles = tuple((member.person, member.role) for member in run.roster.members.values())
        return self.kept(
            "adjusted", roles, facts_alone=True, make=lambda: adjusted_rates(self.store, run, self.library)
        )


def _past(store: Store, cycle: Cycle, run: ScoreRun, as_of: datetime) -> tuple[ScoreRun, ...]:
    """The periods before: of a day, not of every state of the lake; they are there for the trend."""
    asked = ("past", str(store.home), cycle.period, cycle.scheme_digest, as_of)
    return memory.get(asked, lambda: tuple(past_runs(store, run, library_of(store).indicators)))
