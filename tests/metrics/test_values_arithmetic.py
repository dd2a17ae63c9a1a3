"""Column-wise arithmetic is exact: no floats, halves away from zero, beyond 64 bits too."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuxiao.metrics.arithmetic import PLACES, Exact, decimals, exact, quotient, rounded_floats

PRICE = pa.decimal128(18, 4)
BIG = st.integers(-(10**30), 10**30)
SCALES = st.sampled_from([Fraction(100), Fraction(1), Fraction(1, 60), Fraction(1, 3600), Fraction(1, 86_400)])


def column(numbers, places=0):
    kind = pa.decimal128(38, places)
    # From a text, for arithmetic would round what has more than 28 digits.
    return exact(pa.array([None if n is None else Decimal(f"{n}E-{places}") for n in numbers], kind))


def half_up(number):
    numerator, denominator = abs(number.numerator), number.denominator
    digits = (2 * numerator * 10**PLACES + denominator) // (2 * denominator)
    return Decimal(f"{digits if number >= 0 else -digits}E-{PLACES}")


@given(st.lists(st.tuples(BIG, st.integers(-(10**12), 10**12)), min_size=1, max_size=6), SCALES)
def test_a_quotient_equals_the_exact_fraction_rounded_once(pairs, scale):
    above, below = column([a for a, _ in pairs], 2), column([b for _, b in pairs], 6)
    found = quotient(above, below, scale)
    for at, (a, b) in enumerate(pairs):
        assert bool(found.known[at]) == (b != 0)
        if b:
            whole = Fraction(a, 100) / Fraction(b, 10**6) * scale
            assert Decimal(f"{int(found.digits[at])}E-{PLACES}") == half_up(whole)


def test_halves_go_away_from_zero():
    found = quotient(column([1, -1, 3]), column([2_000_000] * 3), Fraction(1))
    assert decimals(found).to_pylist() == [Decimal("0.000001"), Decimal("-0.000001"), Decimal("0.000002")]
    assert Decimal("0.0000005").quantize(Decimal("0.000001"), ROUND_HALF_UP) == Decimal("0.000001")


def test_what_is_not_known_stays_so():
    found = quotient(column([None, 4]), column([2, 0]), Fraction(1))
    assert decimals(found).to_pylist() == [None, None]


def test_a_sum_needs_no_denominator():
    assert decimals(quotient(column([12_550]), None, Fraction(1, 100))).to_pylist() == [Decimal("125.500000")]


@pytest.mark.parametrize(
    "array",
    [
        pa.array([None, 7, -7], pa.int64()),
        pa.array([None, 7.0, -7.0], pa.float64()),
        pa.chunked_array(
            [pa.array([None, Decimal(7)], pa.decimal128(18, 4)), pa.array([Decimal(-7)], pa.decimal128(18, 4))]
        ),
    ],
)
def test_whole_numbers_floats_and_decimals_are_read_alike(array):
    found = exact(array)
    assert found.known.tolist() == [False, True, True]
    assert found.floats().tolist() == [0.0, 7.0, -7.0]


def test_a_slice_is_read_from_its_own_beginning():
    whole = pa.array([Decimal(1), Decimal(2), Decimal(3)], pa.decimal128(38, 0))
    assert exact(whole.slice(1, 2)).digits.tolist() == [2, 3]


def test_numbers_beyond_64_bits_come_back_whole():
    big = 10**25
    found = column([big, None])
    assert decimals(found).to_pylist() == [Decimal(big), None]


def test_nothing_is_a_column_too():
    assert len(decimals(quotient(column([]), column([]), Fraction(100)))) == 0


def test_a_statistic_that_is_no_number_is_not_known():
    found = rounded_floats(np.array([1.5, np.nan, np.inf, 2.0]), np.array([True, True, True, False]))
    assert isinstance(found, Exact)
    assert decimals(found).to_pylist() == [Decimal("1.500000"), None, None, None]
