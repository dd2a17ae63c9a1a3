"""Targets set, warned of, told to people, and taken back."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from fuxiao.base.clock import today
from fuxiao.base.models import Notice
from fuxiao.core.indicator import Direction
from fuxiao.core.period import parse_period
from fuxiao.core.proposal.history import Month, Rules
from fuxiao.core.proposal.targets import propose
from fuxiao.datasets.store import Store
from fuxiao.metrics.models import RuleKind, RuleVersion
from fuxiao.metrics.rule_actions import Named, put_in_force
from fuxiao.metrics.rule_queries import find_rule
from fuxiao.org.models import User
from fuxiao.org.queries import viewer_of
from fuxiao.performance.decisions import read_decisions
from fuxiao.performance.proposing import TargetProposal
from fuxiao.performance.target_actions import TARGETS, set_target
from fuxiao.web.metrics.desk import Desk
from fuxiao.web.targets.presenters import offers
from web.conftest import SYSTEM
from web.rules_home import copy_of, figures_home, sent_by
from web.test_figure_pages import shown, text

pytestmark = [pytest.mark.django_db, pytest.mark.both]
NEW = {
    "indicator": "FRT", "level": "role", "subject": "上门工程师", "floor": "40", "target": "20", "stretch": "10",
    "valid_from": "2026-12-01",
}  # fmt: skip


@pytest.fixture(scope="module")
def made_home(tmp_path_factory):
    return figures_home(tmp_path_factory.mktemp("targets") / "home")


@pytest.fixture(autouse=True)
def own_home(made_home, tmp_path, settings):
    settings.HOME = copy_of(made_home, tmp_path / "home")
    return settings.HOME


def sent(client, **changes: str):
    token = sent_by(client, "/targets/")["token"]
    return client.post("/targets/", {**NEW, "token": token, **changes}, follow=True)


def test_a_target_holds_for_its_role_from_its_day_on(owner, own_home):
    assert "还没有单独的目标" in shown(owner, "/targets/")
    sent(owner)
    assert "平均首次响应时长 FRT 岗位 上门工程师 40 / 20 / 10 分钟 将生效 2026-12-01" in shown(owner, "/targets/")
    row = read_decisions(own_home).targets.entries[0]
    assert (row.indicator, row.subject, row.target.target) == ("FRT", "field_engineer", 20)


def test_a_target_that_was_computed_reads_like_the_figure_and_is_kept_to_the_last_digit(owner, own_home):
    sent(owner, floor="40.1234", target="19.8763", stretch="9.75")
    assert "上门工程师 40.1 / 19.9 / 9.75 分钟" in shown(owner, "/targets/")
    held = read_decisions(own_home).targets.entries[0].target
    assert (str(held.floor), str(held.target)) == ("40.1234", "19.8763")


def test_a_proposal_reads_like_the_figure_and_is_taken_over_exactly(owner, own_home):
    months = [Month(2025, month, Decimal("61.2345") + Decimal(month % 5) / 7, 400) for month in range(1, 13)]
    made = propose(
        months, target_months=[(2026, 12)], rules=Rules(direction=Direction.LOWER, minimum=20, snap=Decimal("0.0001"))
    )
    found = TargetProposal("FRT", "role", "field_engineer", parse_period("2026-12"), 12, made)
    viewer = viewer_of(User.objects.get(username="owner"), on=date(2026, 11, 6))
    with Store.open(own_home, threads=1) as store:
        desk = Desk(viewer, store, date(2026, 11, 6))
        [offer] = offers([found], desk, desk.library.get("FRT"), {}, ())
    assert offer.exact["target"] == str(made.target)
    assert len(offer.exact["target"].partition(".")[2]) == 4
    assert offer.numbers["target"] == f"{made.target:.1f} 分钟"
    assert all(re.fullmatch(r"−?[\d.]+( 分钟|%)", value) for _, value, _ in offer.steps)


def test_the_next_target_of_the_same_role_ends_the_one_before(owner, own_home):
    sent(owner)
    sent(owner, target="15", valid_from="2027-01-01")
    entries = read_decisions(own_home).targets.entries
    assert [(str(e.valid_from), str(e.valid_to)) for e in entries] == [
        ("2026-12-01", "2027-01-01"), ("2027-01-01", "None"),
    ]  # fmt: skip


@pytest.mark.parametrize("wrong", [
    {"floor": "-1e999"}, {"target": "NaN"}, {"valid_from": "0000-00-00"}, {"valid_from": ""},
])  # fmt: skip
def test_what_is_no_number_or_no_day_is_refused_beside_what_was_sent(owner, own_home, wrong):
    sent(owner)
    assert sent(owner, **wrong).status_code == 422
    assert len(read_decisions(own_home).targets.entries) == 1


def test_a_target_for_a_month_that_has_begun_needs_a_reason_and_those_concerned_hear_of_it(owner, engineer):
    refused = sent(owner, valid_from="2026-11-01")
    assert refused.status_code == 422
    assert "请写 reason" in text(refused.content.decode())
    assert RuleVersion.objects.count() == 0
    sent(owner, valid_from="2026-11-01", reason="新工具上线")
    told = Notice.objects.get(account=User.objects.get(username="zhang").pk)
    assert (told.kind, told.facts["target"]) == ("rules.target_changed", "20")
    assert "与您有关的目标：平均首次响应时长，" in text(engineer.get("/notices/").content.decode())


def test_whoever_a_target_was_for_hears_the_day_from_which_it_holds_no_longer(owner, engineer):
    sent(owner, valid_from="2026-11-01", reason="新工具上线")
    owner.post("/targets/0/end", {"token": sent_by(owner, "/targets/")["token"]})
    told = Notice.objects.filter(account=User.objects.get(username="zhang").pk).latest("id")
    assert (told.kind, told.facts["day"]) == ("rules.target_ended", str(today("Asia/Shanghai")))
    assert "平均首次响应时长 的 20，" in text(engineer.get("/notices/").content.decode())


def test_numbers_out_of_order_are_refused_and_what_was_entered_stays(owner):
    refused = sent(owner, floor="10", target="20", stretch="15")
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "门槛、目标、挑战要同一方向" in text(page)
    assert 'name="stretch" inputmode="decimal" value="15"' in page


def test_a_target_is_ended_and_the_version_before_restored(owner, own_home):
    sent(owner)
    token = sent_by(owner, "/targets/")["token"]
    owner.post("/targets/0/end", {"token": token})
    assert read_decisions(own_home).targets.entries == ()
    token = sent_by(owner, "/targets/")["token"]
    number = RuleVersion.objects.order_by("-number")[1].number
    owner.post(f"/targets/versions/{number}/restore", {"token": token})
    assert len(read_decisions(own_home).targets.entries) == 1


def test_a_target_set_in_an_american_evening_after_the_file_was_edited_still_holds_the_next_day(own_home):
    settings = own_home / "fuxiao.toml"
    settings.write_text(settings.read_text("utf-8").replace("Asia/Shanghai", "America/Los_Angeles"), "utf-8")
    file, evening = own_home / "targets.yaml", datetime(2026, 11, 6, 2, tzinfo=UTC)
    row = {"indicator": "FRT", "role": "field_engineer", "norm": Decimal(40), "valid_from": date(2026, 12, 1)}

    def put(norm: int) -> None:
        token = find_rule(own_home, RuleKind.TARGETS, TARGETS).token
        new = {**row, "norm": Decimal(norm)}
        set_target(SYSTEM, own_home, new, names={}, token=token, today=date(2026, 11, 5), at=evening)

    put(40)
    file.write_text(file.read_text("utf-8").replace("40", "30"), "utf-8")
    put(20)
    targets = Named(own_home, RuleKind.TARGETS, TARGETS)
    put_in_force(targets, today=date(2026, 11, 6), at=evening + timedelta(hours=8))
    assert "norm: 20" in file.read_text("utf-8")


def test_too_little_history_says_why_there_is_no_proposal(owner):
    page = shown(owner, "/targets/propose?indicator=FRT&by=team")
    assert "平均首次响应时长的建议目标" in page
    assert "6" in page


def test_a_lead_reads_targets_and_sets_none(lead):
    assert "定一个目标" not in shown(lead, "/targets/")
    assert lead.post("/targets/", NEW).status_code in {403, 409}
    assert lead.get("/targets/propose").status_code == 403
    assert RuleVersion.objects.count() == 0
