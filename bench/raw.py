"""From raw records to the twenty indicators: the product's facts and values against pandas and polars.

All three make what the twenty need and no more; beside it, the product making all thirteen fact tables, as it does
after an import.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from bench import with_pandas, with_polars
from bench.homes import AS_OF, MEMORY, twin
from bench.values import CODES, HAND, SCOPE, compiled
from bench.way import Work
from fuxiao.datasets.build import build_facts
from fuxiao.datasets.passing import PassingFacts, made, planned
from fuxiao.datasets.store import Store
from fuxiao.engine.rows import PERIOD
from fuxiao.metrics.availability import columns_read
from fuxiao.metrics.library import built_in
from fuxiao.metrics.source import facts_in
from fuxiao.metrics.values import run

KEYS = ["person", PERIOD]


def by_product(home: Path) -> Work:
    """The facts that the question reads, then the values: what ``fuxiao values`` does after an import."""

    def work() -> None:
        with passing_facts(home) as facts:
            run(facts, compiled(facts).plans, SCOPE.keys)

    return work


@contextmanager
def passing_facts(home: Path) -> Iterator[PassingFacts]:
    """The facts of the twenty indicators, over records that have none."""
    with twin(home) as other, Store.open(other, memory=MEMORY) as store:
        passing = planned(store, cut_off=AS_OF, many=0)
        assert passing is not None
        with made(passing, columns_read(built_in().select(CODES), facts_in(passing), SCOPE)) as facts:
            yield facts


def whole(home: Path) -> Work:
    """All facts built from records and stored, then values from facts."""

    def work() -> None:
        with twin(home) as other, Store.open(other, memory=MEMORY) as store:
            build_facts(store, cut_off=AS_OF)
            run(store, compiled(store).plans, SCOPE.keys)

    return work


def same(home: Path) -> Work:
    """How many cells of pandas and polars are another figure than the product's."""

    def work() -> dict[str, object]:
        with passing_facts(home) as facts:
            plans = compiled(facts).plans
            mine = run(facts, plans, SCOPE.keys)
        places = {place: column for plan in plans for place, column in plan.columns.items()}
        polars = with_polars.by_polars(home)().to_arrow()  # type: ignore[attr-defined]
        pandas = pa.Table.from_pandas(with_pandas.by_pandas(home)().reset_index())  # type: ignore[attr-defined]
        return {"cells that differ": _differing(mine, polars, places) + _differing(mine, pandas, places)}

    return work


def _differing(mine: pa.Table, other: pa.Table, places: dict[tuple[str, str], str]) -> int:
    keys = [other["person"].cast(pa.string()), other[PERIOD].cast(pa.int32())]
    named = pa.table([*keys, *(other[name] for name in other.column_names if name not in KEYS)],
                     names=[*KEYS, *(name for name in other.column_names if name not in KEYS)])  # fmt: skip
    both = mine.join(named, KEYS, join_type="full outer")
    pairs = [(places[place], column) for place, column in HAND.items() if column in named.column_names]
    return sum(_unequal(both[left].to_pylist(), both[right].to_pylist()) for left, right in pairs)


def _unequal(left: list[object], right: list[object]) -> int:
    return sum((a or 0) != (b or 0) for a, b in zip(left, right, strict=True))
