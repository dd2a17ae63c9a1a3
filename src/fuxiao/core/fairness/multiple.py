"""Many comparisons at once: among a hundred honest people five look odd at 5 %; this keeps them out."""

from __future__ import annotations

import numpy as np

from fuxiao.core.fairness.figures import Floats, Many, floats, require


def benjamini_hochberg(p: Many) -> Floats:
    """Adjusted p values in the order given (Benjamini and Hochberg 1995): the least rate of false discoveries at which
    each would be called; never below its p, never above 1."""
    raw = floats(p)
    require(bool(((raw >= 0) & (raw <= 1)).all()), "fairness.probability_outside")
    order = np.argsort(raw, kind="stable")
    # The factor first: it is 1 or more, so that rounding cannot push an adjusted value under its p.
    scaled = raw[order] * (raw.size / np.arange(1, raw.size + 1))
    steady = np.minimum.accumulate(scaled[::-1])[::-1]
    adjusted = np.empty_like(raw)
    adjusted[order] = np.minimum(steady, 1.0)
    return adjusted
