"""Case-mix adjustment: what the group would have reached with this person's cases (indirect standardisation).

Strata are what a person cannot choose: case type, difficulty, in or out of warranty, region. A factor the handler
controls (channel used, parts taken) would adjust the performance itself away.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from fuxiao.core.explain import Trace
from fuxiao.core.fairness import distributions as law
from fuxiao.core.fairness.figures import Floats, Many, counts, exact, facts, level_ok, ratio, require, shown
from fuxiao.core.fairness.strata import Rates, Stratum


@dataclass(frozen=True, slots=True)
class Adjusted:
    """One person's result beside the one expected for the same cases.

    ``ratio`` is observed over expected successes, ``adjusted`` the overall rate plus the difference per case (cut to
    0-1: the ratio form can pass 100 %), ``z`` the difference in standard errors: beyond plus or minus 1.96 is a signal.
    ``failure_ratio`` is observed over expected failures with its exact Poisson interval.
    """

    subject: str
    n: int
    observed: float
    expected: float
    raw: float
    ratio: float
    adjusted: float
    z: float
    failures: float
    expected_failures: float
    failure_ratio: float
    failure_low: float
    failure_high: float
    overall: float

    @property
    def trace(self) -> Trace:
        """The adjusted rate with its arithmetic."""
        gap = f"({shown(self.observed)} − {shown(self.expected, 2)}) ÷ {self.n}"
        shares = ("observed", "expected", "raw", "ratio", "z", "failure_ratio", "failure_low", "failure_high", "n")
        formula = f"{shown(self.overall, 4)} + {gap}"
        return Trace("fairness.case_mix", exact(self.adjusted), formula, facts(self, *shares))


@dataclass(frozen=True, slots=True, eq=False)
class Standardised:
    """All people's adjusted results in the order of their names; an item is an ``Adjusted``, whose fields say what the
    arrays hold.

    ``unmatched`` counts the cases whose stratum the rates do not know; for these the overall rate is expected.
    """

    subjects: tuple[str, ...]
    n: Floats
    observed: Floats
    expected: Floats
    adjusted: Floats
    z: Floats
    failure_low: Floats
    failure_high: Floats
    overall: float
    unmatched: int

    def __len__(self) -> int:
        return len(self.subjects)

    def __iter__(self) -> Iterator[Adjusted]:
        return (self[at] for at in range(len(self)))

    def of(self, subject: str) -> Adjusted:
        """The result of one person; ``KeyError`` for a stranger is the caller's mistake."""
        return self[self.subjects.index(subject)]

    def __getitem__(self, at: int) -> Adjusted:
        n, seen, due = float(self.n[at]), float(self.observed[at]), float(self.expected[at])
        fails, fails_due = n - seen, n - due
        numbers = (float(self.adjusted[at]), float(self.z[at]))
        bounds = (float(self.failure_low[at]), float(self.failure_high[at]))
        return Adjusted(
            self.subjects[at], int(n), seen, due, seen / n, _over(seen, due), *numbers,
            fails, fails_due, _over(fails, fails_due), *bounds, self.overall,
        )  # fmt: skip


def _over(seen: float, due: float) -> float:
    return seen / due if due > 0 else float("nan")


def standardise(
    subjects: Sequence[str],
    strata: Sequence[Stratum],
    successes: Many,
    trials: Many,
    *,
    rates: Rates,
    level: float = 0.95,
) -> Standardised:
    """Adjust every person's rate for the cases they got.

    Four columns of equal length, one row a person and stratum (rows may repeat and stand in any order); ``rates``
    come from ``strata.company_rates`` over the same company, or from an earlier period.
    """
    level_ok(level)
    x, n = counts(successes, trials)
    require(len(subjects) == len(strata) == x.size > 0, "fairness.lengths_differ")
    names, who = np.unique(np.asarray(subjects, dtype=str), return_inverse=True)
    chance = np.array([rates.of(stratum) for stratum in strata])
    known = np.array([stratum in rates.merged for stratum in strata])

    def per_person(weights: Floats) -> Floats:
        return np.bincount(who, weights=weights, minlength=names.size).astype(np.float64)

    cases = per_person(n)
    require(bool((cases > 0).all()), "fairness.no_cases")
    observed, expected = per_person(x), per_person(n * chance)
    adjusted = np.clip(rates.overall + (observed - expected) / cases, 0.0, 1.0)
    # Where the rates are 0 or 1 there is no room for chance, and so no signal.
    z = np.nan_to_num(ratio(observed - expected, np.sqrt(per_person(n * chance * (1 - chance)))))
    low, high = law.poisson_mean_bounds(cases - observed, level=level)
    return Standardised(
        tuple(names.tolist()), cases, observed, expected, adjusted, z,
        ratio(low, cases - expected), ratio(high, cases - expected), rates.overall, int(n[~known].sum()),
    )  # fmt: skip
