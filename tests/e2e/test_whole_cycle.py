"""A whole review cycle under each template pack, in the browser, by those who have a part in it."""

from __future__ import annotations

import os
import re
import shutil
from importlib import resources
from pathlib import Path

import pytest

from e2e import conftest
from e2e.conftest import Visitor, served

PACKS = [pack for pack in os.environ.get("FUXIAO_PACKS", "").split(",") if pack]
"""Two minutes a pack, so that somebody has to ask for them: appliance,ecommerce,saas."""
AFTER_THE_WINDOW = "2026-11-20T09:00:00+08:00"
PATIENCE = 180_000
"""Milliseconds for a calculation of the worker."""
STAGES = ("self_review", "lead_review", "calibration")


@pytest.fixture(params=PACKS or [pytest.param("", marks=pytest.mark.skip(reason="FUXIAO_PACKS names no pack"))])
def home(request, company, tmp_path) -> Path:
    """The company's home with one pack's scheme and plan alone."""
    left = shutil.ignore_patterns("sessions", "*.lock", "static", "serve.*")
    made = shutil.copytree(conftest.HOMES[company], tmp_path / "home", ignore=left)
    for kind, package in (("schemes", "fuxiao.performance"), ("plans", "fuxiao.incentives")):
        for old in (made / kind).glob("*.yaml"):
            old.unlink()
        text = resources.files(package).joinpath(f"templates/{request.param}.yaml").read_text("utf-8")
        (made / kind / f"{request.param}.yaml").write_text(text, "utf-8")
    return made


def press(visitor: Visitor, words: str) -> None:
    """Click the button with these words and wait for the page that comes of it."""
    with visitor.page.expect_navigation():
        visitor.page.click(f"main button:has-text('{words}')")


def step_on(hr: Visitor, board: str, words: str) -> None:
    """The board's button of the next step, as soon as nothing stands in its way."""
    hr.open(board)
    hr.page.wait_for_selector(f"main button:enabled:has-text('{words}')", timeout=PATIENCE)
    press(hr, words)


def as_somebody(visit, address: str, name: str) -> Visitor:
    visitor: Visitor = visit(address)
    visitor.sign_in(name)
    return visitor


def test_from_objectives_to_the_verified_seal(home, visit):
    with served(home) as address:
        board, mine = until_shared(visit, address)
        appealed_and_decided(visit, address, mine)
    with served(home, AFTER_THE_WINDOW) as address:
        hr = as_somebody(visit, address, "hr")
        step_on(hr, board, "定案")
        step_on(hr, board, "封存")
        assert "封条摘要" in hr.page.inner_text("main")
        press(hr, "核验")
        assert "一致" in hr.page.inner_text("main .note.good")
        assert hr.complaints == []


def until_shared(visit, address: str) -> tuple[str, str]:
    """Objectives, the cycle opened, its data closed, reviews, calibration, sharing; the board and one scorecard."""
    owner, hr = as_somebody(visit, address, "owner"), as_somebody(visit, address, "hr")
    owner.open("/objectives/wizard")
    owner.page.click("main a.tile >> nth=0")
    press(owner, "设定选中的目标")
    assert "/objectives/" in owner.page.url

    hr.open("/performance/cycles/new/")
    hr.page.select_option("select[name=period]", "2026-10")
    for stage in STAGES:
        hr.page.check(f"input[name=stages][value={stage}]")
    hr.page.fill("input[name=cut_off_on]", "2026-11-05")
    hr.page.fill("input[name=appeal_days]", "2")
    press(hr, "开始")
    board = re.sub(r"^https?://[^/]+", "", hr.page.url)
    people = [link.get_attribute("href") for link in hr.page.query_selector_all("main tbody a.person")]
    mine = somebody(visit, address)

    hr.open(board)
    press(hr, "截止数据并算分")
    hr.page.wait_for_selector("main h1 :text('已算分')", timeout=PATIENCE)
    step_on(hr, board, "开始员工自评")
    engineer = as_somebody(visit, address, "engineer")
    engineer.open(mine)
    engineer.page.fill("#self-text", "响应快，返修还要少。")
    press(engineer, "提交自评")
    step_on(hr, board, "开始主管评语")
    for person in people:
        hr.open(person)
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
    return board, mine


def somebody(visit, address: str) -> str:
    """Whoever goes out sees the own score while the cycle runs, and what stands behind a row; where that page is."""
    engineer = as_somebody(visit, address, "engineer")
    engineer.open("/performance/")
    assert "实时" in engineer.page.inner_text("main h1")
    href = engineer.page.get_attribute("main tr.kpi td a", "href")
    assert href is not None
    engineer.open(href)
    assert "行计入的明细" in engineer.page.inner_text("main")
    return href.split("item/")[0]


def appealed_and_decided(visit, address: str, mine: str) -> None:
    """The person appeals against a row, HR decides, the person acknowledges."""
    engineer, hr = as_somebody(visit, address, "engineer"), as_somebody(visit, address, "hr")
    engineer.open(mine)
    engineer.page.click("main tr.kpi details summary >> nth=0")
    with engineer.page.expect_navigation():
        engineer.page.click("main a:has-text('对这一行申诉') >> nth=0")
    engineer.page.check("main input[name=kind][value=exclusion]")
    if engineer.page.query_selector("main form details"):
        engineer.page.click("main form details summary")
        engineer.page.check("main input[name=case] >> nth=0")
    engineer.page.fill("main textarea[name=text]", "客户要求改期，不应计入。")
    engineer.page.click("main form button.primary")
    engineer.page.wait_for_url("**/performance/appeals/**")
    hr.open(re.sub(r"^https?://[^/]+", "", engineer.page.url))
    hr.page.check("input[name=state][value=accepted]")
    hr.page.fill("#reason", "客户改期属实。")
    press(hr, "裁定")
    if hr.page.query_selector("form .problems, main .note.bad"):  # cases cannot be left out of a percentile
        hr.page.check("input[name=state][value=rejected]")
        hr.page.fill("#reason", "这个指标不能剔除单张工单。")
        press(hr, "裁定")
    engineer.open(mine)
    press(engineer, "确认结果")
    assert engineer.complaints == []
