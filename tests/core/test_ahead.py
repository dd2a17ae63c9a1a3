"""How many more facts, all good, bring a figure to its target: worked examples."""

from __future__ import annotations

from fractions import Fraction

import pytest

from fuxiao.core.score.ahead import mean_after, mean_needs, share_after, share_needs


@pytest.mark.parametrize(
    ("good", "counted", "aim", "higher", "needed"),
    [
        (18, 24, "0.8", True, 6),  # 24 of 30
        (24, 30, "0.8", True, 0),
        (18, 24, "1", True, None),  # what failed once cannot become all
        (24, 24, "1", True, 0),
        (3, 20, "0.1", False, 10),  # 3 of 30
        (2, 20, "0.1", False, 0),
        (3, 20, "0", False, None),
        (0, 20, "0", False, 0),
    ],
)
def test_a_share_reaches_its_target_with_so_many_good_ones(good, counted, aim, higher, needed) -> None:
    found = share_needs(Fraction(good), Fraction(counted), Fraction(aim), higher=higher)
    assert found == needed
    if needed:
        before, after = (share_after(Fraction(good), Fraction(counted), n, higher=higher) for n in (needed - 1, needed))
        reached = (
            [before >= Fraction(aim), after >= Fraction(aim)]
            if higher
            else [before <= Fraction(aim), after <= Fraction(aim)]
        )
        assert reached == [False, True]


@pytest.mark.parametrize(
    ("mean", "aim", "best", "needed"),
    [(20, 15, 5, 5), (10, 15, 20, 10), (15, 15, 5, 0), (20, 15, 15, None), (20, 15, 18, None)],
)
def test_a_mean_reaches_its_target_with_so_many_at_the_best(mean, aim, best, needed) -> None:
    """Ten cases of 20 minutes and five of 5 make 15."""
    assert mean_needs(Fraction(mean), Fraction(10), Fraction(aim), Fraction(best)) == needed
    if needed:
        assert mean_after(Fraction(mean), Fraction(10), needed, Fraction(best)) == aim
