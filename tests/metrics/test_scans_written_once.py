"""A question is written as scans once for all stores that look alike, and each store answers it by its own facts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from facts_world import add, at, built, make_home
from fuxiao.core.period import parse_period
from fuxiao.datasets.store import Store
from fuxiao.metrics import scans
from fuxiao.metrics.library import built_in
from fuxiao.metrics.values import Request, compute_values

OCTOBER = parse_period("2026-10")


def case(number: int, minutes: int, **more: Any) -> dict[str, Any]:
    opened = at("2026-10-12 10:00")
    return {"case_id": f"C{number}", "opened_at": opened, "first_response_at": opened + minutes * 60, **more}


@pytest.fixture
def lakes(tmp_path: Path) -> Any:
    """Opens a lake anew after these cases were added to it."""
    opened: list[Store] = []

    def lake(name: str, *cases: dict[str, Any]) -> Store:
        with Store.open(make_home(tmp_path / name), threads=1) as store:
            add(store, source=f"{len(store.manifest.loads)}.csv", cases=cases)
            built(store, cut_off=at("2026-11-20 20:00"))
        opened.append(Store.open(tmp_path / name, threads=1))
        return opened[-1]

    yield lake
    for store in opened:
        store.close()


def median(store: Store, *, code: str = "FRT", by: str = "company", exclusions: bool = True) -> dict[str, Decimal]:
    request = Request(
        indicators=built_in().select([code]), first=OCTOBER, last=OCTOBER, by=(by,), exclusions=exclusions
    )
    return {each.subject: each.value for each in compute_values(store, request, as_of=date(2026, 11, 21))}


def written() -> int:
    return scans._values.cache_info().misses


def test_lakes_that_look_alike_answer_by_their_own_facts_what_was_written_once(lakes: Any) -> None:
    one = lakes("one", case(1, 10))
    assert median(one) == {"company": Decimal(10)}
    before = written()
    other = lakes("other", case(1, 30), case(2, 50))
    assert median(other) == {"company": Decimal(40)}
    assert written() == before
    assert median(lakes("one", case(2, 20), case(3, 30))) == {"company": Decimal(20)}
    assert written() == before


def test_another_figure_other_groups_and_a_table_with_a_column_more_are_written_anew(lakes: Any) -> None:
    one = lakes("one", case(1, 10))
    median(one)
    before = written()
    assert median(one, code="VOL") == {"company": Decimal(1)}
    assert median(one, by="team") == {}
    assert written() == before + 2
    wider = lakes("wider", case(1, 10, 城市="甲"), case(2, 30, 城市="乙"))
    assert median(wider) == {"company": Decimal(20)}
    assert median(wider, by="城市") == {"甲": Decimal(10), "乙": Decimal(30)}
    assert written() == before + 4
