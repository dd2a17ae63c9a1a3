"""A scheme scores the positions of a company under its own names for them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from fuxiao.core.period import parse_period
from fuxiao.core.target import Level, Target, TargetBook, TargetEntry
from fuxiao.datasets.store import Store
from fuxiao.incentives.settling import Terms, read_plan_text, settle_period
from fuxiao.metrics.library import read_library
from fuxiao.performance.cycles.roll import roll_of
from fuxiao.performance.decisions import Decisions, read_scheme_text
from fuxiao.performance.roster import read_roster
from fuxiao.performance.scoring import indicator_infos, score_period
from web.figures_home import figures_home

OCTOBER = parse_period("2026-10")
SCHEME = """
scheme: shop
version: "1"
grades: {S: 95, A: 85, B: 70, C: 60, D: 0}
coefficients: {S: 1.5, A: 1.2, B: 1.0, C: 0.8, D: 0.5}
roles:
  chat_agent:
    positions: [field_engineer]
    items: [{indicator: FRT, weight: 100, floor: 60, target: 20, stretch: 10, counter_waived: tried only}]
"""
PLAN = """
plan: shop
version: "1"
label: {zh: 店, en: Shop}
valid_from: 2026-01-01
currency: CNY
cycle: month
jurisdiction: CN
defaults: {base: 1000.00}
coefficients: {by: grade, bands: {S: 95, A: 85, B: 70, C: 60, D: 0}, table: {S: 1.5, A: 1.2, B: 1.0, C: 0.8, D: 0.5}}
roles:
  chat_agent:
    label: {zh: 客服, en: Agent}
    components: [{key: own, type: base_coefficient, label: {zh: 绩效, en: Own}}]
"""
LIBRARY = read_library().indicators
RULES = read_scheme_text(SCHEME, indicator_infos(LIBRARY))


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with Store.open(figures_home(tmp_path_factory.mktemp("covered") / "home"), threads=1) as opened:
        yield opened


def scored(store: Store, *targets: TargetEntry):
    decisions = Decisions(TargetBook(targets))
    run = score_period(
        store, RULES, OCTOBER, library=LIBRARY, decisions=decisions, as_of=datetime(2026, 11, 6, 1, tzinfo=UTC)
    )
    return run, {card.subject: card.total for card in run.scores.cards}


def entry(role: str, target: str) -> TargetEntry:
    return TargetEntry("FRT", Level.ROLE, role, Target(target=Decimal(target)), date(2026, 1, 1))


def test_whoever_holds_a_position_is_scored_and_paid_in_the_role_that_covers_it(store):
    run, totals = scored(store)
    assert {who: totals[who] for who in ("E3", "E4")} == {"E3": Decimal("120.00"), "E4": Decimal("100.00")}
    assert {member.position for member in run.roster.members.values()} == {"field_engineer"}
    paid = settle_period(store, read_plan_text(PLAN), run, Terms())
    assert {each.person: each.earned for each in paid.payouts}["E3"] == Decimal("1500.00")


def test_a_target_for_the_position_goes_before_one_for_the_role(store):
    role = scored(store, entry("chat_agent", "15"))[1]["E4"]
    both = scored(store, entry("chat_agent", "15"), entry("field_engineer", "30"))[1]["E4"]
    assert role < Decimal(100) < both


def test_everybody_in_a_covered_position_is_on_the_roll_of_a_cycle(store):
    roster = read_roster(store, OCTOBER)
    assert [entry.person for entry in roll_of(roster.under(RULES), RULES.roles)] == ["E1", "E2", "E3", "E4"]
    assert list(roll_of(roster, RULES.roles)) == []
