"""From raw records to the twenty indicators: the product's facts and values against pandas and polars.

The product makes all thirteen fact tables, as it does after an import; the other two only what the twenty need.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from bench import with_pandas, with_polars
from bench.homes import AS_OF, MEMORY, twin
from bench.values import HAND, SCOPE, compiled
from bench.way import Work
from fuxiao.datasets.build import build_facts
from fuxiao.datasets.store import Store
from fuxiao.engine.rows import PERIOD
from fuxiao.metrics.values import run

KEYS = ["person", PERIOD]


def by_product(home: Path) -> Work:
    """Facts built from records, then values from facts."""

    def work() -> None:
        with twin(home) as other, Store.open(other, memory=MEMORY) as store:
            build_facts(store, cut_off=AS_OF)
            run(store, compiled(store).plans, SCOPE.keys)

    return work


def same(home: Path) -> Work:
    """How many cells of pandas and polars are another figure than the product's."""

    def work() -> dict[str, object]:
        with Store.open(home, memory=MEMORY) as store:
            plans = compiled(store).plans
            mine = run(store, plans, SCOPE.keys)
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
