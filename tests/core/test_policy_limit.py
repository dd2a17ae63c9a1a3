"""Which limit decides, and when somebody else has to approve."""

from __future__ import annotations

from datetime import date

import pytest

from fuxiao.core.policy_limit import Limit, limit_for, needs_approval

DAY = date(2026, 11, 6)
ANY = Limit(kind="compensation", amount=20000)
AIR = Limit(kind="compensation", amount=30000, category="air")
KFR = Limit(kind="compensation", amount=50000, product="KFR")


def found(*limits: Limit, kind: str = "compensation", category: str | None = "air", product: str | None = "KFR"):
    return limit_for(limits, kind=kind, category=category, product=product, on=DAY)


def test_the_most_special_limit_decides():
    assert found(ANY, AIR, KFR) == KFR
    assert found(ANY, AIR, KFR, product="other") == AIR
    assert found(ANY, AIR, KFR, product=None, category=None) == ANY
    assert found(AIR, category="wash", product=None) is None
    assert found(ANY, kind="refund") is None


def test_only_a_limit_of_the_day_decides_and_the_newest_of_equals():
    old = Limit(kind="compensation", amount=9, valid_from=date(2025, 1, 1), valid_to=DAY)
    new = Limit(kind="compensation", amount=7, valid_from=DAY)
    assert found(old, new) == new
    assert found(old) is None
    assert found(ANY, new) == new


@pytest.mark.parametrize(("amount", "before", "asked"), [(20000, 0, False), (20001, 0, True), (5000, 15001, True)])
def test_above_the_limit_somebody_approves_and_a_split_sum_counts_whole(amount, before, asked):
    assert needs_approval(ANY, kind="compensation", amount=amount, before=before) is asked


def test_without_a_limit_only_money_for_customers_is_asked_about():
    assert needs_approval(None, kind="refund", amount=1, before=0)
    assert not needs_approval(None, kind="travel", amount=10**9, before=0)
