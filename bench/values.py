"""Twenty indicators by person and month from facts: the product's own definitions against hand-written SQL."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pyarrow as pa

from bench.homes import MEMORY, MONTHS, bare
from bench.way import Work
from fuxiao.datasets.store import Store
from fuxiao.engine.compile import Compiled, compile_values
from fuxiao.engine.rows import PERIOD, Scope
from fuxiao.metrics.library import built_in
from fuxiao.metrics.source import FactStore, facts_in
from fuxiao.metrics.values import run

CODES = (
    "VOL", "FRT", "FRT_P50", "FRT_P90", "FRS", "FRQ", "RES", "TTR", "TTR_P50", "TTR_P90", "TRS", "REO", "HRR", "RPR",
    "FTF", "CSAT", "CSAT_MEAN", "CPC", "BKL", "BLA",
)  # fmt: skip
SCOPE = Scope(by=("person",), first=MONTHS[0], last=MONTHS[1])
HAND = {
    ("VOL", "num"): "vol", ("FRT", "num"): "frt_sum", ("FRT", "den"): "frt_n", ("FRT_P50", "pct"): "frt_p50",
    ("FRT_P90", "pct"): "frt_p90", ("FRS", "num"): "frs", ("FRS", "den"): "frs_n", ("FRQ", "num"): "frq",
    ("FRQ", "den"): "frq_n", ("RES", "num"): "res", ("TTR", "num"): "ttr_sum", ("TTR", "den"): "ttr_n",
    ("TTR_P50", "pct"): "ttr_p50", ("TTR_P90", "pct"): "ttr_p90", ("TRS", "num"): "trs", ("TRS", "den"): "trs_n",
    ("REO", "num"): "reo", ("REO", "den"): "reo_n", ("HRR", "num"): "hrr", ("HRR", "den"): "hrr_n",
    ("RPR", "num"): "rpr", ("RPR", "den"): "rpr_n", ("FTF", "num"): "ftf", ("FTF", "den"): "ftf_n",
    ("CSAT", "num"): "csat", ("CSAT", "den"): "csat_n", ("CSAT_MEAN", "num"): "csat_sum", ("CPC", "num"): "cost",
    ("CPC", "den"): "cost_n", ("BKL", "num"): "bkl", ("BLA", "num"): "bla",
}  # fmt: skip
"""The hand-written column of each figure of the product."""


@cache
def sql(name: str, **values: object) -> str:
    """A hand-written query of this folder with its constants filled in."""
    text = (Path(__file__).parent / f"{name}.sql").read_text(encoding="utf-8")
    for key in sorted(values, key=len, reverse=True):
        text = text.replace(f"${key}", str(values[key]))
    return text


def compiled(store: FactStore) -> Compiled:
    return compile_values(built_in().select(CODES), facts_in(store), SCOPE)


def by_product(home: Path) -> Work:
    """Compile the definitions, run their scans, lay the results side by side."""
    store = Store.open(home, memory=MEMORY)
    built_in()
    return lambda: run(store, compiled(store).plans, SCOPE.keys)


def compiled_only(home: Path) -> Work:
    """From definitions to the text of all queries."""
    store = Store.open(home, memory=MEMORY)
    built_in()
    facts_in(store)
    return lambda: [str(store.connection.compile(plan.expr)) for plan in compiled(store).plans]


def by_hand(home: Path) -> Work:
    store = Store.open(home, memory=MEMORY)
    raw = bare(store, facts=("cases", "surveys"))
    query = sql("values", first=MONTHS[0], last=MONTHS[1])
    return lambda: raw.sql(query).to_arrow_table()


def differences(home: Path) -> dict[str, int]:
    """Cells in which the two ways differ, by figure; a count that nobody has is no difference from none."""
    with Store.open(home, memory=MEMORY) as store:
        plans = compiled(store)
        places = {place: column for plan in plans.plans for place, column in plan.columns.items()}
        mine = run(store, plans.plans, SCOPE.keys)
    theirs = by_hand(home)()
    assert isinstance(theirs, pa.Table)
    theirs = theirs.set_column(1, PERIOD, theirs[PERIOD].cast(pa.int32()))
    both = mine.join(theirs, ["person", PERIOD], join_type="full outer")
    return {
        f"{code}.{part}": unequal
        for (code, part), column in HAND.items()
        if (unequal := _unequal(both[places[code, part]], both[column], zero=part != "pct"))
    }


def _unequal(left: pa.ChunkedArray, right: pa.ChunkedArray, *, zero: bool) -> int:
    pairs = zip(left.to_pylist(), right.to_pylist(), strict=True)
    return sum((a or 0 if zero else a) != (b or 0 if zero else b) for a, b in pairs)
