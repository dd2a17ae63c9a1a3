"""A whole review cycle under each template pack, in the browser, by those who have a part in it."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

import pytest

from e2e import conftest
from e2e.conftest import Visitor, served


@dataclass(frozen=True)
class Pack:
    """How the company goes by a pack: who looks at the own score, and which positions go by which role."""

    somebody: str
    period: str = "2026-10"
    since: str = "2026-10-01"
    positions: dict[str, str] = field(default_factory=dict)


KNOWN = {
    "appliance": Pack("engineer"),
    "ecommerce": Pack("agent", positions={"客服专员": "在线客服"}),
    "saas": Pack("agent", "2026-Q3", "2026-07-01", {"客服专员": "一线支持", "上门工程师": "二线支持"}),
}
PACKS = [pack for pack in os.environ.get("FUXIAO_PACKS", "").split(",") if pack]
"""Minutes a pack, so that somebody has to ask for them: appliance,ecommerce,saas."""
AFTER_THE_WINDOW = "2026-11-20T09:00:00+08:00"
STAGES = ("self_review", "lead_review", "calibration")


@pytest.fixture(params=PACKS or [pytest.param("", marks=pytest.mark.skip(reason="FUXIAO_PACKS names no pack"))])
def pack(request) -> str:
    name: str = request.param
    return name


@pytest.fixture
def home(pack, company, tmp_path) -> Path:
    """The company's home without a scheme, with the pack's plan alone."""
    left = shutil.ignore_patterns("sessions", "*.lock", "static", "serve.*")
    made = shutil.copytree(conftest.HOMES[company], tmp_path / "home", ignore=left)
    for old in (*(made / "schemes").glob("*.yaml"), *(made / "plans").glob("*.yaml")):
        old.unlink()
    text = resources.files("fuxiao.incentives").joinpath(f"templates/{pack}.yaml").read_text("utf-8")
    (made / "plans" / f"{pack}.yaml").write_text(text, "utf-8")
    return made


def press(visitor: Visitor, words: str) -> None:
    """Click the button with these words and wait for the page that comes of it."""
    with visitor.page.expect_navigation():
        visitor.page.click(f"main button:has-text('{words}')")


def step_on(hr: Visitor, board: str, words: str) -> None:
    """The board's button of the next step, as soon as nothing stands in its way."""
    hr.open(board)
    hr.page.wait_for_selector(f"main button:enabled:has-text('{words}')")
    press(hr, words)


def as_somebody(visit, address: str, name: str) -> Visitor:
    visitor: Visitor = visit(address)
    visitor.sign_in(name)
    return visitor


def test_from_objectives_to_the_verified_seal(pack, home, visit):
    with served(home) as address:
        owner, hr = as_somebody(visit, address, "owner"), as_somebody(visit, address, "hr")
        objectives_set(owner)
        published(hr, pack)
        board, mine = until_shared(visit, hr, KNOWN[pack])
        talked_about(visit, address, mine, KNOWN[pack])
        appealed_and_decided(visit, address, mine, KNOWN[pack])
        assert owner.complaints == hr.complaints == []
    with served(home, AFTER_THE_WINDOW) as address:
        hr = as_somebody(visit, address, "hr")
        step_on(hr, board, "定案")
        step_on(hr, board, "封存")
        hr.page.wait_for_selector("main .note.good:has-text('封条摘要')")
        press(hr, "核验")
        assert "一致" in hr.page.inner_text("main .note.good")
        assert hr.complaints == []


def objectives_set(owner: Visitor) -> None:
    """The owner takes the first stance and the objectives that go with it."""
    owner.open("/objectives/wizard")
    owner.page.click("main a.tile >> nth=0")
    press(owner, "设定选中的目标")
    assert "/objectives/" in owner.page.url


def published(hr: Visitor, pack: str) -> None:
    """HR takes the template, says which positions go by which role, tries it on past periods and publishes it."""
    hr.open("/schemes/new")
    with hr.page.expect_navigation():
        hr.page.click(f"main form:has(input[value='pack:{pack}']) button")
    scheme = path_of(hr)
    if KNOWN[pack].positions:
        assert all(position in hr.page.inner_text("#covered .note.near") for position in KNOWN[pack].positions)
        with hr.page.expect_navigation():
            hr.page.click("#covered a:has-text('指定岗位')")
        for position, role in KNOWN[pack].positions.items():
            hr.page.select_option(f"select[aria-label='{position}按哪个岗位考核']", label=role)
        press(hr, "保存草稿")
        assert all(f"按{role}考核" in hr.page.inner_text("#covered") for role in KNOWN[pack].positions.values())
    press(hr, "试算")
    hr.page.wait_for_selector("#publish li.done:has-text('试算')")
    hr.open(hr.page.get_attribute("#publish a[href$='/report']", "href"))
    assert "新方案" in hr.page.inner_text("main table")
    hr.open(scheme)
    hr.page.fill("#since", KNOWN[pack].since)
    hr.page.fill("#reason", "首次启用，已征求意见。")
    press(hr, "发布")
    assert "生效中" in hr.page.inner_text("main h1")


def path_of(visitor: Visitor) -> str:
    return re.sub(r"^https?://[^/]+", "", visitor.page.url)


def until_shared(visit, hr: Visitor, pack: Pack) -> tuple[str, str]:
    """The cycle opened, its data closed, reviews, calibration, sharing; the board and somebody's scorecard."""
    hr.open("/performance/cycles/new/")
    hr.page.select_option("select[name=period]", pack.period)
    for stage in STAGES:
        hr.page.check(f"input[name=stages][value={stage}]")
    hr.page.fill("input[name=cut_off_on]", "2026-11-05")
    hr.page.fill("input[name=appeal_days]", "2")
    press(hr, "开始")
    board = path_of(hr)
    people = [link.get_attribute("href") for link in hr.page.query_selector_all("main tbody a.person")]
    person = as_somebody(visit, hr.address, pack.somebody)
    mine = live(person)

    hr.open(board)
    press(hr, "截止数据并算分")
    hr.page.wait_for_selector("main h1 :text('已算分')")
    step_on(hr, board, "开始员工自评")
    person.open(mine)
    person.page.fill("#self-text", "响应快，返修还要少。")
    press(person, "提交自评")
    step_on(hr, board, "开始主管评语")
    for page in people:
        hr.open(page)
        if hr.page.query_selector("#strengths"):
            hr.page.fill("#strengths", "十分钟内响应。")
            hr.page.fill("#weaknesses", "返修偏多。")
            press(hr, "保存评语")
    step_on(hr, board, "开始校准")
    hr.open(board + "calibration/")
    hr.page.fill("#attended", "各班组长")
    hr.page.fill("#minutes", "逐人讨论，没有改动。")
    press(hr, "保存纪要")
    step_on(hr, board, "公布结果")
    assert person.complaints == []
    return board, mine


def live(person: Visitor) -> str:
    """The own score while the cycle runs, and what stands behind a row; where that page is."""
    person.open("/performance/?wait")
    assert "实时" in person.page.inner_text("main h1")
    href = person.page.get_attribute("main tr.kpi td a", "href")
    assert href is not None
    person.open(href)
    assert "行计入的明细" in person.page.inner_text("main")
    return href.split("item/")[0]


def talked_about(visit, address: str, mine: str, pack: Pack) -> None:
    """The lead's talk with the person from what the data says, with something agreed; both sign."""
    hr, person = as_somebody(visit, address, "hr"), as_somebody(visit, address, pack.somebody)
    hr.open(mine + "talk/")
    hr.page.fill("#will", "每天复盘一单。")
    hr.page.fill("input[name=action] >> nth=0", "跟班复盘返修工单")
    hr.page.fill("input[name=due] >> nth=0", "2026-12-05")
    press(hr, "保存并签字")
    person.open(mine + "talk/")
    press(person, "签字")
    assert "跟班复盘返修工单" in person.page.inner_text("main")
    assert person.page.query_selector("#objection") is None
    assert person.complaints == hr.complaints == []


def appealed_and_decided(visit, address: str, mine: str, pack: Pack) -> None:
    """The person appeals against a row, the owner decides (HR has written the review), the person acknowledges."""
    person, owner = as_somebody(visit, address, pack.somebody), as_somebody(visit, address, "owner")
    person.open(mine)
    person.page.click("main tr.kpi details summary >> nth=0")
    with person.page.expect_navigation():
        person.page.click("main a:has-text('对这一行申诉') >> nth=0")
    person.page.check("main input[name=kind][value=exclusion]")
    if person.page.query_selector("main form details"):
        person.page.click("main form details summary")
        person.page.check("main input[name=case] >> nth=0")
    person.page.fill("main textarea[name=text]", "客户要求改期，不应计入。")
    person.page.click("main form button.primary")
    person.page.wait_for_url("**/performance/appeals/**")
    owner.open(re.sub(r"^https?://[^/]+", "", person.page.url))
    owner.page.check("input[name=state][value=accepted]")
    owner.page.fill("#reason", "客户改期属实。")
    press(owner, "裁定")
    if owner.page.query_selector("form .problems, main .note.bad"):  # cases cannot be left out of a percentile
        owner.page.check("input[name=state][value=rejected]")
        owner.page.fill("#reason", "这个指标不能剔除单张工单。")
        press(owner, "裁定")
    person.open(mine)
    press(person, "确认结果")
    assert person.complaints == []
