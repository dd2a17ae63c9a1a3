"""Rates adjusted for the kind of cases a person got, for the people of each role of a period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from fuxiao.core.errors import CalculationError
from fuxiao.core.fairness.casemix import Adjusted
from fuxiao.core.score.scheme import Scope
from fuxiao.datasets.store import Store
from fuxiao.engine.definition import Indicator, Spread
from fuxiao.performance.fair import compare
from fuxiao.performance.scoring import ScoreRun

FEWEST_PEOPLE = 5
"""Smaller groups have no expectation of their own worth comparing with."""


def adjusted_rates(store: Store, run: ScoreRun, library: Mapping[str, Indicator]) -> dict[tuple[str, str], Adjusted]:
    """By (person, indicator); nothing for roles of fewer than five people and indicators that are no rates of cases."""
    people = Counter(member.role for member in run.roster.members.values())
    found: dict[tuple[str, str], Adjusted] = {}
    for role in run.scheme.roles.values():
        for item in role.items if people[role.key] >= FEWEST_PEOPLE else ():
            indicator = library.get(item.indicator)
            if item.scope is Scope.OWN and indicator is not None and indicator.spread is Spread.PROPORTION:
                found |= _of_role(store, run, indicator, role.key)
    return found


def _of_role(store: Store, run: ScoreRun, indicator: Indicator, role: str) -> dict[tuple[str, str], Adjusted]:
    try:
        compared = compare(store, indicator, run.period, roster=run.roster, role=role, clock=run.clock)
    except CalculationError:  # nobody had such a case, or the rows carry no kind of case: there is nothing to adjust
        return {}
    return {(row.subject, indicator.code): row.adjusted for row in compared.rows}
