"""A draft tried on past months, published, and what the calculation reads afterwards."""

from __future__ import annotations

import pytest

from fuxiao.base.exact_yaml import load_exact
from fuxiao.base.models import AuditEntry
from fuxiao.metrics.models import RuleState, RuleVersion
from fuxiao.metrics.tasks import put_rules_in_force
from web.rules_home import copy_of, figures_home, sent_by
from web.test_figure_pages import shown, text

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.lake]
HOME = "/schemes/simple/"
SCHEME = """\
scheme: simple
version: "1"
names: {zh: 简单方案, en: Simple}
coefficients: {kind: score}
roles:
  field_engineer:
    names: {zh: 上门工程师, en: Field engineer}
    items:
      - {indicator: FRT, weight: 100, floor: 30, target: 15, stretch: 5, counter_waived: 试用}
"""
FLOOR = "roles.field_engineer.items[0].curve.target"


@pytest.fixture(scope="module")
def made_home(tmp_path_factory):
    return figures_home(tmp_path_factory.mktemp("trial") / "home")


@pytest.fixture(autouse=True)
def own_home(made_home, tmp_path, settings):
    settings.HOME = copy_of(made_home, tmp_path / "home")
    for path in (settings.HOME / "plans").glob("*.yaml"):
        path.unlink()
    (settings.HOME / "schemes" / "simple.yaml").write_text(SCHEME, encoding="utf-8")
    return settings.HOME


@pytest.fixture
def draft(owner):
    """张伟 answers in 10 minutes, 李娜 in 20: the draft asks for 10 instead of 15."""
    page = "/schemes/simple/roles/field_engineer"
    owner.post(page, {**sent_by(owner, page), FLOOR: "10", "do": "save"})


def tried(client) -> str:
    client.post(f"{HOME}try", {**sent_by(client, HOME, f"{HOME}try"), "periods": "2"})
    return shown(client, f"{HOME}versions/2/report")


def test_a_trial_tells_who_gains_and_who_loses_with_their_scores(owner, draft):
    page = tried(owner)
    assert "2026 年 9 月、2026 年 10 月" in page
    assert "李娜 E4 上门工程师 86.67 80.00 −6.67 A → B" in page
    assert "张伟 E3 上门工程师 110.00 100.00 −10.00 S" in page
    assert "得分升 / 降 / 基本不变 0 / 2 / 0" in page
    assert "没有对应的奖金方案，只比较得分" in page


def test_a_draft_that_was_not_tried_cannot_be_published(owner, draft):
    form = {"token": sent_by(owner, HOME, f"{HOME}discard")["token"], "since": "2026-11-01", "reason": "更严"}
    answer = owner.post(f"{HOME}publish", form)
    assert answer.status_code == 400
    assert "还没有对这一版试算，不能发布" in text(answer.content.decode())
    assert RuleVersion.objects.filter(state=RuleState.PUBLISHED, number=2).count() == 0


def test_a_tried_draft_is_published_into_the_file_that_the_calculation_reads(owner, draft, own_home):
    tried(owner)
    form = {**sent_by(owner, HOME, f"{HOME}publish"), "since": "2026-11-01", "reason": "更严"}
    page = owner.post(f"{HOME}publish", form, follow=True)
    assert "第 2 版已发布，2026-11-01 起生效" in text(page.content.decode())
    scheme = load_exact((own_home / "schemes" / "simple.yaml").read_text(encoding="utf-8"))
    assert scheme["version"] == "2"
    assert scheme["roles"]["field_engineer"]["items"][0]["target"] == 10
    entry = AuditEntry.objects.get(action="rules.published")
    assert (entry.old, entry.new["version"], entry.new["reason"]) == ({"version": 1}, 2, "更严")


def test_a_version_of_a_later_day_waits_for_it(owner, draft, own_home, monkeypatch):
    tried(owner)
    form = {**sent_by(owner, HOME, f"{HOME}publish"), "since": "2026-12-01", "reason": "明年起"}
    owner.post(f"{HOME}publish", form)
    path = own_home / "schemes" / "simple.yaml"
    assert path.read_text(encoding="utf-8") == SCHEME
    assert "2026-12-01 起生效" in shown(owner, HOME)
    assert put_rules_in_force.call() == 0
    monkeypatch.setenv("FUXIAO_NOW", "2026-12-01T00:00:00+08:00")
    assert put_rules_in_force.call() == 1
    assert "target: 10" in path.read_text(encoding="utf-8")


def test_a_file_changed_by_hand_is_not_overwritten_without_being_kept(owner, draft, own_home):
    token = sent_by(owner, HOME, f"{HOME}discard")["token"]
    path = own_home / "schemes" / "simple.yaml"
    path.write_text(SCHEME.replace("target: 15", "target: 12"), encoding="utf-8")
    answer = owner.post(f"{HOME}discard", {"token": token})
    assert answer.status_code == 409
    assert "文件在网页之外改过" in shown(owner, HOME)


def test_a_draft_with_an_error_is_not_tried(owner):
    page = "/schemes/simple/roles/field_engineer"
    owner.post(page, {**sent_by(owner, page), "roles.field_engineer.items[0].weight": "90", "do": "save"})
    token = sent_by(owner, HOME, f"{HOME}discard")["token"]
    answer = owner.post(f"{HOME}try", {"token": token, "periods": "1"})
    assert answer.status_code == 400
    assert "权重合计为 90，应为 100" in text(answer.content.decode())


def test_the_report_is_for_those_who_may_see_pay(owner, lead, draft):
    tried(owner)
    assert lead.get(f"{HOME}versions/2/report").status_code == 403
