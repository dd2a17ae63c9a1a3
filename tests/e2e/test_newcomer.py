"""A newcomer's path in one empty installation: from the first start to a ticket behind a figure, and back out again."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook

from e2e.conftest import Visitor, served
from e2e.test_every_page import violations

OWNER, PASSWORD = "chen", "sturdy-harbour-42"
PEOPLE = [("E101", "王芳", "一组"), ("E102", "张伟", "一组"), ("E103", "李娜", "二组"), ("E104", "刘洋", "二组")]
STRANGER = "欧阳峰"
GOOD, BAD = 48, 2
"""Rows of the file of cases that can be stored, and that cannot."""
CODES = ("FRT", "RPR")


@dataclass(frozen=True)
class Words:
    """What is read and pressed, in one language."""

    lang: str
    width: int
    try_it: str
    start: str
    undo: str
    unmatched: str
    rows: str


ZH = Words("zh-hans", 1440, "试导入（不写入）", "开始导入", "撤销这次导入", "未对应 1", "明细")
EN = Words("en", 390, "Try it, storing nothing", "Import now", "Undo this import", "1 not found", "Rows")


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an installation that nobody has touched yet."""
    with served(tmp_path_factory.mktemp("newcomer") / "home") as address:
        yield address


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Workbooks as another system exports them: people, and last month's cases with a stranger and two faulty rows."""
    folder = tmp_path_factory.mktemp("files")
    people = [("工号", "姓名", "班组", "岗位", "任职开始日", "入职日")]
    people += [(*each, "上门工程师", "2024-03-01", "2024-03-01") for each in PEOPLE]
    return book(folder / "人员.xlsx", people), book(folder / "工单.xlsx", list(cases()))


def cases() -> Iterator[tuple[object, ...]]:
    """Two rows a day: every fourth is the device of eight rows before with the same fault, so some are repeats."""
    yield "工单号", "受理时间", "首次响应时间", "首响人", "解决时间", "责任人", "序列号", "故障大类"
    names = [name for _, name, _ in PEOPLE] + [STRANGER]
    for number in range(GOOD):
        opened = datetime(2026, 10, 1 + number // 2, 9 + number % 8)  # noqa: DTZ001 - a workbook knows no zones
        who = names[number % len(names)]
        device = f"SN{(number - 8 if number % 4 == 3 and number > 8 else number):04}"
        answered, solved = opened + timedelta(minutes=10 + number), opened + timedelta(hours=5)
        yield f"W{number:04}", opened, answered, who, solved, who, device, "不制冷"
    for number in range(BAD):
        yield f"X{number:04}", "明天", None, names[0], None, names[0], "SN9999", "不制冷"


def book(path: Path, rows: list[tuple[object, ...]]) -> Path:
    made = Workbook()
    for row in rows:
        made.active.append(row)
    made.save(path)
    return path


def press(visitor: Visitor, name: str) -> None:
    visitor.page.get_by_role("button", name=name, exact=False).first.click()


def upload(visitor: Visitor, file: Path) -> None:
    visitor.open("/data/import/")
    visitor.page.set_input_files("#file", str(file))
    visitor.page.click("main form button.primary")
    visitor.page.wait_for_url("**/check")  # every column is recognised


def sideways(visitor: Visitor) -> bool:
    return bool(visitor.page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"))


def looks_right(visitor: Visitor) -> None:
    """Nothing to scroll sideways, nothing that somebody could not use, nothing that the browser complains of."""
    assert not sideways(visitor), visitor.page.url
    assert violations(visitor.page) == [], visitor.page.url
    assert visitor.complaints == []


def test_the_first_start_makes_the_owner_who_finds_the_way_in(empty, visit):
    phone = visit(empty, width=390, lang="en")
    phone.open("/")
    assert phone.page.inner_text("h1") == "Set up Fuxiao"
    looks_right(phone)
    visitor = visit(empty)
    visitor.open("/")
    looks_right(visitor)
    for name, value in (("company", "澜川电器"), ("username", OWNER), ("password", PASSWORD)):
        visitor.page.fill(f"[name={name}]", value)
    visitor.page.click("main form button.primary")
    visitor.page.wait_for_url(empty + "/")
    assert visitor.page.locator(".checklist li").count() == 6
    assert visitor.page.locator(".checklist li.done").count() == 1
    looks_right(visitor)
    phone.open("/setup")
    assert "/account/login" in phone.page.url


def test_people_come_in_from_a_workbook_and_stand_in_their_teams(empty, visit, files):
    visitor = signed_in(visit, empty, ZH)
    visitor.open("/org/people/")
    assert visitor.page.locator("#people-list .empty a").get_attribute("href") == "/org/people/import/"
    visitor.open("/")
    visitor.page.click(".checklist a[href='/org/people/import/']")
    visitor.page.set_input_files("input[type=file]", str(files[0]))
    visitor.page.wait_for_selector("text=新增 4")
    looks_right(visitor)
    visitor.page.click("button[value=apply]")
    visitor.page.wait_for_url("**/org/people/")
    assert visitor.page.locator("#people-list tbody tr").count() == len(PEOPLE)
    visitor.open("/org/people/?q=zw")
    assert "张伟" in visitor.page.inner_text("#people-list tbody")
    assert "一组" in visitor.page.inner_text("#people-list tbody")


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh-1440", "en-390"])
def test_cases_come_in_are_read_down_to_the_ticket_and_go_out_again(empty, visit, files, words):
    visitor = signed_in(visit, empty, words)
    upload(visitor, files[1])
    visitor.page.click("main a[href$='/columns']")
    visitor.page.wait_for_url("**/columns")
    assert (
        visitor.page.locator("select", has=visitor.page.locator("option[value='cases.opened_at'][selected]")).count()
        == 1
    )
    looks_right(visitor)
    press(visitor, words.try_it)
    visitor.page.wait_for_url("**/check")
    assert words.unmatched in visitor.page.inner_text("main")
    assert STRANGER in visitor.page.inner_text(".match")
    assert visitor.page.inner_text(".figure-card .bad") == str(BAD)
    looks_right(visitor)
    press(visitor, words.start)
    visitor.page.wait_for_selector(f"text={words.undo}")
    result = visitor.page.url
    refused_rows_come_with_reasons(visitor)
    looks_right(visitor)
    for code in CODES:
        read_down_to_the_ticket(visitor, code, words)
    visitor.page.goto(result)
    press(visitor, words.undo)
    visitor.page.wait_for_url("**/data/")
    assert figures_are_gone(visitor)


def figures_are_gone(visitor: Visitor) -> bool:
    """Whether the page of an indicator has no groups any more, once the worker has made the facts anew."""
    for _ in range(120):
        visitor.open("/values/FRT/?period=2026-10")
        if visitor.page.locator("#groups tbody a").count() == 0:
            return True
        visitor.page.wait_for_timeout(500)
    return False


def refused_rows_come_with_reasons(visitor: Visitor) -> None:
    with visitor.page.expect_download() as waiting:
        visitor.page.click("a[href$='rejected.csv']")
    with waiting.value.path().open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[0] for row in rows[1:]] == [f"X{number:04}" for number in range(BAD)]


def read_down_to_the_ticket(visitor: Visitor, code: str, words: Words) -> None:
    """The figure by engineer, the rows under one engineer's, one ticket of them."""
    visitor.open("/values/?period=2026-10")
    visitor.page.click(f"#values-found a[href*='/values/{code}/']")
    visitor.page.wait_for_url(f"**/values/{code}/**")
    visitor.open(f"/values/{code}/?period=2026-10&by=person")
    people = visitor.page.inner_text("#groups")
    assert all(name in people for _, name, _ in PEOPLE[:2])
    looks_right(visitor)
    visitor.page.click("#groups a[href*='/rows']")
    visitor.page.wait_for_url(f"**/values/{code}/rows**")
    assert words.rows in visitor.page.inner_text("ol.crumbs") or visitor.page.viewport_size["width"] < 500
    looks_right(visitor)
    ticket = visitor.page.locator("main tbody th a").first
    number = ticket.inner_text()
    assert re.fullmatch(r"W\d{4}", number)
    ticket.click()
    visitor.page.wait_for_url(f"**/cases/{number}/")
    assert number in visitor.page.inner_text("main")


def signed_in(visit, address: str, words: Words) -> Visitor:
    visitor = visit(address, width=words.width, lang=words.lang)
    visitor.sign_in(OWNER, PASSWORD)
    return visitor
