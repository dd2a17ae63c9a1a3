"""A day at the desk, played by five roles and a customer in real browsers; its figures are those of the same events
imported as files elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from e2e import conftest
from e2e.conftest import PATIENCE, environment, served
from e2e.day_home import ACCOUNTS, DAY
from fuxiao.core.period import parse_period
from fuxiao.datasets.build import build_facts
from fuxiao.datasets.export import export_table
from fuxiao.datasets.importing.mapping_read import parse_mapping
from fuxiao.datasets.importing.run import import_file
from fuxiao.datasets.store import Store
from fuxiao.engine.schema import dataset
from fuxiao.metrics.library import built_in
from fuxiao.metrics.values import Request, compute_values
from fuxiao.studio.packs import make_home

TESTS = Path(__file__).parents[1]
TITLE = "空调不制冷"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The home folder of a department before its first day."""
    home = tmp_path / "home"
    paths = os.pathsep.join([str(TESTS), str(conftest.SOURCE)])
    order = [sys.executable, "-m", "e2e.day_home", str(home)]
    subprocess.run(order, env=environment(home, now="") | {"PYTHONPATH": paths}, check=True)
    return home


def test_a_day_played_by_five_roles_gives_the_figures_of_its_events_from_files(home, visit, tmp_path):
    with served(home, now="") as desk:
        played(desk, visit)
        carried(home)
    figures = figures_of(home)
    assert figures == figures_of(imported(home, tmp_path))
    assert {(code, who): figures[code, who][0] for code, who in FIGURES} == FIGURES


def played(desk: str, visit: Any) -> None:
    staff = {role: visit(desk, width=390 if role == "engineer" else 1440) for role in ACCOUNTS}
    for role, visitor in staff.items():
        visitor.sign_in(role)
    customer = visit(desk, width=390)
    staff["manager"].open("/desk/?show=open")
    case, followed = asks_by_the_code(customer, staff["dispatcher"])
    gives_out(staff["dispatcher"], case)
    staff["manager"].page.wait_for_selector(f"text={case}")  # the open list follows by itself
    visits(staff["engineer"], staff["parts"], case)
    customer.page.goto(followed)
    assert "已解决" in customer.page.inner_text("main")
    complaint = answers_and_complains(customer, staff["engineer"], case)
    looks_after(staff["dispatcher"], complaint)
    decides(staff["checker"], complaint)
    checks(staff["checker"], case)
    closes(staff["manager"], case)
    assert not [each for visitor in (*staff.values(), customer) for each in visitor.complaints]


FIGURES = {
    ("RES", "E3"): 1, ("CSAT", "E3"): 0, ("RCP", "E3"): 100, ("CAK", "E5"): 100, ("CCL", "E5"): 100,
}  # fmt: skip
"""What the day comes to, by indicator and person."""


def asks_by_the_code(customer: Any, dispatcher: Any) -> tuple[str, str]:
    """The code on the device leads to a page that knows it; the case's number, and the page that the customer keeps."""
    dispatcher.open("/desk/label/SN-0001")
    text = dispatcher.page.inner_text("main")
    address = next(word for word in text.split() if "/request/device/" in word)
    customer.page.goto(address)
    assert "SN-0001" in customer.page.inner_text("main")
    assert "周女士" not in customer.page.inner_text("main")
    for name, value in (("title", TITLE), ("name", "周女士"), ("phone", "13800001234"), ("address", "天河路 1 号")):
        customer.page.fill(f"[name={name}]", value)
    customer.page.check("[name=consent]")
    customer.page.click("main form button.primary")
    customer.page.wait_for_url("**/request/case/**")
    dispatcher.open("/desk/?show=waiting")
    dispatcher.page.click(f"text={TITLE}")
    dispatcher.page.wait_for_selector("#case")
    return dispatcher.page.url.rstrip("/").rsplit("/", 1)[1], customer.page.url


def gives_out(dispatcher: Any, case: str) -> None:
    dispatcher.open(f"/desk/{case}/do/assign")
    dispatcher.page.fill("main [name=person]", "E3")
    dispatcher.page.select_option("main [name=team]", "T1")
    dispatcher.page.click("main form button.primary")
    dispatcher.page.wait_for_selector("#case")
    dispatcher.open(f"/visits/new/{case}/")
    dispatcher.page.select_option("[name=engineer]", "E3")
    dispatcher.page.fill("[name=start]", "00:00")
    dispatcher.page.fill("[name=end]", "23:45")
    dispatcher.page.click("main form button.primary")
    dispatcher.page.wait_for_url(f"**/visits/{case}/1/")


def visits(engineer: Any, parts: Any, case: str) -> None:
    """On the phone: accept, arrive, ask for a part, which the store issues, fit it, have it signed, leave."""
    page = engineer.page
    engineer.open(f"/desk/{case}/")
    page.click("form[action$='/do/accept'] button")
    engineer.open("/visits/mine/")
    page.click(f"a[href='/visits/{case}/1/']")
    page.click("text=我到了")
    page.wait_for_selector("[name=outcome]")  # the page before had a field for parts as well
    page.fill("#part", "PCB-1")
    page.click("text=申请备件")
    parts.open("/parts/")  # perhaps before the request is there: the page follows by itself
    parts.page.click("form[action$='/issue/'] button")
    parts.page.wait_for_load_state()
    engineer.open(f"/visits/{case}/1/")
    page.click("text=装上了")
    page.wait_for_selector("text=已装机")
    page.check("[name=outcome][value=fixed]")
    page.select_option("[name=resolution_code]", "repaired")
    page.locator("canvas.sign").scroll_into_view_if_needed()
    box = page.locator("canvas.sign").bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 40)
    page.mouse.up()
    page.click("text=结束上门")
    page.wait_for_selector("h2:has-text('结果')")
    assert page.is_visible("img[alt='手写签名']")


def answers_and_complains(customer: Any, engineer: Any, case: str) -> str:
    """The link is given to the customer, whose two marks of five lead to a complaint; its number."""
    engineer.open(f"/desk/{case}/")
    engineer.page.click("a[href^='/surveys/S']")
    address = engineer.page.input_value("#survey-link")
    engineer.page.click("text=已发给客户")
    customer.page.goto(address)
    customer.page.check("[name=csat][value='2']")
    customer.page.click("text=提交评价")
    customer.page.click("text=提交投诉")
    customer.page.fill("[name=text]", "换了主板还是有异响，希望再来看看。")
    customer.page.click("main form button.primary")
    customer.page.wait_for_url("**sent=*")
    return customer.page.url.rsplit("=", 1)[1]


def looks_after(dispatcher: Any, complaint: str) -> None:
    dispatcher.open(f"/complaints/{complaint}/")
    dispatcher.page.click("text=已告知客户在处理")
    dispatcher.page.wait_for_selector("form[action$='/do/acknowledge']", state="detached")
    dispatcher.page.fill("#say", "已安排复检，并延长质保三个月。")
    dispatcher.page.click("button[formaction]")
    dispatcher.page.click("button[name=agrees][value=yes]")
    dispatcher.page.wait_for_selector("form[action$='/do/confirm']", state="detached")


def decides(checker: Any, complaint: str) -> None:
    """Somebody else than the accused says who is responsible."""
    checker.open(f"/complaints/{complaint}/")
    checker.page.click("details summary.button:has-text('判责')")
    checker.page.select_option("[name=validity]", "valid")
    checker.page.fill("details [name=person]", "E3")
    checker.page.fill("details [name=reason]", "装机后没有试机。")
    checker.page.click("text=保存判责")
    checker.page.wait_for_selector("dd:has-text('装机后没有试机。')")


def checks(checker: Any, case: str) -> None:
    checker.open(f"/checks/case/{case}")
    checker.page.fill("#reason", "客户投诉")
    checker.page.check("[name='c-a'][value='1']")
    checker.page.check("[name='c-b'][value='0']")
    checker.page.click("main form button.primary")
    checker.page.wait_for_url("**/checks/Q*/")


def closes(manager: Any, case: str) -> None:
    manager.open(f"/desk/{case}/")
    manager.page.click("form[action$='/do/close'] button")
    manager.page.wait_for_selector("h1:has-text('已结案')")


def carried(home: Path) -> None:
    """Until the worker has brought the last of the day into the lake."""
    until = time.monotonic() + PATIENCE / 1_000
    while time.monotonic() < until:
        with Store.open(home, threads=1) as store:
            [*found] = store.execute(store.records("cases").select("closed_at"))["closed_at"].to_pylist()
            if found and found[0]:
                return
        time.sleep(0.5)
    pytest.fail("the day does not come into the lake")


def imported(home: Path, folder: Path) -> Path:
    """Another home, into which everything that the lake of the first one knows came as files."""
    other = folder / "other"
    make_home(other, pack="appliance", name="澜川电器", zone="Asia/Shanghai", currency="CNY", language="zh")
    with Store.open(home, threads=1) as source, Store.open(other, threads=1) as target:
        for name in source.manifest.records:
            path = folder / f"{name}.csv"
            export_table(source, source.records(name), path)
            columns = "\n".join(f'{column} = "{column}"' for column in dataset(name).names())
            import_file(target, path, parse_mapping(f'shape = "case"\n[{name}.columns]\n{columns}'), at=DAY)
    return other


def figures_of(home: Path) -> Mapping[tuple[str, str], tuple[Any, ...]]:
    """Every built-in indicator of everybody and every team, as of tomorrow."""
    tomorrow, month = DAY + timedelta(days=1), parse_period(f"{DAY:%Y-%m}")
    with Store.open(home, threads=1) as store:
        build_facts(store, cut_off=tomorrow)
        store.refresh()
        found: dict[tuple[str, str], tuple[Any, ...]] = {}
        for by in ("person", "team"):
            asked = Request(
                indicators=list(built_in()), first=month, last=month, by=(by,), spreads=False, exclusions=False
            )
            for each in compute_values(store, asked, as_of=tomorrow.date()):
                found[each.indicator, each.subject] = (each.value, each.numerator, each.denominator, each.n)
        return found
