"""The running month in memory: one person's figures after one new event, and everybody's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

from bench.data import CUT_OFF
from bench.homes import AS_OF, MEMORY, MONTHS
from bench.values import CODES
from bench.way import Work
from fuxiao.core.period import PeriodKind, from_index
from fuxiao.datasets.store import Store
from fuxiao.metrics.library import built_in
from fuxiao.metrics.live import LiveMonth

CASES = 50
"""Events go to so many cases in turn."""


def opened(home: Path) -> tuple[LiveMonth, Iterator[tuple[str, str]]]:
    """The last month of the log in memory, and open cases of it with their owners, without end."""
    store = Store.open(home, memory=MEMORY)
    live = LiveMonth(store, built_in().select(CODES), from_index(PeriodKind.MONTH, MONTHS[1]), now=AS_OF)
    facts = store.facts("cases")
    mine = facts.filter((facts.opened_month == MONTHS[1]) & ~facts.resolved & facts.ao.notnull())
    rows = store.execute(mine.select("case_id", "ao").order_by("case_id").limit(CASES)).to_pylist()
    return live, (tuple(rows[at % len(rows)].values()) for at in count())


def one_person(home: Path) -> Work:
    """A resolve comes in: the facts of its case are made again, then the twenty figures of its owner."""
    live, cases = opened(home)
    numbers = count(1)

    def work() -> dict[str, object]:
        case, person = next(cases)
        at = next(numbers)
        event = {"case_id": case, "seq": 1000 + at, "at": CUT_OFF + at, "type": "resolved", "actor": person}
        live.record("case_events", [event], case_id=case, now=AS_OF + timedelta(seconds=at))
        return {"figures": len(live.person(person))}

    return work


def everybody(home: Path) -> Work:
    """The twenty figures of all persons."""
    live, _cases = opened(home)
    return lambda: {"persons": live.everybody().num_rows}
