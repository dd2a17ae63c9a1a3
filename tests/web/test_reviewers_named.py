"""A lead who is away holds nobody up: HR asks somebody else to review, with a reason that is kept."""

from __future__ import annotations

import pytest

from fuxiao.base.models import AuditEntry, Notice
from fuxiao.base.permissions import Role
from fuxiao.org.models import User
from fuxiao.performance.cycles import queries
from fuxiao.performance.cycles.models import Cycle, CycleMember, StandIn
from fuxiao.performance.cycles.papers import papers
from web.conftest import account, queries_of, signed_in, signed_in_as
from web.test_cycles import OPEN, STAFF, begun_once, lake, made_home, page, press, step
from web.test_figure_pages import shown

__all__ = ["lake", "made_home"]
pytestmark = pytest.mark.django_db
WORDS = {"kind": "lead", "strengths": "响应快。", "weaknesses": "重开偏多。"}


@pytest.fixture(scope="module")
def begun(standing, home, made_home):
    """The cycle in its lead review, 张伟 still without one; ``sun`` leads nobody of it."""
    cycle = begun_once(standing, made_home, stages=OPEN["stages"], presses=3)
    account("sun", Role.LEAD)
    assert step(cycle) == "lead_review"
    CycleMember.objects.filter(person="E3").update(lead="E2", lead_name="王芳")


@pytest.fixture
def company(begun, db, lake):
    return signed_in_as(*STAFF, "sun")


@pytest.fixture
def reviewing(company):
    return Cycle.objects.get()


def ask(client, cycle, person: str, username: str, reason: str = "王芳请病假"):
    sent = {"reviewer": User.objects.get(username=username).pk, "reason": reason}
    return client.post(f"{page(cycle, person)}reviewer/", sent)


def test_of_whoever_has_no_lead_somebody_can_be_asked_from_the_board_too(company, reviewing):
    CycleMember.objects.filter(person="E4").update(lead="", lead_name="")
    address = f"/performance/cycles/{reviewing.pk}/"
    assert shown(company["hr"], address).count("没有主管 请人评价") == 3
    assert ask(company["hr"], reviewing, "E4", "sun", reason="李娜没有主管").status_code == 302
    assert shown(company["hr"], address).count("没有主管 请人评价") == 2
    assert "sun 换人评价" in shown(company["hr"], address)


def test_the_one_named_reads_that_scorecard_alone_writes_the_review_and_the_cycle_goes_on(company, reviewing):
    hr, other = company["hr"], company["sun"]
    assert press(hr, reviewing).status_code == 400
    board = hr.get(f"/performance/cycles/{reviewing.pk}/").content.decode()
    assert f"{page(reviewing, 'E3')}reviewer/" in board
    assert other.get(page(reviewing, "E3")).status_code == 404

    assert ask(hr, reviewing, "E3", "sun").status_code == 302
    assert [other.get(page(reviewing, person)).status_code for person in ("E3", "E4")] == [200, 404]
    assert "待写主管评语 1" in shown(other, "/")
    assert "由sun代为评价" in shown(company["zhang"], page(reviewing, "E3"))
    assert other.post(page(reviewing, "E3") + "write/", WORDS).status_code == 302
    for person in CycleMember.objects.exclude(lead="").filter(reviewed_at=None).values_list("person", flat=True):
        hr.post(page(reviewing, person) + "write/", WORDS)
    press(hr, reviewing)
    assert step(reviewing) == "shared"
    assert other.get(f"{page(reviewing, 'E3')}talk/").status_code == 200


def test_who_was_asked_before_and_why_another_is_kept_and_both_hear_of_it(company, reviewing):
    ask(company["hr"], reviewing, "E3", "sun")
    told = Notice.objects.filter(kind="review.named").order_by("account__username")
    assert [(each.account.username, each.link) for each in told] == [
        ("lead", page(reviewing, "E3")), ("sun", page(reviewing, "E3")),
    ]  # fmt: skip
    assert "理由：王芳请病假" in shown(company["sun"], "/notices/")
    entry = AuditEntry.objects.get(action="scorecard.reviewer")
    assert (entry.actor_name, entry.old, entry.new) == (
        "hr", {"reviewer": "王芳"}, {"reviewer": "sun", "reason": "王芳请病假"},
    )  # fmt: skip
    assert f"standin/{StandIn.objects.get().pk}" in papers(reviewing)

    # HR takes it over: the one named first is asked no longer.
    assert ask(company["hr"], reviewing, "E3", "hr", "没有别的主管").status_code == 302
    assert StandIn.objects.get().name == "hr"
    assert company["sun"].get(page(reviewing, "E3")).status_code == 404


def test_nobody_is_reviewed_by_themselves_or_by_whoever_may_not_and_a_reason_is_asked_for(company, reviewing):
    hr = company["hr"]
    assert [ask(hr, reviewing, "E3", who).status_code for who in ("zhang", "li")] == [422, 422]
    assert ask(hr, reviewing, "E3", "sun", " ").status_code == 422
    assert ask(hr, reviewing, "E2", "lead").status_code == 422
    assert ask(company["lead"], reviewing, "E3", "sun").status_code == 403
    in_the_cycle = signed_in(account("li-hr", Role.HR, person="E1"))
    assert ask(in_the_cycle, reviewing, "E1", "sun").status_code == 403
    assert not StandIn.objects.exists()


def test_whoever_was_asked_to_review_decides_no_appeal_of_that_person(company, reviewing):
    from fuxiao.core.period import parse_period
    from fuxiao.org.queries import viewer_of
    from fuxiao.performance.cycles.models import Appeal
    from fuxiao.performance.cycles.queries import may_decide

    manager = account("qian", Role.MANAGER)
    member, day = CycleMember.objects.get(person="E3"), parse_period("2026-11").start
    appeal = Appeal(member=member, indicator="FRT")
    assert may_decide(viewer_of(manager, on=day), appeal)
    ask(company["hr"], reviewing, "E3", "qian")
    assert not may_decide(viewer_of(manager, on=day), appeal)


def test_an_account_without_a_person_that_wrote_the_review_decides_no_appeal_of_that_person(company, reviewing):
    from fuxiao.core.period import parse_period
    from fuxiao.org.queries import viewer_of
    from fuxiao.performance.cycles.models import Appeal
    from fuxiao.performance.cycles.queries import may_decide

    staff = account("staff", Role.HR)
    assert signed_in(staff).post(page(reviewing, "E3") + "write/", WORDS).status_code == 302
    appeal = Appeal(member=CycleMember.objects.get(person="E3", reviewed_at__isnull=False), indicator="FRT")
    seen = viewer_of(staff, on=parse_period("2026-11").start)
    assert not may_decide(seen, appeal)
    appeal.member = CycleMember.objects.get(person="E4")
    assert may_decide(seen, appeal)


def test_the_board_costs_the_same_with_more_people_named(company, reviewing):
    board = f"/performance/cycles/{reviewing.pk}/"
    ask(company["hr"], reviewing, "E3", "sun")
    few = queries_of(company["hr"], board)
    ask(company["hr"], reviewing, "E4", "sun")
    assert queries_of(company["hr"], board) == few


def test_reviews_that_nobody_writes_are_waited_for_no_longer_and_the_scorecards_say_why(company, reviewing):
    hr = company["hr"]
    CycleMember.objects.filter(person="E4").update(lead="E1", lead_name="赵强")
    board, waive = (f"/performance/cycles/{reviewing.pk}/{end}" for end in ("", "waive/"))
    assert "不再等缺的评语" in shown(hr, board)
    assert hr.post(waive, {"reason": " "}).status_code == 422
    assert [company[who].post(waive, {"reason": "来不及"}).status_code for who in ("lead", "zhang")] == [403, 403]
    assert press(hr, reviewing).status_code == 400

    owed = sorted(CycleMember.objects.exclude(lead="").values_list("person", flat=True))
    assert hr.post(waive, {"reason": "首期试行，评语下期补"}).status_code == 302
    assert AuditEntry.objects.get(action="cycle.reviews_waived").new["people"] == owed
    assert "不再等" in shown(company["lead"], "/notices/")
    assert "首期试行" not in shown(company["zhang"], page(reviewing, "E3"))
    # Who writes after all has written: the reason is gone.
    assert company["lead"].post(page(reviewing, "E3") + "write/", WORDS).status_code == 302
    assert "首期试行" not in shown(hr, page(reviewing, "E3"))
    assert hr.post(waive, {"reason": "再来一次"}).status_code == 302
    assert AuditEntry.objects.filter(action="cycle.reviews_waived").latest("id").new["people"] == []

    press(hr, reviewing)
    assert step(reviewing) == "shared"
    assert "没有主管评语" in shown(company["li"], page(reviewing, "E4"))
    assert "首期试行，评语下期补" in shown(company["li"], page(reviewing, "E4"))
    assert hr.get(waive).status_code == 200
    assert hr.post(waive, {"reason": "太晚了"}).status_code == 400


def test_the_board_calls_no_review_due_that_nobody_is_asked_for(company, reviewing):
    board = f"/performance/cycles/{reviewing.pk}/"
    assert CycleMember.objects.filter(queries.OWED, cycle=reviewing).count() == 1
    CycleMember.objects.filter(cycle=reviewing, person="E3").update(lead="", lead_name="")
    assert "待主管评语" not in shown(company["hr"], board)
