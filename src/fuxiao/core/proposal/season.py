"""The season's part in a value: without it a summer peak of air conditioners would punish one quarter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from fuxiao.core.explain import Trace
from fuxiao.core.fairness.figures import exact, require
from fuxiao.core.proposal.history import Month

MONTHS = 12
YEARS_NEEDED = 2


@dataclass(frozen=True, slots=True)
class SeasonalIndex:
    """``index[s]`` is the mean of value over year mean in season ``s``; a target is the level times its index.

    ``year_means`` stand oldest first; ``growth`` is the last over the one before.
    """

    index: tuple[float, ...]
    year_means: tuple[float, ...]

    @property
    def growth(self) -> float:
        return self.year_means[-1] / self.year_means[-2]

    @property
    def trace(self) -> Trace:
        seasons = {f"season_{at}": exact(value) for at, value in enumerate(self.index, start=1)}
        return Trace("proposal.season", exact(self.growth), params=seasons)


def seasonal_index(values: Sequence[float], *, per_year: int) -> SeasonalIndex:
    """The index from whole years of values, oldest first; two years or more, no year with a mean of 0."""
    years, rest = divmod(len(values), per_year)
    require(years >= YEARS_NEEDED and rest == 0, "proposal.whole_years_needed", values=len(values))
    cycles = [list(values[year * per_year : (year + 1) * per_year]) for year in range(years)]
    means = tuple(fmean(cycle) for cycle in cycles)
    require(all(mean != 0 for mean in means), "proposal.year_mean_zero")
    ratios = ([value / mean for value in cycle] for cycle, mean in zip(cycles, means, strict=True))
    return SeasonalIndex(tuple(fmean(season) for season in zip(*ratios, strict=True)), means)


@dataclass(frozen=True, slots=True)
class Season:
    """The index of each month of the year, January first; ``None`` where history is too short for one."""

    index: SeasonalIndex | None

    def factor(self, months: Sequence[int]) -> float:
        """The mean index of these months (as ordinals): 1 without seasons or without months."""
        if self.index is None or not months:
            return 1.0
        return fmean(self.index.index[month % MONTHS] for month in months)


def season_of(months: Sequence[Month]) -> Season:
    """The season from the unbroken stretch of whole years that ends with the last month; two years or none."""
    last = months[-1].ordinal
    unbroken = [month for at, month in enumerate(reversed(months)) if month.ordinal == last - at]
    whole = len(unbroken) // MONTHS * MONTHS
    values = [float(month.value) for month in reversed(unbroken[:whole])]
    if whole < YEARS_NEEDED * MONTHS or not all(_means(values)):
        return Season(None)
    found = seasonal_index(values, per_year=MONTHS)
    start = (last - whole + 1) % MONTHS
    turned = tuple(found.index[(month - start) % MONTHS] for month in range(MONTHS))
    # A month that is always 0 has no level to go back to.
    return Season(SeasonalIndex(turned, found.year_means) if all(value > 0 for value in turned) else None)


def _means(values: Sequence[float]) -> list[float]:
    return [fmean(values[at : at + MONTHS]) for at in range(0, len(values), MONTHS)]
