"""Parts: asked for, issued, fitted, given back; what lies somewhere is the sum of its movements."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from fuxiao.base.models import Notice
from fuxiao.base.permissions import Permission, Reach, Viewer
from fuxiao.core.errors import InputError, NotPermitted
from fuxiao.service.actions import parts as actions
from fuxiao.service.actions import stock
from fuxiao.service.actions.intake import Intake, take_in
from fuxiao.service.models import Case, FeedEntry, Location, Part, PartLine, Stock, StockMove
from fuxiao.service.publish import records_of
from fuxiao.service.queries import parts as queries
from fuxiao.service.records.field import part_line_rows
from service.conftest import minutes
from web.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both]
TODAY = date(2026, 11, 6)
KEEPER = Viewer(account=None, name="keeper", reach=Reach.ALL, permissions=frozenset(Permission))


@pytest.fixture
def store(desk):
    """A compressor: two in 张伟's van, five in the local store; a case of his."""
    desk.part = stock.add_part(desk.parts, "CP-1", {"name": "压缩机", "return_days": 7}, at=NOW)
    desk.van = stock.add_location(desk.parts, stock.Place("V3", "张伟的车", "van", desk.people["E3"]), at=NOW)
    desk.local = stock.add_location(desk.parts, stock.Place("L1", "天河库", "local", team=desk.teams["T1"]), at=NOW)
    for location, qty in ((desk.van, 2), (desk.local, 5)):
        stock.receive(desk.parts, desk.part, location, qty, at=NOW)
    desk.case = take_in(desk.lead, Intake(title="不制冷", owner=desk.people["E3"]), at=NOW)
    return desk


def balance(location: Location) -> int:
    return Stock.objects.get(location=location).balance


def asked(store, qty: int = 1) -> str:
    return actions.ask(store.engineer, store.case.number, store.part, qty, at=minutes(1)).number


def test_an_engineer_takes_a_part_out_of_the_own_van_and_fits_it(store):
    number = asked(store)
    line = actions.issue(store.engineer, number, store.van, at=minutes(2))
    assert (line.filled_from, line.picker, line.return_due_at) == (
        "van",
        store.people["E3"],
        minutes(2) + timedelta(days=7),
    )
    assert balance(store.van) == 1
    assert actions.fit(store.engineer, number, at=minutes(3)).correct is True
    with pytest.raises(InputError, match=r"part\.not_in_hand"):
        actions.fit(store.engineer, number, at=minutes(4))
    assert FeedEntry.objects.filter(dataset="part_lines", key=number).count() == 3


def test_nobody_but_the_storekeeper_issues_from_a_store(store):
    number = asked(store)
    for viewer in (store.engineer, store.lead, store.dispatcher):
        with pytest.raises(NotPermitted):
            actions.issue(viewer, number, store.local, at=minutes(2))
    assert balance(store.local) == 5
    assert actions.issue(store.parts, number, store.local, at=minutes(2)).filled_from == "local"


def test_what_has_to_be_ordered_makes_the_case_wait_until_the_last_part_is_there(store):
    one, two = asked(store), asked(store)
    actions.order(store.parts, one, at=minutes(5))
    assert Case.objects.get().pause == "parts"
    actions.issue(store.parts, one, store.local, at=minutes(60))
    assert Case.objects.get().pause == "parts"
    actions.issue(store.parts, two, store.local, at=minutes(61))
    assert Case.objects.get().pause == ""
    assert PartLine.objects.get(number=one).filled_from == "backorder"


def test_a_wrong_part_goes_back_with_its_reason_and_no_old_part_is_due_for_it(store):
    number = asked(store)
    actions.issue(store.parts, number, store.local, at=minutes(2))
    line = actions.give_back(store.engineer, number, store.local, at=minutes(9), wrong="型号不符", kind="picking")
    assert (line.correct, line.wrong_reason, line.return_due_at) == (False, "型号不符", None)
    assert balance(store.local) == 5


@pytest.mark.parametrize("kind", ["picking", "request"])
def test_whose_mistake_a_wrong_part_was_reaches_the_figures(store, kind):
    number = asked(store)
    actions.issue(store.parts, number, store.local, at=minutes(2))
    with pytest.raises(InputError, match=r"part\.wrong_kind_unknown"):
        actions.give_back(store.engineer, number, store.local, at=minutes(9), kind="weather")
    actions.give_back(store.engineer, number, store.local, at=minutes(9), kind=kind)
    (row,) = part_line_rows([number])
    assert (row["correct"], row["wrong_reason"]) == (False, kind)


def test_a_part_that_was_right_and_not_needed_is_nobodys_mistake(store):
    number = asked(store)
    actions.issue(store.parts, number, store.local, at=minutes(2))
    actions.give_back(store.engineer, number, store.local, at=minutes(9))
    (row,) = part_line_rows([number])
    assert (row["correct"], row["wrong_reason"]) == (None, None)


def test_old_parts_are_due_until_they_are_back(store):
    number = asked(store)
    actions.issue(store.parts, number, store.local, at=minutes(2))
    assert [each.number for each in queries.old_parts_due(store.parts, on=TODAY)] == [number]
    with pytest.raises(NotPermitted):
        actions.take_old(store.engineer, number, at=minutes(9))
    actions.take_old(store.parts, number, at=minutes(9))
    assert list(queries.old_parts_due(store.parts, on=TODAY)) == []
    with pytest.raises(InputError, match=r"part\.nothing_due"):
        actions.take_old(store.parts, number, at=minutes(10))


def test_more_than_there_is_goes_out_only_with_a_reason_which_stays_until_it_is_counted(store):
    number = asked(store, 3)
    with pytest.raises(InputError, match=r"part\.too_few"):
        actions.issue(store.engineer, number, store.van, at=minutes(2))
    assert (balance(store.van), PartLine.objects.get().issued_at) == (2, None)
    actions.issue(store.engineer, number, store.van, at=minutes(3), overdraw="车上多一件未登记")
    held = Stock.objects.get(location=store.van)
    assert (held.balance, held.overdrawn) == (-1, "车上多一件未登记")
    stock.count(store.parts, store.part, store.van, 0, at=minutes(4), reason="盘点")
    held.refresh_from_db()
    assert (held.balance, held.overdrawn) == (0, "")


def test_the_database_itself_keeps_stock_from_falling_below_nought_without_a_reason(store):
    with pytest.raises(IntegrityError), transaction.atomic():
        Stock.objects.filter(location=store.van).update(balance=-1)
    with pytest.raises(IntegrityError), transaction.atomic():
        StockMove.objects.create(
            at=NOW, location=store.van, part=store.part, qty=0, balance=2, kind="received", by_name="x"
        )


def test_what_runs_low_is_listed(store):
    assert list(queries.stock(low=True)) == []
    stock.set_minimum(store.parts, store.part, store.van, 3, at=NOW)
    assert [each.location for each in queries.stock(low=True)] == [store.van]


def test_who_keeps_parts_is_told_once_each_time_a_part_falls_below_its_minimum(store):
    def told() -> list[tuple[str, str]]:
        found = Notice.objects.filter(account=store.users["parts"], kind="part.low").order_by("id")
        return [(each.facts["n"], each.facts["location"]) for each in found]

    stock.set_minimum(store.parts, store.part, store.local, 5, at=NOW)
    stock.transfer(store.parts, store.part, store.local, store.van, 1, at=minutes(1))
    stock.transfer(store.parts, store.part, store.local, store.van, 1, at=minutes(2))
    assert told() == [("4", "天河库")]
    stock.receive(store.parts, store.part, store.local, 2, at=minutes(3))
    actions.issue(store.parts, asked(store, 3), store.local, at=minutes(4))
    assert told() == [("4", "天河库"), ("2", "天河库")]
    assert not Notice.objects.filter(kind="part.low").exclude(account=store.users["parts"]).exists()


@pytest.mark.parametrize("name", ["engineer", "lead", "manager", "dispatcher", "auditor", "agent"])
def test_others_move_no_stock(store, name):
    viewer = getattr(store, name, store.other)
    with pytest.raises(NotPermitted):
        stock.receive(viewer, store.part, store.local, 1, at=NOW)
    with pytest.raises(NotPermitted):
        stock.count(viewer, store.part, store.local, 0, at=NOW, reason="x")
    assert balance(store.local) == 5


def test_an_engineer_touches_no_parts_of_cases_of_others(store):
    number = asked(store)
    with pytest.raises(NotPermitted):
        actions.ask(store.other, store.case.number, store.part, 1, at=NOW)
    with pytest.raises(NotPermitted):
        actions.withdraw(store.other, number, at=NOW)
    assert actions.withdraw(store.engineer, number, at=minutes(3)).cancelled_at == minutes(3)
    assert queries.waiting(store.parts, on=TODAY).count() == 0


def test_a_part_that_was_ordered_and_is_not_needed_after_all_is_withdrawn_in_the_records_too(store):
    number = asked(store)
    assert records_of([("part_lines", number)]) == {}
    actions.order(store.parts, number, at=minutes(2))
    assert records_of([("part_lines", number)])["part_lines"][0]["cancelled_at"] is None
    actions.withdraw(store.engineer, number, at=minutes(3))
    assert records_of([("part_lines", number)])["part_lines"][0]["cancelled_at"] == int(minutes(3).timestamp())


class Movements(TestCase):
    """Whatever is received, moved and counted: what lies somewhere is the sum of its movements, never below nought."""

    @settings(max_examples=25)
    @given(st.lists(st.tuples(st.sampled_from(["receive", "transfer", "count"]), st.integers(-2, 6)), max_size=12))
    def test_the_balance_is_the_sum_of_the_movements(self, steps):
        part = Part.objects.create(number="CP-1", name="压缩机")
        places = [Location.objects.create(key=key, name=key, kind="local") for key in "AB"]
        for name, qty in steps:
            try:
                if name == "receive":
                    stock.receive(KEEPER, part, places[0], qty, at=NOW)
                elif name == "transfer":
                    stock.transfer(KEEPER, part, places[qty % 2], places[1 - qty % 2], qty, at=NOW)
                else:
                    stock.count(KEEPER, part, places[1], qty, at=NOW, reason="盘点")
            except InputError:
                pass
        for place in places:
            total = StockMove.objects.filter(location=place).aggregate(total=Sum("qty"))["total"] or 0
            held = Stock.objects.filter(location=place).first()
            assert total == (held.balance if held else 0) >= 0
            assert StockMove.objects.filter(location=place, balance__lt=0).count() == 0
