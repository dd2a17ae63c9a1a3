"""The robust line through the months, and what is left around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median

import numpy as np

from fuxiao.core.fairness import xmr
from fuxiao.core.proposal.history import FEWEST_MONTHS


@dataclass(frozen=True, slots=True)
class Line:
    """Theil-Sen line: ``slope`` a month, 0 unless its 95 % interval (``slope_low``-``slope_high``) leaves 0 out.

    ``intercept`` is the line's value in the first month; ``residuals`` are the months minus the line.
    """

    measured_slope: float
    slope_low: float
    slope_high: float
    slope: float
    intercept: float
    residuals: tuple[float, ...]

    @property
    def mean_range(self) -> float:
        """The mean step between neighbouring residuals."""
        return xmr.mean_range(self.residuals)


def robust_line(ordinals: Sequence[int], values: Sequence[float]) -> Line:
    """The line through months given by their ordinals (Theil 1950, Sen 1968): a few odd months do not bend it."""
    # scipy.stats takes a second to load, and only here is it needed.
    from scipy.stats import theilslopes

    x = [ordinal - ordinals[0] for ordinal in ordinals]
    found = theilslopes(values, x, 0.95)
    measured, low, high = float(found.slope), float(found.low_slope), float(found.high_slope)
    slope = 0.0 if low <= 0 <= high else measured
    intercept = median(values) - slope * median(x)
    residuals = tuple(value - (intercept + slope * at) for at, value in zip(x, values, strict=True))
    return Line(measured, low, high, slope, intercept, residuals)


def percentile(values: Sequence[float], share: float) -> float:
    """The linear percentile."""
    return float(np.quantile(values, share))


def start_after_shift(values: Sequence[float]) -> int:
    """Where the level the indicator has now began: 0 unless eight months in a row lay on one side of the mean.

    A run that still goes on is the new level; after one that ended, what followed it is. Six months are always kept.
    """
    centre = fmean(values)
    long = [run for run in xmr.runs(values, centre=centre) if run.side and run.stop - run.start >= xmr.RUN]
    if not long:
        return 0
    last = long[-1]
    start = last.start if last.stop == len(values) else last.stop
    return min(start, len(values) - FEWEST_MONTHS)
