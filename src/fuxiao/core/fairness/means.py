"""Means of people with few cases, pulled towards the group (random-effects model, moments of DerSimonian and Laird)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from fuxiao.core.explain import Scalar, Trace
from fuxiao.core.fairness.figures import Floats, Many, exact, facts, floats, require, same_length, shown, total


@dataclass(frozen=True, slots=True)
class MeanPrior:
    """What the group says about means.

    ``grand_mean`` counts every case alike; ``centre`` weighs people by how sure they are. ``within`` is the variance
    of cases inside a person (mean square within), ``between_square`` the mean square between people, ``typical_n`` the
    case number that balances them, ``between`` the variance of people's true means (0: no difference beyond chance).
    """

    grand_mean: float
    within: float
    between_square: float
    typical_n: float
    between: float
    centre: float
    people: int

    @property
    def trace(self) -> Trace:
        params = facts(self, "grand_mean", "within", "between_square", "typical_n", "between", "people")
        return Trace("fairness.prior_means", exact(self.centre), params=params)


@dataclass(frozen=True, slots=True)
class ShrunkMean:
    """One person's mean: raw, pulled towards the group; ``weight`` is the share of the raw mean in ``value``."""

    raw: float
    value: float
    weight: float
    n: int
    trace: Trace


@dataclass(frozen=True, slots=True, eq=False)
class ShrunkMeans:
    """Many people's shrunk means, as arrays in the order given; an item is a ``ShrunkMean``."""

    prior: MeanPrior
    n: Floats
    raw: Floats
    value: Floats
    weight: Floats

    def __len__(self) -> int:
        return self.value.size

    def __getitem__(self, at: int) -> ShrunkMean:
        raw, value, weight = float(self.raw[at]), float(self.value[at]), float(self.weight[at])
        centre = shown(self.prior.centre, 4)
        formula = f"{centre} + {shown(weight, 4)} × ({shown(raw)} − {centre})"
        params: dict[str, Scalar] = {"weight": exact(weight), "n": int(self.n[at])}
        trace = Trace("fairness.shrunk_mean", exact(value), formula, params, (self.prior.trace,))
        return ShrunkMean(raw, value, weight, int(self.n[at]), trace)

    def __iter__(self) -> Iterator[ShrunkMean]:
        return (self[at] for at in range(len(self)))


def shrink_means(n: Many, mean: Many, sd: Many) -> ShrunkMeans:
    """Each person's mean pulled towards the group, from case numbers, means and standard deviations.

    Durations are skewed: give the mean and deviation of their logarithms. Needs two people and more cases than people.
    """
    cases, raw, spread = floats(n), floats(mean), floats(sd)
    same_length(cases, raw, spread)
    enough = raw.size >= 2 and bool((cases >= 1).all()) and total(cases) > raw.size
    require(enough, "fairness.means_need_cases", people=raw.size)
    require(bool((spread >= 0).all()), "fairness.negative_spread")
    prior = _prior(cases, raw, spread)
    noise = prior.within / cases
    spreads = prior.between + noise
    weight = np.divide(prior.between, spreads, out=np.zeros(raw.size), where=spreads > 0)
    return ShrunkMeans(prior, cases, raw, prior.centre + weight * (raw - prior.centre), weight)


def _prior(n: Floats, mean: Floats, sd: Floats) -> MeanPrior:
    people, cases = mean.size, total(n)
    grand = total(n * mean) / cases
    within = total((n - 1) * sd**2) / (cases - people)
    between_square = total(n * (mean - grand) ** 2) / (people - 1)
    typical = (cases - total(n**2) / cases) / (people - 1)
    between = max(0.0, (between_square - within) / typical)
    spreads = between + within / n
    # All cases and all people alike: no spread to weigh by, so every case counts the same. One too small to divide by
    # is still one to compare with.
    least = float(spreads.min())
    weights = least / spreads if least > 0 else n
    centre = total(weights * mean) / total(weights)
    return MeanPrior(grand, within, between_square, typical, between, centre, people)
