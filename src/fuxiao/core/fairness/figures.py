"""What the statistics share: array types, checks of the input, floats on their way into a trace."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from math import fsum

import numpy as np
import numpy.typing as npt

from fuxiao.core.errors import CalculationError
from fuxiao.core.explain import Scalar, figure

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Many = Sequence[float] | Sequence[int] | npt.NDArray[np.float64] | npt.NDArray[np.int64]


def exact(number: float, places: int = 6) -> Decimal:
    """A statistic as a trace can hold it: a decimal with at most ``places`` digits, no negative zero."""
    return Decimal(str(round(float(number), places) + 0.0))


def shown(number: float, places: int = 6) -> str:
    """A statistic as it stands in a formula: no trailing zeros."""
    return figure(exact(number, places))


def facts(of: object, *names: str) -> dict[str, Scalar]:
    """The named attributes of a result, for the params of its trace."""
    found = ((name, getattr(of, name)) for name in names)
    return {name: exact(value) if isinstance(value, float) else value for name, value in found}


def floats(numbers: Many) -> Floats:
    """One flat array of finite floats; anything else is an error, never a silent ``nan``."""
    array = np.atleast_1d(np.asarray(numbers, dtype=np.float64))
    require(array.ndim == 1, "fairness.not_a_list", dimensions=array.ndim)
    require(bool(np.isfinite(array).all()), "fairness.not_finite")
    return array


def counts(successes: Many, trials: Many) -> tuple[Floats, Floats]:
    """Successes and trials of the same length with ``0 <= successes <= trials``."""
    x, n = floats(successes), floats(trials)
    same_length(x, n)
    require(bool(((x >= 0) & (x <= n)).all()), "fairness.successes_outside_trials")
    return x, n


def same_length(*arrays: Floats) -> None:
    """Refuse parallel lists of different lengths."""
    sizes = {array.size for array in arrays}
    require(len(sizes) == 1, "fairness.lengths_differ", lengths=tuple(sorted(sizes)))


def total(numbers: Iterable[float]) -> float:
    """A sum that does not depend on the order of its terms (Shewchuk's exact addition)."""
    return fsum(numbers)


def ratio(numerator: Floats, denominator: Floats) -> Floats:
    """Element by element; ``nan`` where there is nothing to divide by, without a warning."""
    shape = np.broadcast_shapes(numerator.shape, denominator.shape)
    result = np.full(shape, np.nan)
    np.divide(numerator, denominator, out=result, where=denominator != 0)
    return result


def require(condition: bool, code: str, **params: object) -> None:  # noqa: FBT001 -- reads as a sentence
    """Raise a ``CalculationError`` with this code unless the condition holds."""
    if not condition:
        raise CalculationError(code, **params)


def level_ok(level: float) -> None:
    """A confidence level lies strictly between 0 and 1."""
    require(0.0 < level < 1.0, "fairness.level_outside", level=level)
