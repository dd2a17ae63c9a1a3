"""Cycles that are open when the update comes which decides a period as one."""

from __future__ import annotations

import pytest

from fuxiao.performance.cycles.models import Cycle
from older_tables import older_tables
from web.conftest import NOW

A, B = ({"kind": "grade", "subject": who, "grade": "D"} for who in ("E3", "E4"))


def before(period: str, scope: str, step: str, *rulings: dict[str, str], plan: str = "plan: small") -> int:
    """A cycle as an earlier version kept it: computed with what was decided in it."""
    kept = {"rulings": list(rulings), "applied": len(rulings), "calculation": 1, "plan_text": plan}
    made = Cycle.objects.create(period=period, scope=scope, step=step, cut_off_on=NOW.date(), opened_at=NOW, **kept)
    return made.pk


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
def test_the_update_joins_what_open_cycles_decided_and_has_amounts_worked_out_once_more():
    with older_tables("cycles", "0012_other_payouts"):
        open_ones = before("2026-10", "T1", "calibration", A), before("2026-10", "T2", "shared", B)
        standing = before("2026-09", "T1", "final", A), before("2026-09", "T2", "shared", B)
        unpaid = before("2026-08", "", "shared", A, plan="")
    found = Cycle.objects.in_bulk()
    assert [(found[each].rulings, found[each].is_behind) for each in open_ones] == [([A, B], True)] * 2
    assert [(found[each].rulings, found[each].is_behind) for each in (*standing, unpaid)] == [
        ([A], False), ([B], False), ([A], False),
    ]  # fmt: skip
