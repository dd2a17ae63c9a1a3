"""Overdispersion: people differ for reasons nobody measured, so limits made for pure chance cry wolf."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from fuxiao.core.explain import Trace
from fuxiao.core.fairness.figures import Floats, Many, exact, facts, floats, require, total


@dataclass(frozen=True, slots=True)
class Dispersion:
    """How much wider than chance the group spreads (Spiegelhalter 2005).

    ``phi`` is the mean squared z after the outer tenths were pulled in to ``lower_cut`` and ``upper_cut``; ``raw_phi``
    before. Limits widen by ``factor`` where ``phi`` passes ``threshold``; else the factor is 1.
    """

    people: int
    lower_cut: float
    upper_cut: float
    phi: float
    raw_phi: float
    threshold: float

    @property
    def present(self) -> bool:
        return self.phi > self.threshold

    @property
    def factor(self) -> float:
        return sqrt(self.phi) if self.present else 1.0

    def adjust(self, z: Many) -> Floats:
        """The z values against the widened limits."""
        return floats(z) / self.factor

    @property
    def trace(self) -> Trace:
        params = facts(self, "lower_cut", "upper_cut", "phi", "raw_phi", "threshold", "people")
        return Trace("fairness.dispersion", exact(self.factor), params=params)


def dispersion(z: Many, *, tails: float = 0.10) -> Dispersion:
    """The group's spread from the z values of its people, of which the outer ``tails`` on each side are winsorised.

    The threshold is what chance alone passes about once in forty groups: ``1 + 2 sqrt(2 / people)``.
    """
    values = floats(z)
    require(values.size >= 2, "fairness.too_few_people", people=values.size, minimum=2)
    require(0 <= tails < 0.5, "fairness.share_outside", share=tails)
    low, high = (float(cut) for cut in np.quantile(values, (tails, 1 - tails)))
    people = values.size
    phi = total(np.clip(values, low, high) ** 2) / people
    return Dispersion(people, low, high, phi, total(values**2) / people, 1 + 2 * sqrt(2 / people))
