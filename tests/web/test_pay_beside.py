"""Who is paid without a scorecard, and teams that people only pass through: the list, the file and the seal agree."""

from __future__ import annotations

from decimal import Decimal

import pytest

from facts_world import add, at
from fuxiao.core.period import parse_period
from fuxiao.datasets.store import Store
from fuxiao.incentives.seals import read_seal
from fuxiao.performance.cycles.models import Cycle
from web.conftest import NOW, days, signed_in_as
from web.cycles_home import PLAN, cycles_home
from web.figures_home import _events
from web.test_cycles import OPEN, STAFF, hire, lake, press, step
from web.test_figure_pages import shown, text
from web.test_pay import AFTER, begin, give, money, paid, pay

__all__ = ["lake"]
pytestmark = [pytest.mark.django_db, pytest.mark.both]
HELD = PLAN + "hold_back: {rate: 0.20, release: quarter}\n"
TEAMS = PLAN + "pools:\n  team: {weight: score, scope: team, label: {zh: 班组奖金池, en: Team pool}}\n"


@pytest.fixture(scope="module")
def made_home(tmp_path_factory):
    return cycles_home(tmp_path_factory.mktemp("beside") / "home")


@pytest.fixture
def hr(org, lake):
    hire()
    return signed_in_as(*STAFF)["hr"]


def under(lake, plan: str) -> None:
    (lake / "plans" / "small.yaml").write_text(plan, encoding="utf-8")


def belongs(lake, person: str, *stints: tuple[str, int, int | None]) -> None:
    """Where a person belongs: team, first day, day after the last."""
    rows = [{"person": person, "team": team, "role": "field_engineer", "valid_from": start, "valid_to": end}
            for team, start, end in stints]  # fmt: skip
    with Store.open(lake, threads=1) as store:
        add(store, memberships=rows)


def sealed(hr, cycle, monkeypatch) -> None:
    """Shared, final and sealed, each by one press once the days to appeal are over."""
    press(hr, cycle)
    monkeypatch.setenv("FUXIAO_NOW", AFTER)
    press(hr, cycle)
    press(hr, cycle)
    assert step(cycle) == "sealed"
    assert "一致" in text(hr.post(f"/performance/cycles/{cycle.pk}/verify/", follow=True).content.decode())
    monkeypatch.setenv("FUXIAO_NOW", NOW.isoformat())


def paid_by_seal(lake, key: str) -> dict[str, Decimal]:
    """What the seal of a period pays each person."""
    with Store.open(lake, threads=1) as store:
        rows = read_seal(store, parse_period(key)).rows
    found = {tuple(path.split("/")): amount for path, amount in rows.items() if path.startswith("payout/")}
    return {who: Decimal(amount) for (_, who, what), amount in found.items() if what == "total"}


def test_whoever_left_is_paid_the_released_hold_back_on_the_page_in_the_file_and_in_the_seal(lake, hr, monkeypatch):
    under(lake, HELD)
    hr.post("/performance/cycles/new/", OPEN | {"period": "2026-09", "cut_off_on": "2026-10-08", "stages": []})
    september = Cycle.objects.get()
    press(hr, september)
    held = Decimal(paid(hr, september)["E4"]["递延"])
    assert held < 0
    sealed(hr, september, monkeypatch)

    # 李娜 leaves; her hold-back of the quarter is due with October, in which she has no scorecard.
    belongs(lake, "E4", ("T2", 0, days(2026, 10, 1)))
    hr.post("/performance/cycles/new/", OPEN | {"stages": []})
    october = Cycle.objects.get(period="2026-10")
    press(hr, october)
    rows = paid(hr, october)
    assert (rows["E4"]["姓名"], rows["E4"]["得分"], rows["E4"]["说明"]) == ("李娜", "", "没有评分卡；仅含前期更正")
    assert money(rows["E4"], "实发奖金") == money(rows["E4"], "递延兑现") > 0
    seen = shown(hr, pay(october))
    assert "有 1 人在这个期间没有评分卡" in seen
    assert "李娜 没有评分卡 E4" in seen
    sealed(hr, october, monkeypatch)
    assert {who: money(row, "实发奖金") for who, row in paid(hr, october).items()} == paid_by_seal(lake, "2026-10")
    total = sum(paid_by_seal(lake, "2026-10").values())
    assert f"实发合计 ¥{total:,.2f}" in shown(hr, pay(october))


def test_data_that_comes_after_the_cut_off_corrects_nothing_of_what_people_were_told(lake, hr, monkeypatch):
    """Thirty cases of September that 张伟 answered late come in once October is scored: they wait for November."""
    hr.post("/performance/cycles/new/", OPEN | {"period": "2026-09", "cut_off_on": "2026-10-08", "stages": []})
    september = Cycle.objects.get()
    press(hr, september)
    sealed(hr, september, monkeypatch)
    hr.post("/performance/cycles/new/", OPEN | {"stages": []})
    october = Cycle.objects.get(period="2026-10")
    press(hr, october)
    told = {who: money(row, "实发奖金") for who, row in paid(hr, october).items()}
    late = [(f"late-{n}", at("2026-09-08 10:00") + n) for n in range(30)]
    with Store.open(lake, threads=1) as store:
        add(
            store,
            cases=[{"case_id": case, "opened_at": opened, "unit_id": "T1", "owner": "E3"} for case, opened in late],
            case_events=[each for case, opened in late for each in _events(case, opened, "E3", 60, paused=False)],
        )
    sealed(hr, october, monkeypatch)
    assert paid_by_seal(lake, "2026-10") == told
    hr.post("/performance/cycles/new/", OPEN | {"period": "2026-11", "cut_off_on": "2026-12-01", "stages": []})
    november = Cycle.objects.get(period="2026-11")
    monkeypatch.setenv("FUXIAO_NOW", "2026-12-04T09:00:00+08:00")
    press(hr, november)
    assert money(paid(hr, november)["E3"], "前期更正") < 0


def test_whoever_is_in_none_of_two_cycles_is_paid_once(lake, hr, monkeypatch):
    """赵强 manages both teams and belongs to neither; the period pays him, so he stands in the first list."""
    one, two = begin(hr, "T1"), begin(hr, "T2")
    press(hr, two)
    assert "E1" in paid(hr, two), "the other one is not computed yet"
    press(hr, one)
    assert (set(paid(hr, one)), set(paid(hr, two))) == ({"E1", "E2", "E3"}, {"E4"})
    assert f'href="{pay(one)}"' in hr.get(pay(two)).content.decode()
    press(hr, two)
    sealed(hr, one, monkeypatch)
    rows = paid(hr, one) | paid(hr, two)
    assert {who: money(row, "实发奖金") for who, row in rows.items()} == paid_by_seal(lake, "2026-10")


def test_a_team_that_somebody_only_passed_through_is_asked_for_its_pool(lake, hr, monkeypatch):
    """张伟 spent the first ten days of October in 二组, which is in no cycle."""
    under(lake, TEAMS)
    belongs(lake, "E3", ("T2", 0, days(2026, 10, 11)), ("T1", days(2026, 10, 11), None))
    cycle = begin(hr, "T1")
    press(hr, cycle)
    give(hr, cycle, pool__team__T1="300")
    assert "班组奖金池 · 二组" in shown(hr, pay(cycle, amounts=True))
    press(hr, cycle)
    assert "还有 1 个奖金池没有金额" in shown(hr, f"/performance/cycles/{cycle.pk}/")
    give(hr, cycle, pool__team__T1="300", pool__team__T2="200")
    rows = paid(hr, cycle)
    shares = {who: money(row, "班组奖金池") for who, row in rows.items()}
    assert 0 < shares["E4"] < 200, "李娜 of 二组 shares it with 张伟, and is in no cycle"
    assert shares["E2"] + shares["E3"] == 500 - shares["E4"]
    assert "个奖金池没有金额" not in shown(hr, f"/performance/cycles/{cycle.pk}/")
