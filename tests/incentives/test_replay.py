"""A draft scheme played over past months beside the one in force: who gains, what it costs, where it jumps."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from fuxiao.core.period import parse_period
from fuxiao.datasets.store import Store
from fuxiao.incentives.compared import steps_of
from fuxiao.incentives.replay import Question, replay
from fuxiao.incentives.settling import read_plan_text
from fuxiao.performance.decisions import read_decisions, read_scheme_text
from fuxiao.performance.scoring import indicator_infos
from fuxiao.report.closing import indicators_of
from web.cycles_home import PLAN, SCHEME, unclosed_home

MONTHS = ("2026-09", "2026-10")
STRICT = SCHEME.replace("floor: 30, target: 15, stretch: 5", "floor: 25, target: 8, stretch: 4")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with Store.open(unclosed_home(tmp_path_factory.mktemp("replay") / "home"), threads=1) as opened:
        yield opened


@pytest.fixture(scope="module")
def asked(store) -> Question:
    library = indicators_of(store)
    scheme = read_scheme_text(SCHEME, indicator_infos(library))
    return Question(
        new=scheme, old=scheme, periods=[parse_period(key) for key in MONTHS], plan=read_plan_text(PLAN),
        library=library, decisions=read_decisions(store.home), as_of=datetime(2026, 11, 6, tzinfo=UTC),
    )  # fmt: skip


def stricter(asked: Question) -> Question:
    return replace(asked, new=read_scheme_text(STRICT, indicator_infos(asked.library)))


def test_the_same_scheme_changes_nobody_and_costs_the_same(store, asked):
    heard = []
    found = replay(store, asked, progress=lambda done, whole: heard.append((done, whole)))
    assert found.periods == MONTHS
    rated = [each for each in found.people if each.score_new is not None]
    assert {each.person: each.way for each in found.people} == {"E1": "open", "E2": "open", "E3": "same", "E4": "same"}
    assert all(each.amount == 0 for each in found.people)
    assert found.budget_old == found.budget_new == sum(each.amount_new for each in found.people)
    assert found.grades_old == found.grades_new
    assert (found.currency, found.unpaid, len(rated)) == ("CNY", None, 2)
    assert heard == [(at, 6) for at in range(1, 7)]


def test_a_stricter_target_costs_those_it_touches_and_the_teams_say_so(store, asked):
    found = replay(store, stricter(asked))
    people = {each.person: each for each in found.people}
    assert {who: (each.score_old, each.score_new, each.way) for who, each in people.items() if each.way != "open"} == {
        "E3": (Decimal("112.00"), Decimal("100.24"), "loser"), "E4": (Decimal("100.00"), Decimal("91.06"), "loser"),
    }  # fmt: skip
    assert (people["E3"].grade_old, people["E3"].grade_new, people["E3"].amount) == ("S", "A", Decimal("-600.00"))
    assert found.budget_new - found.budget_old == sum(each.amount for each in found.people)
    assert [(team.team, team.losers, team.score) for team in found.teams if team.losers] == [
        ("T1", 1, Decimal("-11.76")), ("T2", 1, Decimal("-8.94")),
    ]  # fmt: skip


def test_without_a_scheme_before_there_is_nothing_to_compare_with(store, asked):
    found = replay(store, replace(asked, old=None, plan=None))
    assert {each.way for each in found.people} == {"open"}
    assert (found.budget_old, found.budget_new, found.grades_old) == (None, None, {})


def test_without_a_past_nobody_is_compared(store, asked):
    found = replay(store, replace(asked, periods=()))
    assert (found.people, found.teams, found.periods) == ((), (), ())


def test_a_plan_that_cannot_be_paid_says_why_and_shows_no_amounts(store, asked):
    foreign = read_plan_text(PLAN.replace("CNY", "EUR"))
    found = replay(store, replace(asked, plan=foreign))
    assert found.unpaid is not None
    assert found.unpaid.code == "settle.currency"
    assert (found.budget_new, found.currency, {each.amount for each in found.people}) == (None, "", {None})


def test_a_curve_jumps_at_its_floor_and_nowhere_on_its_slopes(asked):
    found = {item.indicator: list(steps_of(item.curve)) for item in asked.new.roles["field_engineer"].items}
    assert {code: [(at, round(jump)) for at, jump in steps] for code, steps in found.items()} == {
        "FRT": [(Decimal(30), 60)], "REO": [(Decimal(20), 60)],
    }  # fmt: skip
