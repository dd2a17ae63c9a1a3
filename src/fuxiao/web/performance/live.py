"""The score of a running cycle: everybody scored once for a state of the lake and a day, then kept in this process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from fuxiao.base.clock import day_start, now
from fuxiao.core.errors import UnknownName
from fuxiao.core.period import parse_period
from fuxiao.core.score import Scorecard
from fuxiao.datasets.store import Store
from fuxiao.incentives.results import Result
from fuxiao.incentives.settling import Terms, read_plan_text, settle_period
from fuxiao.performance.cycles.models import Cycle
from fuxiao.performance.decisions import read_decisions, read_scheme_text
from fuxiao.performance.scoring import ScoreRun, indicator_infos, score_period
from fuxiao.report.build.reporter import Reporter
from fuxiao.report.build.scorecard import make_scorecard
from fuxiao.report.closing import NO_PLAN, past_runs, shown
from fuxiao.report.gather import Extras, gather
from fuxiao.report.plain import plain
from fuxiao.report.source import RankShown, ReportInput
from fuxiao.web.metrics.figures import definitions_key, library_of, memory
from fuxiao.web.words import language


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
    as_of = day_start(store.settings.zone)
    asked = ("score", cycle.period, cycle.scheme_digest, cycle.plan_text, cycle.rank_shown, as_of, _decided(store))
    return memory.get(definitions_key(store, asked), lambda: _source(store, cycle, as_of))


def _decided(store: Store) -> tuple[int, ...]:
    """When targets and events were last changed."""
    paths = (store.home / name for name in ("targets.yaml", "events.yaml"))
    return tuple(path.stat().st_mtime_ns if path.is_file() else 0 for path in paths)


def _source(store: Store, cycle: Cycle, as_of: datetime) -> ReportInput:
    library = library_of(store).indicators
    scheme = read_scheme_text(cycle.scheme_text, indicator_infos(library))
    run = score_period(
        store, scheme, parse_period(cycle.period), library=library, decisions=read_decisions(store.home), as_of=as_of
    )
    plan = read_plan_text(cycle.plan_text or NO_PLAN.format(currency=store.settings.currency))
    result = Result(run, settle_period(store, plan, run, Terms()))
    source = gather(store, result, plan, library, Extras(past=_past(store, cycle, run, as_of)), made_at=now())
    return shown(
        replace(source, cases=None, ledgers=None), plan=cycle.plan_text, rank_shown=RankShown(cycle.rank_shown)
    )


def _past(store: Store, cycle: Cycle, run: ScoreRun, as_of: datetime) -> tuple[ScoreRun, ...]:
    """The periods before: of a day, not of every state of the lake; they are there for the trend."""
    asked = ("past", str(store.home), cycle.period, cycle.scheme_digest, as_of)
    return memory.get(asked, lambda: tuple(past_runs(store, run, library_of(store).indicators)))
