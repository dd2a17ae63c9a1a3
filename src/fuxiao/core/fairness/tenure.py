"""Easier targets for people in their first months; pure decimals, because targets are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from fuxiao.core.explain import Scalar, Trace, figure
from fuxiao.core.fairness.figures import require

# A default learning curve; replace it by the department's own.
LEARNING_CURVE = (Decimal("0.60"), Decimal("0.75"), Decimal("0.85"), Decimal("1.00"))


@dataclass(frozen=True, slots=True)
class TenureTarget:
    """A target eased by tenure. ``ranked`` is false on probation: shown, not ranked."""

    target: Decimal
    factor: Decimal
    ranked: bool
    trace: Trace

    def attainment(self, actual: Decimal) -> Decimal:
        """Actual over the eased target, in per cent, unrounded; the target is not zero."""
        require(self.target != 0, "fairness.target_zero")
        return 100 * actual / self.target


def tenure_factor(month: int, *, curve: Sequence[Decimal] = LEARNING_CURVE) -> Decimal:
    """The factor in the ``month``-th month of employment, counted from 1; the curve's last holds for ever after."""
    require(month >= 1 and len(curve) > 0, "fairness.tenure_month_outside", month=month)
    return curve[min(month, len(curve)) - 1]


def tenure_target(
    target: Decimal, *, month: int, on_probation: bool = False, curve: Sequence[Decimal] = LEARNING_CURVE
) -> TenureTarget:
    """The target of someone in their ``month``-th month (higher is better: less is asked of a newcomer)."""
    factor = tenure_factor(month, curve=curve)
    eased = target * factor
    params: dict[str, Scalar] = {"month": month, "factor": factor, "ranked": not on_probation}
    trace = Trace("fairness.tenure", eased, f"{figure(target)} × {figure(factor)}", params)
    return TenureTarget(eased, factor, not on_probation, trace)
