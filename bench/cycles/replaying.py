"""A draft scheme played over twelve closed cycles of a year, each beside the scheme that it was closed with."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bench.cycles.closing import with_rules
from bench.cycles.parts import Whole, measured
from bench.data import Log, write_home
from bench.homes import AS_OF, with_facts
from bench.settling import PLAN, SCHEME
from fuxiao.core.period import parse_period
from fuxiao.core.score.scheme import Scheme
from fuxiao.incentives import past_cycles, replay
from fuxiao.incentives.past_cycles import Past
from fuxiao.incentives.settling import read_plan_text
from fuxiao.metrics.library import built_in
from fuxiao.performance import scoring
from fuxiao.performance.decisions import read_scheme_text
from fuxiao.performance.figures import Figures

PERIODS = [parse_period(f"{2025 + (at + 10) // 12}-{(at + 10) % 12 + 1:02d}") for at in range(12)]
"""The twelve months before the cut-off."""
LIBRARY = built_in().indicators


def replayed(folder: Path, *, cases: int, people: int) -> Whole:
    """Twelve closed cycles of everybody, each opened, scored and paid twice: as it was, and with other weights."""
    home = folder / f"year-{cases}-{people}"
    write_home(home, Log.over(date(2025, 11, 1), cases, people))
    with_rules(home)
    with_facts(home)
    everybody = frozenset(f"P{number:04d}" for number in range(people))
    pasts = [Past(period=each, scheme=SCHEME, as_of=AS_OF, home=home, people=everybody) for each in PERIODS]
    with measured(
        "a draft played over twelve closed cycles, each beside its own scheme",
        figures_of_people_and_teams=(Figures, "computed"),
        everybody_scored=(scoring, "score_group"),
        what_people_put_out=(replay, "produced"),
        everybody_paid=(replay, "settle_period"),
        people_and_teams_compared=(past_cycles, "compared"),
    ) as whole:
        found = past_cycles.replay_cycles(pasts, _draft(), library=LIBRARY, plan=read_plan_text(PLAN))
    whole.note = f"{len(found.people)} people, {sum(found.grades_new.values())} scorecards each way"
    return whole


def _draft() -> Scheme:
    """A heavier first answer, a lighter service level."""
    text = SCHEME.replace("indicator: FRS, weight: 15", "indicator: FRS, weight: 25")
    text = text.replace("indicator: TRS, weight: 15", "indicator: TRS, weight: 5")
    return read_scheme_text(text, scoring.indicator_infos(LIBRARY))
