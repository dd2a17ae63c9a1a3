"""In or out of warranty and why; what the customer may ask for beside a repair."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuxiao.core.warranty import TERMS, Basis, Claim, Repair, State, Warranty, claims, cover, terms_as_of, warranty
from fuxiao.core.warranty.claims import Right, Standing
from fuxiao.core.warranty.cover import Origin, months_later

CN = TERMS[0]
SOLD = date(2026, 1, 10)


def day(month: int, number: int) -> date:
    return date(2026, month, number)


def of(basis: Basis, *repairs: Repair, on: date = date(2026, 6, 1), terms=CN) -> Warranty | None:
    return warranty(basis, repairs, on=on, terms=terms)


def test_installation_goes_before_sale_and_a_declared_start_before_both():
    assert of(Basis(sold_on=SOLD, months=12)) == Warranty(SOLD, date(2027, 1, 10), date(2027, 1, 10), 0, Origin.SOLD)
    installed = of(Basis(sold_on=SOLD, installed_on=day(2, 1), months=12))
    assert installed is not None
    assert (installed.start, installed.origin) == (day(2, 1), Origin.INSTALLED)
    declared = of(Basis(sold_on=SOLD, installed_on=day(2, 1), declared_start=day(3, 1), declared_end=day(9, 1)))
    assert declared == Warranty(day(3, 1), day(9, 1), day(9, 1), 0, Origin.DECLARED)


def test_nothing_is_known_without_a_beginning_or_a_length():
    assert of(Basis(months=12)) is None
    assert of(Basis(sold_on=SOLD)) is None
    assert cover(None, on=SOLD).state is State.UNKNOWN


def test_an_end_on_record_holds_though_nobody_knows_the_beginning():
    found = of(Basis(declared_end=day(9, 1)))
    assert cover(found, on=day(8, 31)).state is State.IN
    assert cover(found, on=day(9, 1)).state is State.OUT


@pytest.mark.parametrize(
    ("on", "state"),
    [(day(1, 9), State.NOT_YET), (SOLD, State.IN), (date(2027, 1, 9), State.IN), (date(2027, 1, 10), State.OUT)],
)
def test_the_first_day_counts_and_the_end_does_not(on, state):
    assert cover(of(Basis(sold_on=SOLD, months=12)), on=on).state is state


def test_days_in_repair_move_the_end_and_a_repair_in_the_days_won_counts_too():
    first, second = Repair(day(12, 20), day(12, 30)), Repair(date(2027, 1, 15), date(2027, 1, 18))
    found = of(Basis(sold_on=SOLD, months=12), second, first, on=date(2027, 2, 1))
    assert found == Warranty(SOLD, date(2027, 1, 23), date(2027, 1, 10), 13, Origin.SOLD)


def test_a_repair_that_goes_on_counts_until_today_and_overlapping_days_count_once():
    going, within = Repair(day(5, 1)), Repair(day(5, 3), day(5, 5))
    found = of(Basis(sold_on=SOLD, months=12), going, within, on=day(5, 11))
    assert found is not None
    assert (found.repair_days, found.end) == (10, date(2027, 1, 20))


def test_repairs_before_after_or_yet_to_come_move_nothing():
    outside = [Repair(day(1, 1), day(1, 5)), Repair(date(2027, 3, 1), date(2027, 3, 9))]
    found = of(Basis(sold_on=SOLD, months=12), *outside, on=date(2027, 4, 1))
    assert found is not None
    assert found.repair_days == 0
    assert of(Basis(sold_on=SOLD, months=12), Repair(day(7, 1), day(7, 9))) == of(Basis(sold_on=SOLD, months=12))


def test_without_terms_neither_repair_nor_exchange_changes_the_promise():
    found = of(Basis(sold_on=SOLD, months=12, exchanged_on=day(4, 1)), Repair(day(5, 1), day(5, 9)), terms=None)
    assert found == Warranty(SOLD, date(2027, 1, 10), date(2027, 1, 10), 0, Origin.SOLD)


def test_an_exchange_begins_a_new_warranty_whatever_was_declared_for_the_old_one():
    basis = Basis(sold_on=SOLD, months=12, declared_start=SOLD, declared_end=day(8, 1), exchanged_on=day(4, 1))
    assert of(basis) == Warranty(day(4, 1), date(2027, 4, 1), date(2027, 4, 1), 0, Origin.EXCHANGE)


def test_months_end_where_the_month_ends():
    assert months_later(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_later(date(2026, 12, 31), 14) == date(2028, 2, 29)


def right(found: tuple[Claim, ...], which: Right) -> Claim | None:
    return next((each for each in found if each.right is which), None)


def asked(*repairs: Repair, on: date, broken: bool = True, sold_on: date | None = SOLD) -> tuple[Claim, ...]:
    found = of(Basis(sold_on=SOLD, months=12), *repairs, on=on)
    return claims(CN, sold_on=sold_on, repairs=repairs, found=found, on=on, broken=broken)


def test_seven_days_to_return_and_fifteen_to_exchange_from_the_sale():
    assert asked(on=day(1, 17)) == (
        Claim(Right.RETURN, Standing.HOLDS, day(1, 17)), Claim(Right.EXCHANGE, Standing.HOLDS, day(1, 25)),
    )  # fmt: skip
    assert right(asked(on=day(1, 18)), Right.RETURN) == Claim(Right.RETURN, Standing.OVER, day(1, 17))
    assert right(asked(on=day(1, 26)), Right.EXCHANGE) == Claim(Right.EXCHANGE, Standing.OVER, day(1, 25))
    assert asked(on=day(1, 9)) == ()
    assert asked(on=day(1, 17), sold_on=None) == ()


def test_two_repairs_that_did_not_last_give_a_right_to_exchange():
    one, two = Repair(day(2, 1), day(2, 3)), Repair(day(3, 1), day(3, 3))
    assert right(asked(one, on=day(5, 1)), Right.FAILED_REPAIRS) is None
    assert right(asked(one, Repair(day(3, 1), day(3, 3), fixed=False), on=day(5, 1)), Right.FAILED_REPAIRS) is None
    assert right(asked(one, two, on=day(5, 1)), Right.FAILED_REPAIRS) == Claim(
        Right.FAILED_REPAIRS, Standing.HOLDS, day(3, 3)
    )
    assert right(asked(one, two, on=day(5, 1), broken=False), Right.FAILED_REPAIRS) is None


def test_what_was_repaired_has_to_work_for_thirty_days():
    before = Repair(day(2, 1), day(2, 3))
    soon, late = Repair(day(3, 5)), Repair(day(3, 6))
    assert right(asked(before, soon, on=day(3, 7)), Right.SHORT_LIVED) == Claim(
        Right.SHORT_LIVED, Standing.HOLDS, day(3, 5)
    )
    assert right(asked(before, late, on=day(3, 7)), Right.SHORT_LIVED) == Claim(
        Right.SHORT_LIVED, Standing.OVER, day(3, 5)
    )


def test_more_than_thirty_days_in_repair_or_ninety_without_parts_give_a_right_to_exchange():
    assert right(asked(Repair(day(2, 1)), on=day(3, 3)), Right.SLOW_REPAIR) == Claim(
        Right.SLOW_REPAIR, Standing.COMING, day(3, 4)
    )
    assert right(asked(Repair(day(2, 1)), on=day(3, 4)), Right.SLOW_REPAIR).standing is Standing.HOLDS
    waiting = Repair(day(2, 1), waited=80)
    found = asked(waiting, on=day(5, 2))
    assert right(found, Right.NO_PARTS) == Claim(Right.NO_PARTS, Standing.COMING, day(5, 3))
    assert right(found, Right.SLOW_REPAIR) == Claim(Right.SLOW_REPAIR, Standing.COMING, day(5, 23))
    assert right(asked(waiting, on=day(5, 3)), Right.NO_PARTS).standing is Standing.HOLDS


def test_repairs_out_of_warranty_give_no_rights():
    out = [Repair(date(2027, month, 1), date(2027, month, 3)) for month in (2, 3)]
    assert [each.right for each in asked(*out, on=date(2027, 5, 1))] == [Right.RETURN, Right.EXCHANGE]


def test_terms_hold_from_their_day_and_the_newest_decides():
    newer = type(CN)(**{name: getattr(CN, name) for name in CN.__slots__} | {"key": "n", "valid_from": day(1, 1)})
    assert terms_as_of(date(1995, 8, 24)) is None
    assert terms_as_of(date(1995, 8, 25)) is CN
    assert terms_as_of(day(1, 1), (CN, newer)) is newer


stays = st.builds(
    lambda start, length: Repair(SOLD + timedelta(days=start), SOLD + timedelta(days=start + length)),
    st.integers(-50, 500), st.integers(0, 60),
)  # fmt: skip


@given(st.lists(stays, max_size=6), st.integers(0, 800))
def test_the_days_won_are_the_days_in_repair_within_the_warranty(repairs, after):
    on = SOLD + timedelta(days=after)
    found = of(Basis(sold_on=SOLD, months=12), *repairs, on=on)
    assert found is not None
    spent = {
        each.start + timedelta(days=n)
        for each in repairs if SOLD <= each.start < found.end and each.start <= on
        for n in range(each.days(on))
    }  # fmt: skip
    assert found.repair_days == len(spent)
    assert found.end == found.promised_end + timedelta(days=len(spent))
