"""A draft scheme played over twelve past months beside the one in force."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bench.cycles.closing import with_rules
from bench.cycles.parts import Whole, measured
from bench.data import Log, write_home
from bench.homes import AS_OF, MEMORY, with_facts
from bench.settling import PLAN, SCHEME
from fuxiao.core.period import parse_period
from fuxiao.core.score.scheme import Scheme
from fuxiao.datasets.store import Store
from fuxiao.incentives import replay
from fuxiao.incentives.settling import read_plan_text
from fuxiao.metrics.library import built_in
from fuxiao.performance import scoring
from fuxiao.performance.decisions import Decisions, read_scheme_text
from fuxiao.performance.figures import Figures

PERIODS = [parse_period(f"{2025 + (at + 10) // 12}-{(at + 10) % 12 + 1:02d}") for at in range(12)]
"""The twelve months before the cut-off."""


def replayed(folder: Path, *, cases: int, people: int) -> Whole:
    """The whole replay: a heavier first answer, a lighter service level."""
    home = folder / f"year-{cases}-{people}"
    write_home(home, Log.over(date(2025, 11, 1), cases, people))
    with_rules(home)
    with_facts(home)
    with Store.open(home, memory=MEMORY) as store:
        asked = replay.Question(
            new=_scheme("indicator: FRS, weight: 25", "indicator: TRS, weight: 5"), old=_scheme(), periods=PERIODS,
            plan=read_plan_text(PLAN), library=built_in().indicators, decisions=Decisions(), as_of=AS_OF,
        )  # fmt: skip
        with measured(
            "a draft played over twelve months beside the scheme in force",
            figures_of_people_and_teams=(Figures, "computed"),
            everybody_scored_under_both=(scoring, "score_group"),
            everybody_paid_under_both=(replay, "settle_period"),
        ) as whole:
            found = replay.replay(store, asked)
    whole.note = f"{len(found.people)} people, {sum(found.grades_new.values())} scorecards each"
    return whole


def _scheme(first: str = "", second: str = "") -> Scheme:
    text = SCHEME
    for code, new in (("FRS", first), ("TRS", second)):
        text = text.replace(f"indicator: {code}, weight: 15", new or f"indicator: {code}, weight: 15")
    return read_scheme_text(text, scoring.indicator_infos(built_in().indicators))
