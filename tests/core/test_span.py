"""Rows that hold for a while: as of a day, cuts, overlaps, proration."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuxiao.core import span
from fuxiao.core.errors import CalculationError


@dataclass(frozen=True)
class Member:
    unit: str
    valid_from: date | None = None
    valid_to: date | None = None


def november(day):
    return date(2026, 11, day)


DESK = Member("desk", None, november(11))
FIELD = Member("field", november(11), None)


def test_the_first_day_holds_and_the_end_does_not():
    assert span.as_of([DESK, FIELD], november(10)) == [DESK]
    assert span.as_of([DESK, FIELD], november(11)) == [FIELD]


def test_pieces_are_cut_to_the_range_and_ordered():
    found = span.pieces([FIELD, DESK, Member("gone", None, november(1))], november(1), date(2026, 12, 1))
    assert [(piece.row.unit, piece.days) for piece in found] == [("desk", 10), ("field", 20)]


def test_a_split_tiles_the_range_and_shows_days_without_a_row():
    desk, field = Member("desk", november(3), november(8)), Member("field", november(6), november(10))
    assert span.split([desk, field], november(1), november(12)) == [
        (november(1), november(3), ()),
        (november(3), november(6), (desk,)),
        (november(6), november(8), (desk, field)),
        (november(8), november(10), (field,)),
        (november(10), november(12), ()),
    ]


def test_a_split_of_no_days_is_empty():
    assert span.split([DESK], november(5), november(5)) == []


def test_rows_that_touch_do_not_overlap():
    assert span.overlaps([DESK, FIELD], key=lambda row: "li") == []


def test_rows_of_different_keys_do_not_overlap():
    assert span.overlaps([DESK, Member("field")], key=lambda row: row.unit) == []


def test_each_row_that_clashes_is_paired_with_the_one_it_meets():
    long, short, late = (
        Member("a", november(1), november(20)),
        Member("b", november(2), november(4)),
        Member("c", november(10), november(12)),
    )
    assert span.overlaps([late, short, long], key=lambda row: "li") == [(long, short), (long, late)]


def test_a_row_without_an_end_clashes_with_all_that_follow():
    assert span.overlaps([Member("a"), FIELD], key=lambda row: "li") == [(Member("a"), FIELD)]


def test_proration_counts_days():
    assert span.prorated(DESK, november(1), date(2026, 12, 1)) == Fraction(1, 3)
    assert span.prorated(FIELD, november(1), date(2026, 12, 1)) == Fraction(2, 3)


def test_proration_of_no_days_is_refused():
    with pytest.raises(CalculationError, match=r"span\.no_days"):
        span.prorated(DESK, november(1), november(1))


MAYBE_DAYS = st.none() | st.integers(0, 40).map(lambda n: november(1) + timedelta(days=n))
MEMBERS = st.lists(st.builds(Member, st.just("x"), MAYBE_DAYS, MAYBE_DAYS), max_size=5)


@given(rows=MEMBERS)
def test_a_split_agrees_with_the_look_up_of_every_day(rows):
    start, end = november(1), date(2026, 12, 5)
    parts = span.split(rows, start, end)
    days = [(low + timedelta(days=n), members) for low, high, members in parts for n in range((high - low).days)]
    assert [day for day, _ in days] == [start + timedelta(days=n) for n in range((end - start).days)]
    for day, members in days:
        assert sorted(map(id, members)) == sorted(map(id, span.as_of(rows, day)))


@given(rows=MEMBERS)
def test_rows_overlap_exactly_where_a_day_has_two(rows):
    real = [row for row in rows if row.valid_from is None or row.valid_to is None or row.valid_from < row.valid_to]
    start, end = november(1) - timedelta(days=2), date(2026, 12, 15)
    crowded = any(len(members) > 1 for _, _, members in span.split(real, start, end))
    assert bool(span.overlaps(real, key=lambda row: row.unit)) == crowded
