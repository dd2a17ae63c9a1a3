"""Items that people judge: rated in the lead's review by a rubric, counted all at once, sealed and verified."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fuxiao.base.actions import AUDIT_LOCK
from fuxiao.base.clock import now
from fuxiao.base.models import AuditEntry
from fuxiao.datasets.store import Store
from fuxiao.performance.cycles.actions.rating import count_ratings
from fuxiao.performance.cycles.actions.together import PERIOD_LOCK
from fuxiao.performance.cycles.models import Appeal, Cycle, CycleMember, Rating
from fuxiao.performance.decisions import read_scheme_text
from fuxiao.performance.scoring import indicator_infos
from fuxiao.report.closing import indicators_of
from web.conftest import signed_in_as
from web.cycles_home import SCHEME, closed, cycles_home
from web.test_cycles import STAFF, begun_once, lake, page, press, step
from web.test_figure_pages import shown, text

__all__ = ["lake"]
pytestmark = pytest.mark.django_db
JUDGED = """\
      - indicator: teamwork
        names: {zh: 团队协作, en: Teamwork}
        weight: 20
        rated_by: lead
        rubric:
          - {points: 100, zh: 主动带新人, en: teaches newcomers unasked}
          - {points: 80, zh: 有求必应, en: always helps when asked}
          - {points: 0, zh: 拒绝配合, en: refuses to help}
"""
SAID = {"kind": "lead", "strengths": "十分钟内响应。", "weaknesses": "重开偏多。"}


@pytest.fixture(scope="module")
def made_home(tmp_path_factory):
    home = cycles_home(tmp_path_factory.mktemp("ratings") / "home")
    judged = SCHEME.replace("weight: 40", "weight: 20") + JUDGED
    (home / "schemes" / "small.yaml").write_text(judged, encoding="utf-8")
    return closed(home)


@pytest.fixture(scope="module")
def begun(standing, home, made_home):
    """October in its lead review, which the item that is judged asks for."""
    begun_once(standing, made_home, stages=[], presses=2)
    CycleMember.objects.filter(person="E3").update(lead="E2", lead_name="王芳")


@pytest.fixture
def company(begun, db, lake):
    return signed_in_as(*STAFF)


@pytest.fixture
def cycle(company):
    return Cycle.objects.get()


def review(client, cycle, person: str, points: str, why: str = ""):
    return client.post(page(cycle, person) + "write/", {**SAID, "rate-teamwork": points, "why-teamwork": why})


def score(person: str) -> Decimal:
    return CycleMember.objects.get(person=person).scorecard.score


def test_a_cycle_with_judged_items_has_a_lead_review_whatever_was_ticked(cycle):
    assert (step(cycle), cycle.stages) == ("lead_review", ["lead_review"])


def test_a_rating_counts_once_everybody_is_reviewed_and_is_sealed_with_the_rest(company, cycle, monkeypatch):
    hr, lead, zhang = company["hr"], company["lead"], company["zhang"]
    form = shown(lead, page(cycle, "E3"))
    assert "100 分 主动带新人 80 分 有求必应 0 分 拒绝配合" in form
    before = score("E4")
    review(hr, cycle, "E4", "0", "三次拒绝支援，见工单记录。")
    assert score("E4") == before  # 张伟's lead has not reviewed yet
    review(lead, cycle, "E3", "80")
    assert score("E4") < before
    after = CycleMember.objects.get(person="E3").scorecard
    assert (after.why, after.score) == ("review", Decimal("102.50"))  # (110 × 60 + 80 × 20) ÷ 80
    assert f"{after.score:.2f}" not in shown(zhang, page(cycle, "E3"))  # not told before results are shared

    press(hr, cycle)
    assert step(cycle) == "shared"
    told = shown(zhang, page(cycle, "E3"))
    assert f"{after.score:.2f}" in told
    assert "由人评价，各档标准：100 分：主动带新人；80 分：有求必应；0 分：拒绝配合" in told
    assert "80 有求必应" in shown(zhang, page(cycle, "E3") + "item/teamwork/")

    monkeypatch.setenv("FUXIAO_NOW", "2026-11-11T09:00:00+08:00")
    press(hr, cycle)
    press(hr, cycle)
    assert step(cycle) == "sealed"
    assert "一致" in text(hr.post(f"/performance/cycles/{cycle.pk}/verify/", follow=True).content.decode())
    Rating.objects.filter(member__person="E3").update(points=100)
    assert "E3" in text(hr.post(f"/performance/cycles/{cycle.pk}/verify/", follow=True).content.decode())


def test_a_review_without_a_rating_is_refused_and_keeps_what_was_written(company, cycle):
    answer = company["lead"].post(page(cycle, "E3") + "write/", SAID)
    assert answer.status_code == 400
    assert "还有项目没有评分：团队协作" in text(answer.content.decode())
    assert ">十分钟内响应。</textarea>" in answer.content.decode()
    assert CycleMember.objects.get(person="E3").reviewed_at is None


@pytest.mark.parametrize(
    ("points", "why", "said"),
    [
        ("100", " ", "给最高或最低一档，请写明发生了什么"),
        ("90", "好", "90 分不是评分标准里的一档"),
        ("x", "", "不是评分标准里的一档"),
    ],
)
def test_ends_need_a_reason_and_points_between_levels_are_none(company, cycle, points, why, said):
    answer = review(company["lead"], cycle, "E3", points, why)
    assert answer.status_code == 400
    assert said in text(answer.content.decode())
    assert Rating.objects.count() == 0


def test_the_lead_s_rating_is_one_the_last_holds_and_both_are_in_the_audit_trail(company, cycle):
    review(company["hr"], cycle, "E3", "80")
    review(company["lead"], cycle, "E3", "100", "带会了两名新人。")
    assert list(Rating.objects.values_list("rater", "points")) == [("E2", Decimal(100))]
    told = AuditEntry.objects.filter(action="scorecard.rated").order_by("id")
    assert [each.new["teamwork"][0] for each in told] == ["80", "100"]


def test_nobody_rates_themselves_or_people_of_others(company, cycle):
    assert review(company["zhang"], cycle, "E3", "80").status_code == 403
    assert review(company["lead"], cycle, "E4", "80").status_code in (403, 404)
    assert Rating.objects.count() == 0


def test_an_accepted_appeal_on_a_judged_item_gives_another_level_and_computes_again(company, cycle):
    hr, zhang = company["hr"], company["zhang"]
    review(hr, cycle, "E4", "80")
    review(company["lead"], cycle, "E3", "0", "两次没有交接。")
    press(hr, cycle)
    zhang.post(page(cycle, "E3") + "appeal/", {"item": "teamwork", "kind": "data", "text": "交接单在系统里。"})
    address = f"/performance/appeals/{Appeal.objects.get().pk}/"
    assert "成立时改为哪一档 100 分 主动带新人" in shown(hr, address)
    assert hr.post(address, {"state": "accepted", "reason": "查到了。", "level": "90"}).status_code == 400
    hr.post(address, {"state": "accepted", "reason": "查到了交接单。", "level": "80"})
    after = CycleMember.objects.get(person="E3").scorecard
    assert (after.why, after.score) == ("appeal", Decimal("102.50"))


def test_strict_and_mild_raters_are_brought_to_one_scale_where_the_scheme_says_so(company, cycle, lake):
    CycleMember.objects.filter(person="E3").update(lead="")
    given = {"mild": range(80, 96, 2), "strict": range(60, 76, 2), "few": [90]}
    for rater, each in given.items():
        for points in each:
            member = CycleMember.objects.create(cycle=cycle, person=f"{rater}{points}", name=rater)
            Rating.objects.create(
                member=member, item="teamwork", rater=rater, rater_name=rater, points=points, at=now()
            )  # fmt: skip
    with Store.open(lake, threads=1) as store:
        infos = indicator_infos(indicators_of(store))
    scheme = read_scheme_text(cycle.scheme_text + "ratings: {calibrate: true}\n", infos)
    assert count_ratings(cycle.pk, scheme)
    rows = {rater: list(Rating.objects.filter(rater=rater).order_by("points")) for rater in given}
    means = {rater: sum(each.adjusted for each in mine) / len(mine) for rater, mine in rows.items()}
    assert round(means["mild"], 2) == round(means["strict"], 2)
    assert rows["mild"][0].how.endswith("× (80 − 87) ÷ 4.899…")
    assert (rows["few"][0].adjusted, rows["few"][0].how) == (90, "")
    told = {each["subject"]: each["numerator"] for each in Cycle.objects.get().rulings}
    assert told["mild80"] == str(rows["mild"][0].adjusted)
    assert not count_ratings(cycle.pk, scheme)  # nothing new to the score


@pytest.fixture
def panel(cycle):
    """The same cycle, with another item that a panel of two at least rates."""
    less = JUDGED.replace("weight: 20", "weight: 10")
    judged = less.replace("teamwork", "learning").replace("团队协作", "学习").replace("Teamwork", "Learning")
    asked = judged.replace("rated_by: lead", "rated_by: panel\n        raters_min: 2")
    Cycle.objects.update(scheme_text=cycle.scheme_text.replace(JUDGED, less) + asked)
    return Cycle.objects.get()


def rated(client, cycle, person: str, kind: str, **points: str):
    told = {f"{name}-{item}": each for item, each in points.items() for name in ("rate", "why")}
    return client.post(page(cycle, person) + "write/", {**SAID, "kind": kind, **told})


def test_a_panel_rates_beside_the_lead_whose_own_rating_stays_and_the_mean_counts(company, panel):
    hr, lead = company["hr"], company["lead"]
    assert rated(lead, panel, "E3", "lead", teamwork="80", learning="80").status_code == 302
    form = shown(hr, page(panel, "E3")).partition("您是评审组成员，只需评分。")[2]
    assert "学习" in form.partition("评分一次计入得分")[0]
    assert "团队协作" not in form.partition("评分一次计入得分")[0]
    assert rated(hr, panel, "E3", "rate", learning="100").status_code == 302
    found = Rating.objects.filter(member__person="E3").order_by("item", "points").values_list("item", "points")
    assert list(found) == [("learning", 80), ("learning", 100), ("teamwork", 80)]

    assert rated(hr, panel, "E4", "lead", teamwork="80", learning="80").status_code == 302  # the last: all count now
    counted = [row(CycleMember.objects.get(person=person))["points"] for person in ("E3", "E4")]
    assert counted == ["90.00", "—"]  # one of a panel of two is shown only


def row(member: CycleMember):
    return next(each for each in member.scorecard.result["pages"]["zh"]["rows"] if each["anchor"] == "i-learning")


def test_a_rating_asks_for_the_cycles_before_the_audit_trail_like_everybody_who_decides(company, cycle):
    """In another order two people would wait for each other, and one of them be sent away."""
    with CaptureQueriesContext(connection) as asked:
        review(company["hr"], cycle, "E4", "80")
    locks = [each["sql"] for each in asked if "pg_advisory_xact_lock" in each["sql"]]
    if connection.vendor == "postgresql":
        assert str(PERIOD_LOCK) in locks[0]
        assert str(AUDIT_LOCK) in locks[1]
