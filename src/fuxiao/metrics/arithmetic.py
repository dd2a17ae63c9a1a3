"""Exact arithmetic on whole columns: numbers are whole numbers with a count of places, never floats."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import gcd
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

PLACES = 6
_WORD = 2**64 - 1
_SAFE = 2**62

Ints = npt.NDArray[Any]
"""int64 where everything fits, Python's own whole numbers (dtype object) where it does not."""
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Exact:
    """A column of numbers: ``digits / 10**places`` where ``known``."""

    digits: Ints
    places: int
    known: Bools

    def floats(self) -> npt.NDArray[np.float64]:
        """The nearest floats (0 where not known), for statistics only."""
        return self.digits.astype(np.float64) / 10.0**self.places


def exact(column: pa.ChunkedArray | pa.Array) -> Exact:
    """An Arrow column of whole numbers, decimals or floats (percentiles, already rounded to six places)."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    known = np.asarray(array.is_valid())
    if pa.types.is_floating(array.type):
        floats = array.fill_null(0.0).to_numpy(zero_copy_only=False)
        return Exact(np.rint(floats * 10**PLACES).astype(np.int64), PLACES, known)
    if pa.types.is_decimal(array.type):
        return Exact(_decimal_digits(array), array.type.scale, known)
    return Exact(array.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64), 0, known)


def _decimal_digits(array: pa.Array) -> Ints:
    """The unscaled whole numbers of a decimal128 column, 0 where null."""
    array = array.cast(pa.decimal128(38, array.type.scale))
    halves = np.frombuffer(array.buffers()[1], dtype=np.int64)
    halves = halves[2 * array.offset : 2 * (array.offset + len(array))].reshape(-1, 2)
    low, high = halves[:, 0], halves[:, 1]
    known = np.asarray(array.is_valid())
    if bool((high[known] == low[known] >> 63).all()):
        return np.where(known, low, 0)
    whole = [
        (int(top) << 64) + (int(rest) & _WORD) if there else 0
        for rest, top, there in zip(low, high, known, strict=True)
    ]
    return np.array(whole, dtype=object)


def quotient(above: Exact, below: Exact | None, scale: Fraction) -> Exact:
    """``above / below * scale`` to six places, halves away from zero; not known where there is nothing to divide by."""
    if below is None:
        below = Exact(np.ones_like(above.digits), 0, above.known)
    up = scale.numerator * 10 ** (PLACES + below.places)
    down = scale.denominator * 10**above.places
    common = gcd(up, down)
    known = above.known & below.known & (below.digits != 0)
    bottom = _times(np.where(below.digits == 0, 1, below.digits), down // common)
    return Exact(_rounded(_times(above.digits, up // common), bottom), PLACES, known)


def _times(digits: Ints, factor: int) -> Ints:
    """Every number times ``factor``, in 64 bits when that is safe."""
    largest = max((abs(int(digits.max())), abs(int(digits.min()))), default=0) if digits.size else 0
    if digits.dtype == object or largest * factor * 2 >= _SAFE:
        return digits.astype(object) * factor
    return digits * factor


def _rounded(above: Ints, below: Ints) -> Ints:
    if object in (above.dtype, below.dtype):
        above, below = above.astype(object), below.astype(object)
    sign = np.where((above < 0) != (below < 0), -1, 1)
    top, bottom = np.abs(above), np.abs(below)
    whole, rest = top // bottom, top % bottom
    rounded: Ints = sign * (whole + (rest >= bottom - rest))
    return rounded.astype(np.int64) if rounded.dtype == object and _fits(rounded) else rounded


def _fits(digits: Ints) -> bool:
    return all(-(2**63) <= int(d) < 2**63 for d in digits)


def decimals(column: Exact) -> pa.Array:
    """The column as Arrow decimals (38 digits, six places or fewer kept as they are)."""
    kind = pa.decimal128(38, column.places)
    if column.digits.dtype == object:
        pairs = zip(column.digits, column.known, strict=True)
        return pa.array([Decimal(f"{int(d)}E-{column.places}") if known else None for d, known in pairs], kind)
    low = column.digits.astype(np.int64)
    halves = np.stack([low, low >> 63], axis=1).ravel()
    validity = pa.array(column.known).buffers()[1]
    return pa.Array.from_buffers(kind, len(low), [validity, pa.py_buffer(halves)])


def rounded_floats(numbers: npt.NDArray[np.float64], known: Bools) -> Exact:
    """Statistics on their way into a table: six places, not known where they are no number."""
    usable = known & np.isfinite(numbers) & (np.abs(numbers) < _SAFE / 10**PLACES)
    return Exact(np.rint(np.where(usable, numbers, 0.0) * 10**PLACES).astype(np.int64), PLACES, usable)
