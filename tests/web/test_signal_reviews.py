"""Signals as a queue: found once, looked at by somebody else, never a penalty, and the thresholds learn from it."""

from __future__ import annotations

import shutil

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fuxiao.base.actions import announce_alone
from fuxiao.base.models import AuditEntry, Notice
from fuxiao.base.permissions import Role
from fuxiao.org import actions as org_actions
from fuxiao.org.models import RoleGrant, User
from fuxiao.performance.reviews.models import Outcome, SignalReview, SignalRun
from fuxiao.performance.reviews.tasks import look_for_signals
from small_company import found_company
from web.conftest import NOW, SYSTEM, account, signed_in, signed_in_as
from web.test_figure_pages import shown

pytestmark = pytest.mark.django_db
TRICKS = {"cherry_picking": "e01", "close_and_reopen": "e02", "part_padding": "e08"}
QUEUE = "/performance/signals/"
STAFF = {"hr": (Role.HR, None), "lead": (Role.LEAD, "L1"), "checker": (Role.CHECKER, "Q1"),
         "e02": (Role.ENGINEER, "e02"), "e08": (Role.LEAD, "e08")}  # fmt: skip


@pytest.fixture(scope="module")
def made_home(tmp_path_factory):
    company = found_company(tmp_path_factory.mktemp("players") / "home", TRICKS)
    company.store.close()
    return company.store.home


def staff() -> None:
    """HR, 王芳 who leads the field, a checker, and those it is about; e08 is a lead of the field as well."""
    names = {"L1": "王芳", "Q1": "质检", "L9": "何敏", "e01": "张伟", "e02": "李娜", "e08": "刘洋"}
    org_actions.adopt(
        SYSTEM, at=NOW,
        people=[
            {"person": key, "name": name, "hired_on": 0, "left_on": None, "wage": 1} for key, name in names.items()
        ],
        teams=[
            {"team": "field", "parent": None, "name": "上门组", "kind": "field", "lead": "L1"},
            {"team": "phone", "parent": None, "name": "热线组", "kind": "service", "lead": "L9"},
        ],
        memberships=[
            {"person": key, "team": team, "role": "engineer", "valid_from": 0, "valid_to": None}
            for key in names for team in ["phone" if key == "L9" else "field"]
        ],
    )  # fmt: skip
    for name, (role, person) in STAFF.items():
        account(name, role, person=person)


@pytest.fixture(scope="module")
def begun(standing, home, made_home):
    """The tricks of October are found."""
    standing.setattr(settings, "HOME", made_home)
    staff()
    look_for_signals.func("2026-10")


@pytest.fixture
def players(begun, db, made_home, tmp_path, settings):
    settings.HOME = shutil.copytree(made_home, tmp_path / "home")
    return signed_in_as(*STAFF)


@pytest.fixture
def found(players):
    return {each.subject: each for each in SignalReview.objects.filter(detector__in=TRICKS)}


def address(review: SignalReview) -> str:
    return f"{QUEUE}{review.pk}/"


def decide(client, review: SignalReview, outcome: str, reason: str = "看过十单，和本人谈过。"):
    review.refresh_from_db()
    sent = {"act": "decide", "version": review.version, "outcome": outcome, "reason": reason}
    return client.post(address(review), sent)


@pytest.mark.both
def test_what_is_found_again_is_not_doubled(found):
    before = SignalReview.objects.count()
    look_for_signals.func("2026-10")

    assert SignalReview.objects.count() == before >= 3
    assert SignalReview.objects.get(subject="e02").times == 2
    assert list(SignalRun.objects.values_list("fresh", flat=True)) == [0, before]


def test_the_page_shows_the_figures_beside_the_peers_and_the_cases(players, found):
    page = shown(players["hr"], address(found["e01"]))

    assert "挑单" in page
    assert "队列易单占比" in page
    assert found["e01"].cases[0] in page
    assert "不改变得分" in page


def test_whoever_it_is_about_neither_sees_it_while_it_is_open_nor_decides_it(players, found):
    assert players["e02"].get(QUEUE).status_code == 403
    assert players["e02"].get(address(found["e02"])).status_code == 404
    # A lead of the same team sees the others' and never the own.
    assert players["e08"].get(address(found["e02"])).status_code == 200
    assert players["e08"].get(address(found["e08"])).status_code == 404
    assert decide(players["e08"], found["e08"], "false_alarm").status_code == 404
    assert address(found["e08"]) not in players["e08"].get(QUEUE).content.decode()
    assert address(found["e02"]) in players["e08"].get(QUEUE).content.decode()
    assert SignalReview.objects.get(subject="e08").outcome == Outcome.OPEN


def test_a_lead_of_another_team_sees_nothing_of_it_and_whoever_only_reads_it_decides_nothing(players, found):
    other = signed_in(account("other", Role.LEAD, person="L9"))
    assert other.get(address(found["e02"])).status_code == 404
    assert decide(other, found["e02"], "explained").status_code == 404
    RoleGrant.objects.create(user=User.objects.get(username="other"), role=Role.AUDITOR, granted_at=NOW)
    announce_alone("org.accounts", at=NOW)
    page = other.get(address(found["e02"]))
    assert page.status_code == 200
    assert 'name="outcome"' not in page.content.decode()
    assert decide(other, found["e02"], "explained").status_code == 403
    assert SignalReview.objects.get(subject="e02").outcome == Outcome.OPEN


def test_a_checker_sees_what_was_given_to_them(players, found):
    review = found["e02"]
    assert players["checker"].get(address(review)).status_code == 404
    checker = User.objects.get(username="checker")
    sent = {"act": "assign", "version": review.version, "account": checker.pk}
    assert players["lead"].post(address(review), sent).status_code == 302

    assert Notice.objects.get(account=checker, kind="signals.given").link == address(review)
    assert decide(players["checker"], review, "explained").status_code == 302
    assert SignalReview.objects.get(subject="e02").decided_by == "质检"


def test_a_finding_is_not_given_to_the_one_it_is_about(players, found):
    himself = User.objects.get(username="e08")
    sent = {"act": "assign", "version": found["e08"].version, "account": himself.pk}

    assert players["hr"].post(address(found["e08"]), sent).status_code == 400
    assert SignalReview.objects.get(subject="e08").assigned is None


def test_an_outcome_needs_a_reason_is_told_to_the_person_and_kept_in_the_trail(players, found):
    review = found["e02"]
    assert decide(players["lead"], review, "confirmed", reason=" ").status_code == 400
    assert decide(players["lead"], review, "confirmed").status_code == 302

    page = shown(players["e02"], address(review))
    assert "看过十单，和本人谈过。" in page
    assert Notice.objects.get(kind="signals.decided").account.username == "e02"
    entry = AuditEntry.objects.get(action="signals.decided")
    assert entry.new["outcome"] == "confirmed"
    assert "李娜" not in entry.label
    assert decide(players["hr"], review, "false_alarm").status_code == 409


def test_what_was_decided_does_not_come_back_by_the_same_records(players, found):
    decide(players["lead"], found["e02"], "false_alarm")
    look_for_signals.func("2026-10")
    look_for_signals.func("2026-11")

    assert SignalReview.objects.filter(subject="e02", detector="close_and_reopen").count() == 1


def test_a_policy_that_tells_nobody_shows_nobody(players, found):
    players["hr"].post(f"{QUEUE}thresholds/told/", {"told": "never", "reason": "工会要求"})
    decide(players["lead"], found["e02"], "false_alarm")

    assert players["e02"].get(address(found["e02"])).status_code == 404
    assert not Notice.objects.filter(kind="signals.decided").exists()


def test_false_alarms_feed_the_threshold_that_the_next_look_uses(players, found, settings):
    review = SignalReview.objects.get(subject="e08", detector="part_padding")
    for number in range(5):
        SignalReview.objects.create(
            detector="part_padding", code="G12", subject=f"x{number}", name="x", period="2026-07", start=review.start,
            end=review.end, strength=review.strength, thresholds=review.thresholds, found_at=NOW, seen_at=NOW,
            outcome="false_alarm", reason="新机型配件多",
        )  # fmt: skip
    page = shown(players["hr"], f"{QUEUE}thresholds/part_padding/")
    assert "5 件误报里有 5 件不会再找出来" in page
    tried = shown(players["hr"], f"{QUEUE}thresholds/part_padding/?ratio=9")
    assert "现在找到 1 个，换成新门槛找到 0 个" in tried
    assert "刘洋" in tried or "e08" in tried

    taken = {"ratio": "9", "since": "2026-11-06", "reason": "新机型配件多"}
    assert players["lead"].post(f"{QUEUE}thresholds/part_padding/", taken).status_code == 403
    assert players["hr"].post(f"{QUEUE}thresholds/part_padding/", {**taken, "reason": ""}).status_code == 400
    assert players["hr"].post(f"{QUEUE}thresholds/part_padding/", taken).status_code == 302

    assert "ratio: 9" in (settings.HOME / "signals.yaml").read_text("utf-8")
    SignalReview.objects.all().delete()
    look_for_signals.func("2026-10")
    assert not SignalReview.objects.filter(detector="part_padding").exists()
    assert SignalReview.objects.filter(subject="e02").exists()
    assert SignalRun.objects.first().thresholds["part_padding"]["ratio"] == 9


def test_the_queue_costs_the_same_with_more_rows(players, found):
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            players["hr"].get(QUEUE)
        return len(caught)

    queries()
    many = queries()
    SignalReview.objects.exclude(subject="e02").delete()

    assert SignalReview.objects.count() == 1
    assert queries() == many


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_queue_can_be_taken_along(players, found, form):
    answer = players["hr"].get(f"{QUEUE}?form={form}")

    assert answer.status_code == 200
    assert form != "csv" or "挑单" in answer.content.decode("utf-8-sig")
