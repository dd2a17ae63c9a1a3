"""Two people at two cycles of a period at the same moment: each hears of what the other does."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import OperationalError, connection, transaction

from fuxiao.base.clock import now
from fuxiao.core.errors import InputError
from fuxiao.core.period import parse_period
from fuxiao.performance.cycles.actions.opening import Opening, open_cycle
from fuxiao.performance.cycles.actions.together import add_rulings
from fuxiao.performance.cycles.models import Cycle, CycleMember
from fuxiao.performance.cycles.roll import Entry
from fuxiao.performance.rulings import Ruling, RulingKind
from fuxiao.report.running import SYSTEM

pytestmark = [pytest.mark.both, pytest.mark.django_db(transaction=True)]
LOWER = Ruling(kind=RulingKind.GRADE, subject="E3", grade="D", reason="横向比较后一致认为。", by="人事")
SOON = 0.2
"""Seconds in which somebody else comes while one has not ended yet."""


def begin(team: str, *people: str) -> Cycle:
    october = parse_period("2026-10")
    opening = Opening(period=october, scheme="small", teams=(team,), cut_off_on=october.end)
    return open_cycle(SYSTEM, opening, [entry(who, team) for who in people], at=now())


def entry(who: str, team: str) -> Entry:
    return Entry(
        person=who,
        name=who,
        position="",
        team=team,
        team_name=team,
        lead="",
        lead_name="",
        days=31,
        of_days=31,
        reasons=(),
    )


def while_open(first, second):
    """``second`` begins while ``first`` has not ended yet; what it said."""
    begun = Event()

    def one() -> None:
        with transaction.atomic():
            first()
            begun.set()
            time.sleep(SOON)
        connection.close()

    def other():
        begun.wait()
        while True:
            try:
                with transaction.atomic():
                    return second()
            except OperationalError:  # tables in memory are locked without a wait, those of a file are waited for
                assert connection.vendor == "sqlite"
            finally:
                connection.close()

    with ThreadPoolExecutor(2) as both:
        running, said = both.submit(one), both.submit(other)
        running.result()
        return said.result()


def test_what_is_decided_while_another_cycle_is_being_opened_counts_in_both():
    one = begin("T1", "E3")
    while_open(lambda: begin("T2", "E4"), lambda: add_rulings(one.pk, [LOWER]))
    assert [len(each.rulings) for each in Cycle.objects.all()] == [1, 1]


def test_of_two_cycles_that_are_opened_at_once_nobody_is_in_both():
    """Who were in both would be paid on both lists."""
    with pytest.raises(InputError) as refused:
        while_open(lambda: begin("T1", "E3", "E4"), lambda: begin("T2", "E4"))
    assert (refused.value.code, CycleMember.objects.count()) == ("cycle.twice", 2)
