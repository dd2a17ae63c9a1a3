"""What a cycle pays: pools that HR gives, everybody's amounts for finance, the payroll's file."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db.models import F

from command_line import fuxiao
from fuxiao.base.models import AuditEntry, Notice
from fuxiao.base.permissions import Role
from fuxiao.org.models import RoleGrant, User
from fuxiao.performance.cycles.models import Cycle, CycleMember, Scorecard
from fuxiao.report import running
from fuxiao.report.by_calendar import remind_all
from fuxiao.report.tasks import recompute_cycle, take_up_cycles
from web.conftest import NOW, account, signed_in_as
from web.cycles_home import PLAN, closed, cycles_home
from web.test_cycles import OPEN, STAFF, hire, lake, opened, page, press, step
from web.test_figure_pages import shown, text

__all__ = ["lake"]
pytestmark = [pytest.mark.django_db, pytest.mark.both]
POOLED = (
    PLAN.replace("key: base}", "key: base, multiply: {factors: [own, company]}}")
    + "factors: {company: {low: 0.9, high: 1.2}}\npools:\n"
    "  department: {weight: score, label: {zh: 部门奖金池, en: Department pool}}\n"
    "  team: {weight: score, scope: team, optional: true, label: {zh: 班组奖金池, en: Team pool}}\n"
)  # fmt: skip
AFTER = "2026-11-11T09:00:00+08:00"
"""When the days to appeal are over."""


@pytest.fixture(scope="module")
def made_home(tmp_path_factory):
    home = cycles_home(tmp_path_factory.mktemp("pay") / "home")
    (home / "plans" / "small.yaml").write_text(POOLED, encoding="utf-8")
    return closed(home)


@pytest.fixture
def company(org, lake):
    hire()
    account("finance", Role.FINANCE)
    return signed_in_as(*STAFF, "finance")


@pytest.fixture
def cycle(company) -> Cycle:
    return opened(company["hr"], OPEN | {"stages": []})


def pay(cycle, *, amounts: bool = False) -> str:
    return f"/performance/pay/{cycle.pk}/" + ("amounts/" if amounts else "")


def give(client, cycle, **amounts: str):
    version = Cycle.objects.get(pk=cycle.pk).version
    given = {name.replace("__", "/"): amount for name, amount in amounts.items()}
    return client.post(pay(cycle, amounts=True), {"version": version, **given})


def money(row: dict[str, str], column: str) -> Decimal:
    """An amount of the file; nothing where the person has no such line."""
    return Decimal(row[column] or 0)


def bonus(page: str) -> str:
    """The amount on a scorecard, as files write it."""
    return re.search(r"奖金(?:预估|</h2>|</span>)[^¥]*¥ ?([0-9,.]+)", page)[1].replace(",", "")


def paid(client, cycle) -> dict[str, dict[str, str]]:
    """The payroll's file, by number."""
    content = client.get(pay(cycle) + "?as=csv").content.decode("utf-8-sig")
    return {row["工号"]: row for row in csv.DictReader(io.StringIO(content))}


@pytest.mark.lake
def test_a_pool_is_given_shared_out_to_the_cent_sealed_and_verified(company, cycle, monkeypatch):
    hr, zhang = company["hr"], company["zhang"]
    assert "还没有金额" in shown(hr, pay(cycle)), "the cycle runs: nothing is worked out yet"

    # The data is closed and shared; nobody has said yet how much the pool holds.
    press(hr, cycle)
    press(hr, cycle)
    assert step(cycle) == "shared"
    before = paid(hr, cycle)
    assert all(row["绩效奖金"] == row["实发奖金"] for row in before.values())
    monkeypatch.setenv("FUXIAO_NOW", AFTER)
    assert "还有 1 个奖金池没有金额" in shown(hr, f"/performance/cycles/{cycle.pk}/")
    press(hr, cycle)
    assert step(cycle) == "shared", "it cannot be made final without"

    # HR gives it: amounts are worked out again, and who had acknowledged does so anew.
    zhang.post(page(cycle, "E3") + "answer/", {"kind": "accept"})
    answer = give(hr, cycle, pool__department__="1000.00", company="1.1")
    assert answer.status_code == 302, text(answer.content.decode())
    after = paid(hr, cycle)
    assert sum(money(row, "部门奖金池") for row in after.values()) == Decimal("1000.00")
    for who, row in after.items():
        assert money(row, "绩效奖金") == (money(before[who], "绩效奖金") * Decimal("1.1")).quantize(Decimal("0.01"))
        assert money(row, "实发奖金") == money(row, "绩效奖金") + money(row, "部门奖金池")
    member = CycleMember.objects.get(person="E3")
    assert (member.scorecard.n, member.scorecard.why, member.answered_at) == (2, "amounts", None)
    assert "部门奖金池" in shown(zhang, page(cycle, "E3"))
    assert AuditEntry.objects.filter(action="cycle.amounts").count() == 1

    # Nothing given anew changes nothing; final, sealed, and every figure found again.
    give(hr, cycle, pool__department__="1000.00", company="1.1")
    assert CycleMember.objects.get(person="E3").scorecard.n == 2
    press(hr, cycle)
    press(hr, cycle)
    assert step(cycle) == "sealed"
    assert "一致" in text(hr.post(f"/performance/cycles/{cycle.pk}/verify/", follow=True).content.decode())
    assert give(hr, cycle, pool__department__="5").status_code == 409, "it is paid by now"
    assert paid(hr, cycle) == {who: row | {"状态": "已封存"} for who, row in after.items()}


@pytest.mark.lake
def test_what_a_newer_program_works_out_otherwise_says_that_it_is_the_program(company, cycle):
    press(company["hr"], cycle)
    press(company["hr"], cycle)
    # An older program had paid E3 less; the update has open cycles worked out once more.
    card = CycleMember.objects.get(person="E3").scorecard
    Scorecard.objects.filter(pk=card.pk).update(
        result=card.result | {"payout": card.result["payout"] | {"total": "1.00"}}
    )
    Cycle.objects.filter(pk=cycle.pk).update(amounts_given=F("amounts_given") + 1)
    assert recompute_cycle.call(cycle.pk) == 1
    again = CycleMember.objects.get(person="E3").scorecard
    assert (again.n, again.why, again.result["payout"]) == (2, "program", card.result["payout"])
    assert AuditEntry.objects.filter(key=str(cycle.pk)).latest("id").action == "cycle.recounted"


@pytest.mark.lake
def test_a_pool_of_each_team_stays_in_the_team_and_the_live_score_counts_with_it(company, cycle):
    hr, zhang = company["hr"], company["zhang"]
    asked = shown(hr, pay(cycle, amounts=True))
    assert "班组奖金池 · 一组" in asked
    assert "公司系数" in asked
    teams = dict(CycleMember.objects.filter(cycle=cycle).values_list("team_name", "team"))
    give(hr, cycle, **{"pool__department__": "0", f"pool__team__{teams['一组']}": "300"})
    assert "班组奖金池" in shown(zhang, "/performance/?wait"), "the estimate of the running cycle"
    press(hr, cycle)
    rows = paid(hr, cycle)
    got = {name: sum(money(r, "班组奖金池") for r in rows.values() if r["班组"] == name) for name in teams}
    assert got == {name: Decimal(300 if name == "一组" else 0) for name in teams}


def begin(hr, *teams: str) -> Cycle:
    """A cycle of these teams alone."""
    answer = hr.post("/performance/cycles/new/", OPEN | {"stages": [], "teams": teams})
    assert answer.status_code == 302, text(answer.content.decode())
    return Cycle.objects.latest("id")


@pytest.mark.lake
def test_two_cycles_of_a_period_are_paid_sealed_and_verified_as_one(company, lake, monkeypatch):
    """Whichever of them the amounts are given at, whenever the other one begins and whenever its data is closed."""
    hr = company["hr"]
    one = begin(hr, "T1")
    give(hr, one, pool__department__="900", pool__team__T1="300")
    two = begin(hr, "T2")
    asked = hr.get(pay(two, amounts=True)).content.decode()
    assert 'value="300"' in asked, "what was given before it began"
    assert "班组奖金池 · 二组" in asked
    press(hr, one)
    monkeypatch.setenv("FUXIAO_NOW", "2026-11-07T09:00:00+08:00")
    press(hr, two)
    give(hr, two, pool__department__="900", pool__team__T1="300", pool__team__T2="200")
    rows = paid(hr, one) | paid(hr, two)
    got = {
        name: sum(money(row, "班组奖金池") for row in rows.values() if row["班组"] == name) for name in ("一组", "二组")
    }
    assert got == {"一组": 300, "二组": 200}
    press(hr, one)
    press(hr, two)
    monkeypatch.setenv("FUXIAO_NOW", AFTER)
    press(hr, one)
    assert step(one) == "final"
    refused = give(hr, two, pool__department__="1")
    assert (refused.status_code, "已定案" in text(refused.content.decode())) == (409, True)
    assert "奖金池与公司系数" not in shown(hr, pay(two))
    press(hr, two)
    for cycle in (one, two):
        press(hr, cycle)
        assert step(cycle) == "sealed"
        assert "一致" in text(hr.post(f"/performance/cycles/{cycle.pk}/verify/", follow=True).content.decode())
    assert fuxiao("verify", home=lake).code == 0


def test_a_pool_that_every_team_needs_is_missing_until_each_has_its_amount(company, lake):
    (lake / "plans" / "small.yaml").write_text(POOLED.replace("team, optional: true", "team"), encoding="utf-8")
    hr = company["hr"]
    cycle = begin(hr, "T1", "T2")
    press(hr, cycle)
    press(hr, cycle)
    give(hr, cycle, pool__department__="0", pool__team__T1="300")
    assert "还有 1 个奖金池没有金额" in shown(hr, f"/performance/cycles/{cycle.pk}/")
    cache.clear()
    remind_all(today=date(2026, 11, 8), at=NOW)
    assert Notice.objects.get(kind="cycle.pools_due").link == pay(cycle, amounts=True)
    give(hr, cycle, pool__department__="0", pool__team__T1="300", pool__team__T2="0")
    assert "个奖金池没有金额" not in shown(hr, f"/performance/cycles/{cycle.pk}/")


@pytest.mark.lake
def test_whoever_is_in_the_cycle_sees_first_amounts_alone_until_results_are_shared(company, lake):
    """Sums, and the others' shares of a pool, would tell what a committee makes of the own result."""
    hr = company["hr"]
    chief = company["zhang"]
    RoleGrant.objects.create(user=User.objects.get(username="zhang"), role=Role.HR, granted_at=NOW)
    cycle = opened(hr, OPEN | {"stages": ["calibration"]})
    press(hr, cycle)
    first = paid(hr, cycle)
    press(hr, cycle)
    assert step(cycle) == "calibration"
    change = {"person": "E3", "grade": "D", "reason": "迟交"}
    assert hr.post(f"/performance/cycles/{cycle.pk}/calibration/", change).status_code == 302
    give(hr, cycle, pool__department__="700")
    now = paid(hr, cycle)
    assert now["E3"]["绩效奖金"] != first["E3"]["绩效奖金"]
    seen = paid(chief, cycle)
    assert {who: row["实发奖金"] for who, row in seen.items()} == {who: row["实发奖金"] for who, row in first.items()}
    assert "您自己也在这个期间的周期里" in shown(chief, pay(cycle))
    assert "您自己也在这个期间的周期里" not in shown(hr, pay(cycle))
    for who in ("E3", "E4"):  # his own card and a colleague's
        card = f"/performance/cycles/{cycle.pk}/{who}/"
        amounts = [bonus(shown(client, card)) for client in (hr, chief)]
        assert amounts == [now[who]["实发奖金"], first[who]["实发奖金"]]
        assert amounts[0] != amounts[1]
    assert "初次算出的金额" in shown(chief, card)
    assert "初次算出的金额" not in shown(hr, card)
    press(hr, cycle)
    assert paid(chief, cycle) == paid(hr, cycle)


def test_amounts_given_while_the_first_calculation_runs_are_in_when_it_ends(company, cycle, monkeypatch):
    hr, compute = company["hr"], running.compute

    def meanwhile(*asked, **terms):
        monkeypatch.setattr(running, "compute", compute)
        cards = compute(*asked, **terms)
        give(hr, cycle, pool__department__="90")
        return cards

    monkeypatch.setattr(running, "compute", meanwhile)
    press(hr, cycle)
    held = Cycle.objects.get()
    assert (held.step, held.is_behind) == ("computed", False)
    assert sum(money(row, "部门奖金池") for row in paid(hr, cycle).values()) == 90


def test_a_cycle_begun_with_an_earlier_version_shares_its_pool_out_and_says_what_it_lacks(company, cycle):
    hr = company["hr"]
    press(hr, cycle)
    for card in Scorecard.objects.all():
        del card.result["payout"]
        card.save()
    assert "4 人的评分卡是旧版本算的" in shown(hr, pay(cycle))
    give(hr, cycle, pool__department__="90")
    assert sum(money(row, "部门奖金池") for row in paid(hr, cycle).values()) == 90
    assert "旧版本算的" not in shown(hr, pay(cycle))


def test_numbers_as_people_type_them_are_understood_or_refused_beside_their_field(company, cycle):
    hr = company["hr"]
    for typed in ("1,00", "10,00.5", "$5", "5元5", "1e3", "1_000", "NaN", "0.001", "9" * 16, "一千"):
        answer = give(hr, cycle, pool__department__=typed)
        assert (answer.status_code, Cycle.objects.get().amounts) == (422, {}), typed
    for typed in ("1.3", "¥1.1"):
        assert give(hr, cycle, pool__department__="", company=typed).status_code == 422, "a factor of 1.2 at most"
    give(hr, cycle, pool__department__="-0")
    assert Cycle.objects.get().amounts == {"pools": {"department": "0"}}
    give(hr, cycle, pool__department__="１０００")
    assert Cycle.objects.get().amounts == {"pools": {"department": "1000"}}
    for typed in ("1,000.00", "￥1,000", "1000 元"):
        assert give(hr, cycle, pool__department__=typed).status_code == 302, typed
    assert AuditEntry.objects.filter(action="cycle.amounts").count() == 2, "the same amount written otherwise"


def test_nonsense_is_refused_beside_its_field_and_what_somebody_else_gave_meanwhile_is_shown(company, cycle):
    hr = company["hr"]
    answer = give(hr, cycle, pool__department__="-5", company="abc")
    assert (answer.status_code, Cycle.objects.get().amounts) == (422, {})
    stale = {"version": Cycle.objects.get().version, "pool/department/": "100"}
    give(hr, cycle, pool__department__="200")
    conflict = hr.post(pay(cycle, amounts=True), stale)
    assert conflict.status_code == 409
    assert "200" in text(conflict.content.decode())
    assert Cycle.objects.get().amounts == {"pools": {"department": "200"}}


def test_finance_sees_amounts_and_no_scorecard_and_whoever_may_not_see_pay_sees_nothing(company, cycle):
    press(company["hr"], cycle)
    finance = company["finance"]
    assert "2026 年 10 月" in shown(finance, "/performance/pay/")
    seen = shown(finance, pay(cycle))
    assert "张伟" in seen
    assert f"/performance/cycles/{cycle.pk}/" not in seen
    assert finance.get(pay(cycle) + "?as=xlsx").content.startswith(b"PK")
    assert give(finance, cycle, pool__department__="5").status_code == 403
    assert finance.get(pay(cycle, amounts=True)).status_code == 403
    for name in ("lead", "zhang"):
        assert company[name].get("/performance/pay/").status_code == 403
        assert company[name].get(pay(cycle) + "?as=csv").status_code == 403


def test_amounts_given_while_the_calculation_ran_are_in_the_next_one(company, cycle):
    """A worker that died between, or began before: what was given is not lost."""
    press(company["hr"], cycle)
    Cycle.objects.update(amounts={"pools": {"department": "90.00"}}, amounts_given=1)
    assert take_up_cycles.call() == 1
    assert recompute_cycle.call(cycle.pk) == 0, "it is in"
    total = sum(money(row, "部门奖金池") for row in paid(company["hr"], cycle).values())
    assert (total, Cycle.objects.get().amounts_applied) == (Decimal("90.00"), 1)


def test_a_plan_with_a_mistake_is_refused_when_the_cycle_is_opened_and_not_when_its_data_is_closed(company, lake):
    (lake / "plans" / "small.yaml").write_text(POOLED.replace("score,", "scores,"), encoding="utf-8")
    answer = company["hr"].post("/performance/cycles/new/", OPEN)
    assert answer.status_code == 400
    assert "scores" in text(answer.content.decode())
    (lake / "plans" / "small.yaml").write_text(POOLED.replace("CNY", "USD"), encoding="utf-8")
    assert "奖金方案用 USD" in text(company["hr"].post("/performance/cycles/new/", OPEN).content.decode())
    assert not Cycle.objects.exists()


def test_cycles_of_a_period_go_by_one_plan(company):
    hr = company["hr"]
    begin(hr, "T1")
    answer = hr.post("/performance/cycles/new/", OPEN | {"stages": [], "teams": ["T2"], "plan": ""})
    assert (answer.status_code, "另一奖金方案" in text(answer.content.decode())) == (400, True)
