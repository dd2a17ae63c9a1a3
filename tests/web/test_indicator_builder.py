"""An indicator put together without code: seen at once, kept as a version, published into the home's own library."""

from __future__ import annotations

import pytest

from fuxiao.metrics.models import RuleVersion
from web.rules_home import copy_of, figures_home, sent_by
from web.test_figure_pages import shown, text

pytestmark = [pytest.mark.django_db, pytest.mark.lake]
QUICK = {
    "name.zh": "快速响应率", "name.en": "Quick reply rate", "code": "QUICK", "kind": "speed", "unit": "percent",
    "direction": "higher", "dataset": "cases", "period": "opened", "credit": "A1", "statistic": "ratio",
    "where.groups[0].rows[0].column": "answered", "where.groups[0].rows[0].op": "yes",
    "top.groups[0].rows[0].column": "first_response", "top.groups[0].rows[0].op": "<=",
    "top.groups[0].rows[0].value": "15 分钟", "out.X1": "X1", "minimum": "20", "counter": "REO",
    "gaming.zh": "先发一句“已收到”", "gaming.en": "an empty reply",
    "examples[0].rows": "answered,first_response\n是,10\n是,20\n否,\n是,15", "examples[0].expected": "66.67",
}  # fmt: skip
"""张伟 answers in 10 minutes, 李娜 in 20: half of October's 59 cases (one is a test) are quick."""


@pytest.fixture(scope="module")
def made_home(tmp_path_factory):
    return figures_home(tmp_path_factory.mktemp("builder") / "home")


@pytest.fixture(autouse=True)
def own_home(made_home, tmp_path, settings):
    settings.HOME = copy_of(made_home, tmp_path / "home")
    return settings.HOME


def looked(client, **changes: str) -> str:
    sent = {**QUICK, **changes, "do": "look"}
    return text(client.post("/library/new", sent, headers={"HX-Request": "true"}).content.decode())


def kept(client, **changes: str) -> None:
    token = sent_by(client, "/library/new")["token"]
    answer = client.post("/library/new", {**QUICK, **changes, "token": token, "was": "", "do": "save"})
    assert answer["Location"] == "/library/QUICK/edit"


def test_choices_are_told_as_one_sentence_with_value_n_and_rows_on_both_sides(owner):
    page = looked(owner)
    assert "受理时间在本期的工单（已首响），算“受理到首次响应不超过15 分钟”所占的比例" in page
    assert "49.2 % n 59" in page
    assert "计入的 59 条" in page
    assert "没计入的 1 条" in page
    assert "E3-10-00 测试或垃圾单" in page
    assert RuleVersion.objects.count() == 0


def test_a_form_that_nobody_has_filled_in_yet_complains_of_nothing(owner):
    page = shown(owner, "/library/new")
    assert "左边选好之后，这里用一句话说出规则" in page
    assert "缺少这一项" not in page
    assert "名称：至少写中文名" in looked(owner, **{"name.zh": "", "name.en": ""})


def test_an_example_that_holds_and_one_that_does_not_are_told_apart(owner):
    assert "得 66.67，应为 66.67" in looked(owner)
    assert "得 66.67，应为 50.00" in looked(owner, **{"examples[0].expected": "50"})


def test_groups_of_conditions_are_joined_by_and_or_or(owner):
    more = {
        "where.join": "or", "where.groups[1].rows[0].column": "product", "where.groups[1].rows[0].op": "in",
        "where.groups[1].rows[0].value": "空调，冰箱",
    }  # fmt: skip
    assert "（（已首响）或（产品是空调、冰箱之一））" in looked(owner, **more)


def test_a_condition_asks_how_to_compare_once_it_has_a_column(owner):
    row = "where.groups[0].rows[0]"
    assert {name for name in sent_by(owner, "/library/new") if name.startswith(row)} == {f"{row}.column"}
    chosen = {**QUICK, f"{row}.column": "product", "do": "show"}
    page = owner.post("/library/new", chosen, headers={"HX-Request": "true"}).content.decode()
    assert f'name="{row}.op"' in page
    assert f'name="{row}.value"' in page


def test_a_mistake_is_said_in_words_and_the_figure_is_shown_before_there_is_a_name(owner):
    page = looked(owner, **{"name.zh": "", "code": "", "counter": "NOPE"})
    assert "49.2 %" in page
    assert "NOPE" in page
    assert "代码: 缺少这一项" in page


def test_a_draft_is_not_in_the_library_until_it_is_published(owner, own_home):
    kept(owner)
    assert "QUICK" not in shown(owner, "/library/?q=QUICK")
    form = sent_by(owner, "/library/QUICK/edit", "/library/QUICK/publish")
    owner.post("/library/QUICK/publish", {**form, "since": "2026-11-01", "reason": "看快慢"})
    assert (own_home / "indicators" / "QUICK.yaml").exists()
    assert "快速响应率 QUICK 本公司" in shown(owner, "/library/?q=QUICK")
    assert "一组 100.0 %" in shown(owner, "/library/QUICK/")


def test_an_example_that_fails_stops_publishing(owner, own_home):
    kept(owner, **{"examples[0].expected": "10"})
    form = sent_by(owner, "/library/QUICK/edit", "/library/QUICK/publish")
    answer = owner.post("/library/QUICK/publish", {**form, "since": "2026-11-01", "reason": "看快慢"})
    assert answer.status_code == 400
    assert "有 1 个测试用例不通过" in text(answer.content.decode())
    assert not (own_home / "indicators" / "QUICK.yaml").exists()


def test_the_choices_of_a_draft_are_there_again(owner):
    kept(owner)
    form = sent_by(owner, "/library/QUICK/edit")
    assert form["top.groups[0].rows[0].value"] == "15 分钟"
    assert form["examples[0].expected"] == "66.67"


def test_a_built_in_indicator_opens_as_its_formula_and_keeps_what_the_form_does_not_show(owner, own_home):
    form = sent_by(owner, "/library/FRT/edit")
    assert form["formula.measure"] == "first_response"
    owner.post("/library/FRT/edit", {**form, "minimum": "10", "do": "save"})
    version = RuleVersion.objects.get(key="FRT")
    assert "minimum: 10" in version.text
    assert "Stealth Agents" in version.text


def test_a_lead_cannot_build(lead):
    assert lead.get("/library/new").status_code == 403
    assert lead.post("/library/new", {**QUICK, "do": "save"}).status_code == 403
