"""A draft scheme played over past periods beside the one in force."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fuxiao.core.bonus.plan import Plan
from fuxiao.core.period import Period
from fuxiao.core.score import Scheme
from fuxiao.datasets.store import Store
from fuxiao.engine.definition import Indicator
from fuxiao.incentives.compared import Replay, compared
from fuxiao.incentives.sides import Payroll, Side
from fuxiao.performance.decisions import Decisions
from fuxiao.performance.figures import Figures
from fuxiao.performance.scoring import ScoreRun, score_periods

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A draft, the scheme it would replace (``None``: none) and what both are played with."""

    new: Scheme
    old: Scheme | None
    periods: Sequence[Period]
    plan: Plan | None
    library: Mapping[str, Indicator]
    decisions: Decisions
    as_of: datetime
    clock: str = "business"


def replay(store: Store, asked: Question, *, progress: Progress = lambda _done, _all: None) -> Replay:
    """Score (and pay, where there is a plan) the periods under both schemes. ``progress`` hears each finished part."""
    whole = 2 + 2 * len(asked.periods)
    done = iter(range(1, whole + 1))

    def tick() -> None:
        progress(next(done), whole)

    figures = _figures(store, asked) if asked.periods else None
    tick()
    new_runs, old_runs = (_runs(store, scheme, asked, figures) for scheme in (asked.new, asked.old))
    tick()
    payroll, new, old = Payroll(store, asked.plan), Side(), Side()
    for side, runs in ((new, new_runs), (old, old_runs)):
        for run in runs:
            side.add(run, payroll)
            tick()
    return compared(asked.new, new, old, periods=[period.key for period in asked.periods], plan=asked.plan)


def _figures(store: Store, asked: Question) -> Figures:
    """What either scheme asks for, computed once."""
    schemes = [scheme for scheme in (asked.new, asked.old) if scheme is not None]
    return Figures.computed(store, schemes, asked.periods, library=asked.library, as_of=asked.as_of, clock=asked.clock)


def _runs(store: Store, scheme: Scheme | None, asked: Question, figures: Figures | None) -> list[ScoreRun]:
    if scheme is None or figures is None:
        return []
    return score_periods(
        store, scheme, asked.periods, library=asked.library, decisions=asked.decisions, as_of=asked.as_of,
        clock=asked.clock, figures=figures,
    )  # fmt: skip
