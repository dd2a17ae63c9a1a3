"""The 95 % interval of each value, by what the value is: Wilson, Student's t or order statistics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from fuxiao.core.fairness import distributions as law
from fuxiao.core.fairness.intervals import mean_intervals, wilson_many
from fuxiao.engine.definition import Indicator, Spread
from fuxiao.engine.ranks import HIGH, LOW, compile_ranks
from fuxiao.engine.reading import SECONDS_IN
from fuxiao.engine.rows import PERIOD
from fuxiao.metrics.arithmetic import PLACES, Exact, rounded_floats
from fuxiao.metrics.source import Source

LEVEL = 0.95
NEVER_NEGATIVE = frozenset({*SECONDS_IN, "count"})
"""Units of times and counts: with few skewed values the interval of a mean would begin below nothing."""
Numbers = Mapping[str, Exact]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ends:
    """The lower and upper ends, in the unit of the value; not known where no interval is honest."""

    low: Exact
    high: Exact


def bounds(indicator: Indicator, rows: pa.Table, numbers: Numbers, source: Source) -> Ends:
    """The interval of every row's value; ``numbers`` are the columns of ``rows`` by their part (``num``, ``den`` …)."""
    match indicator.spread:
        case Spread.PROPORTION:
            return _proportions(indicator, numbers)
        case Spread.MEAN if "sq" in numbers:
            return _means(indicator, numbers)
        case Spread.PERCENTILE if len(rows):
            return _percentiles(indicator, rows, numbers, source)
    nothing = Exact(np.zeros(len(rows), dtype=np.int64), PLACES, np.zeros(len(rows), dtype=np.bool_))
    return Ends(nothing, nothing)


def _proportions(indicator: Indicator, numbers: Numbers) -> Ends:
    """Wilson (1927); only where so many of so many is meant: never above the whole, never below nothing."""
    x, n = numbers["num"].floats(), numbers["den"].floats()
    usable = numbers["num"].known & numbers["den"].known & (x >= 0) & (x <= n) & (n > 0)
    found = wilson_many(np.where(usable, x, 0.0), np.where(usable, n, 1.0), level=LEVEL)
    return _in_unit(found.low, found.high, usable, indicator)


def _means(indicator: Indicator, numbers: Numbers) -> Ends:
    """Student (1908), the spread from the sum and the sum of squares; needs two values."""
    total, n, squares = numbers["num"].floats(), numbers["den"].floats(), numbers["sq"].floats()
    usable = numbers["num"].known & numbers["sq"].known & (n >= 2)
    count = np.where(usable, n, 2.0)
    mean = np.where(usable, total, 0.0) / count
    spread = np.sqrt(np.maximum(np.where(usable, squares, 0.0) - count * mean**2, 0.0) / (count - 1))
    found = mean_intervals(mean, spread, count, level=LEVEL)
    low = np.maximum(found.low, 0.0) if indicator.unit in NEVER_NEGATIVE else found.low
    return _in_unit(low, found.high, usable, indicator)


def _percentiles(indicator: Indicator, rows: pa.Table, numbers: Numbers, source: Source) -> Ends:
    """Two of the values themselves, at the ranks that cover the percentile; assumes nothing on the shape."""
    names = (*source.scope.keys, PERIOD)
    n = numbers["n"].floats()
    low, high = _ranks(np.maximum(n, 1.0), float(indicator.percentile or 0))
    wanted = pa.table({**{name: rows[name] for name in names}, LOW: pa.array(low), HIGH: pa.array(high)})
    found = source.store.execute(compile_ranks(indicator, ibis.memtable(wanted), source.facts, source.scope))
    place = {key: at for at, key in enumerate(zip(*(rows[name].to_pylist() for name in names), strict=True))}
    ends: dict[str, Floats] = {"low": np.full(len(rows), np.nan), "high": np.full(len(rows), np.nan)}
    at = [place[key] for key in zip(*(found[name].to_pylist() for name in names), strict=True)]
    for end, column in ends.items():
        column[at] = [np.nan if v is None else float(v) for v in found[end].to_pylist()]
    return _in_unit(ends["low"], ends["high"], n > 0, indicator)


def _ranks(n: Floats, share: float) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The ranks of ``core.fairness.intervals.percentile_interval``, for many groups at once."""
    place = 1 + (n - 1) * share
    low = law.binomial_quantile((1 - LEVEL) / 2, n, share)
    high = law.binomial_quantile((1 + LEVEL) / 2, n, share) + 1
    lower = np.minimum(np.maximum(low, 1), np.floor(place))
    upper = np.minimum(np.maximum(high, np.ceil(place)), n)
    return lower.astype(np.int64), upper.astype(np.int64)


def _in_unit(low: Floats, high: Floats, known: npt.NDArray[np.bool_], indicator: Indicator) -> Ends:
    factor = float(indicator.scale)
    return Ends(rounded_floats(low * factor, known), rounded_floats(high * factor, known))
