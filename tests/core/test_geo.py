"""How far two places are from each other."""

from __future__ import annotations

from decimal import Decimal

from fuxiao.core.geo import metres_between

BUND = (Decimal("31.24000"), Decimal("121.49000"))


def test_a_place_is_nowhere_but_where_it_is():
    assert metres_between(BUND, BUND) == 0


def test_a_degree_of_latitude_is_a_hundred_and_eleven_kilometres_and_both_ways_are_as_long():
    north = (Decimal("32.24000"), Decimal("121.49000"))
    assert metres_between(BUND, north) == metres_between(north, BUND) == Decimal("111194.9")


def test_the_other_side_of_the_earth_is_half_its_girth_away():
    assert metres_between((Decimal(0), Decimal(0)), (Decimal(0), Decimal(180))) == Decimal("20015086.8")
