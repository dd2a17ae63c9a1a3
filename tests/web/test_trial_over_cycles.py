"""A draft scheme tried on review cycles that are closed: as they were, whatever changed since."""

from __future__ import annotations

import pytest

from fuxiao.performance.cycles.models import CycleMember
from web.rules_home import sent_by
from web.test_cycles import company, cycle, lake, made_home, press
from web.test_figure_pages import shown

__all__ = ["company", "cycle", "lake", "made_home"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.lake]
SCHEME, ROLE = "/schemes/small/", "/schemes/small/roles/field_engineer"
TARGETS = """\
- {indicator: FRT, person: E3, target: 1, floor: 2, stretch: 0.5, valid_from: 2026-01-01, reason: 之后才定的}
"""


def tried(owner) -> str:
    owner.post(ROLE, {**sent_by(owner, ROLE), "roles.field_engineer.items[0].curve.target": "8", "do": "save"})
    owner.post(f"{SCHEME}try", {**sent_by(owner, SCHEME, f"{SCHEME}try"), "periods": "3"})
    return shown(owner, f"{SCHEME}versions/2/report")


def test_a_closed_cycle_is_played_again_as_it_was_and_the_report_says_so(company, cycle, owner, lake):
    press(company["hr"], cycle)
    score = CycleMember.objects.get(person="E3").scorecard.score
    (lake / "targets.yaml").write_text(TARGETS, encoding="utf-8")
    page = tried(owner)
    assert "重放 1 个已结束的考核周期（0 个已封存）" in page
    assert f"张伟 E3 上门工程师 {score}" in page
    assert "2026 年 10 月" in page


def test_before_any_cycle_is_closed_the_report_says_that_past_periods_were_taken(company, cycle, owner):
    page = tried(owner)
    assert "还没有已结束的考核周期，用现有数据按过去的期间试算" in page
    assert "2026 年 8 月、2026 年 9 月、2026 年 10 月" in page
