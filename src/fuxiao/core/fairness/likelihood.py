"""The beta-binomial prior of greatest likelihood, by a bounded quasi-Newton search with exact gradients."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, inf, log

import numpy as np
from scipy import special
from scipy.optimize import minimize

from fuxiao.core.fairness.figures import Floats

# The search runs over logit(rate) and log(strength). Beyond e^14 = 1.2 million cases a prior and "no difference
# between people" give the same figures, so the border is read as infinite.
RATE_BORDER = 12.0
WEAKEST, STRONGEST = -8.0, 14.0


def most_likely(x: Floats, n: Floats, *, start: float) -> tuple[float, float]:
    """Rate and strength of the likeliest prior; strength is infinite where people do not differ beyond chance."""
    first = [log(start / (1 - start)), log(50.0)]
    bounds = [(-RATE_BORDER, RATE_BORDER), (WEAKEST, STRONGEST)]
    loss = _loss(x, n)
    found = minimize(
        loss, first, jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-15, "gtol": 1e-10, "maxiter": 500}
    )
    rate, strength = 1 / (1 + exp(-found.x[0])), exp(found.x[1])
    return rate, inf if found.x[1] > STRONGEST - 0.01 else strength


def _loss(x: Floats, n: Floats) -> Callable[[Floats], tuple[float, Floats]]:
    """Minus the mean log-likelihood and its gradient."""

    def loss(at: Floats) -> tuple[float, Floats]:
        rate, strength = 1 / (1 + exp(-at[0])), exp(at[1])
        a, b = strength * rate, strength * (1 - rate)
        likelihood = special.betaln(x + a, n - x + b) - special.betaln(a, b)
        common = special.digamma(n + strength) - special.digamma(strength)
        by_a = float(np.mean(special.digamma(x + a) - special.digamma(a) - common))
        by_b = float(np.mean(special.digamma(n - x + b) - special.digamma(b) - common))
        gradient = np.array([(by_a - by_b) * strength * rate * (1 - rate), by_a * a + by_b * b])
        return -float(np.mean(likelihood)), -gradient

    return loss
