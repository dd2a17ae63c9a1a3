"""A draft scheme played over closed review cycles: their data at the cut-off, their people, their rulings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from fuxiao.core.bonus.plan import Plan
from fuxiao.core.period import Period
from fuxiao.core.score import Scheme
from fuxiao.datasets.store import Store
from fuxiao.engine.definition import Indicator
from fuxiao.incentives.compared import Replay, compared
from fuxiao.incentives.replay import Progress
from fuxiao.incentives.sides import Payroll, Side
from fuxiao.metrics.library import read_library
from fuxiao.metrics.source import facts_in
from fuxiao.performance.decisions import read_decisions, read_scheme_text
from fuxiao.performance.figures import Figures
from fuxiao.performance.rulings import Ruling, RulingKind
from fuxiao.performance.scoring import ScoreRun, indicator_infos, score_periods


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A closed cycle as it can be played again; ``home`` is the folder that stands still since its cut-off."""

    period: Period
    scheme: str
    as_of: datetime
    home: Path
    people: frozenset[str]
    rulings: tuple[Ruling, ...] = ()
    sealed: bool = False

    @property
    def heard(self) -> tuple[Ruling, ...]:
        """What was decided about figures. A grade that a committee gave says nothing about another scheme."""
        return tuple(each for each in self.rulings if each.kind is not RulingKind.GRADE)

    @property
    def regraded(self) -> int:
        """How many grades a committee gave people of this cycle: the rulings are those of the whole period."""
        return sum(each.kind is RulingKind.GRADE and each.subject in self.people for each in self.rulings)


def replay_cycles(
    pasts: Sequence[Past], scheme: Scheme, *, library: Mapping[str, Indicator], plan: Plan | None,
    progress: Progress = lambda _done, _all: None,
) -> Replay:  # fmt: skip
    """Score and pay each closed cycle under the draft, and under the scheme that it was closed with.

    ``library`` defines what the draft asks for and was not defined then; everything else is as it was.
    """
    new, old = Side(), Side()
    for done, past in enumerate(pasts):
        with Store.open(past.home) as store:
            payroll = Payroll(store, plan)
            for side, run in zip((new, old), _runs(store, past, scheme, library), strict=True):
                side.add(run, payroll, past.people)
        progress(done + 1, len(pasts))
    found = compared(scheme, new, old, periods=list(dict.fromkeys(past.period.key for past in pasts)), plan=plan)
    regraded = sum(past.regraded for past in pasts)
    return replace(found, cycles=len(pasts), sealed=sum(past.sealed for past in pasts), regraded=regraded)


def _runs(store: Store, past: Past, scheme: Scheme, library: Mapping[str, Indicator]) -> Iterator[ScoreRun]:
    """The cycle under the draft, then as it was."""
    tables, currency = facts_in(store).declared, store.settings.currency
    then = read_library(store.home / "indicators", tables=tables, currency=currency).indicators
    known, decisions = {**library, **then}, read_decisions(store.home)
    schemes, periods = (scheme, read_scheme_text(past.scheme, indicator_infos(known))), [past.period]
    figures = Figures.computed(store, schemes, periods, library=known, as_of=past.as_of, clock="business")
    for each in schemes:
        yield from score_periods(
            store, each, periods, library=known, decisions=decisions, as_of=past.as_of, rulings=past.heard,
            figures=figures,
        )  # fmt: skip
