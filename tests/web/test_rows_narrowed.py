"""The rows behind a rate, narrowed to those in the numerator, and the case that came after a repaired one."""

from __future__ import annotations

import csv
import io
import re

import pytest

from facts_world import add, at, built
from fuxiao.datasets.store import Store
from fuxiao.studio.packs import make_home
from web.figures_home import ROSTER
from web.test_figure_pages import shown

pytestmark = [pytest.mark.django_db, pytest.mark.lake]
RATE = "/values/RPR/rows?of=person:E3&period=2026-09"
REPAIRS = (
    ("A1", "2026-09-07 10:00", "D1", "E3", False), ("A2", "2026-09-14 10:00", "D1", "E4", False),
    ("A3", "2026-09-08 10:00", "D2", "E3", False), ("A4", "2026-09-09 10:00", "D3", "E3", True),
    ("A5", "2026-09-10 10:00", None, "E3", False),
)  # fmt: skip
"""Number, opened, device, engineer, and whether it is a test: the first came back after a week, to somebody else."""


@pytest.fixture(scope="module")
def repairs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("repairs") / "home"
    make_home(folder, pack="appliance", name="澜川电器", zone="Asia/Shanghai", currency="CNY", language="zh")
    cases = [
        {"case_id": number, "opened_at": at(opened), "device_id": device, "category": "空调", "owner": person,
         "unit_id": "T1" if person == "E3" else "T2", "is_test": test}
        for number, opened, device, person, test in REPAIRS
    ]  # fmt: skip
    steps = [
        {"case_id": number, "seq": seq, "at": at(opened) + after, "type": kind, "actor": person}
        for number, opened, _device, person, _test in REPAIRS
        for seq, (after, kind) in enumerate(((60, "responded"), (7200, "resolved")))
    ]
    people = {
        "people": [{"person": key, "name": name} for key, name in ROSTER["people"]],
        "teams": [{"team": key, "parent": parent, "name": name} for key, parent, name in ROSTER["teams"]],
        "memberships": [
            {"person": key, "team": team, "role": "field_engineer", "valid_from": 0}
            for key, team in ROSTER["memberships"]
        ],
    }
    with Store.open(folder, threads=1) as store:
        add(store, cases=cases, case_events=steps, **people)
        built(store, cut_off=at("2026-11-06 09:00"))
    return folder


@pytest.fixture(autouse=True)
def _lake(repairs, settings):
    settings.HOME = repairs


def cases(client, address):
    page = client.get(address).content.decode()
    return re.findall(r'data-row href="/cases/([^/]+)/"', page)


def test_the_rows_of_a_rate_are_those_in_the_numerator_those_in_the_denominator_alone_and_those_left_out(owner):
    assert "计入 2 计入分子 1 只计入分母 1 未计入 2" in shown(owner, RATE)
    narrowed = {part: cases(owner, f"{RATE}&part={part}") for part in ("counted", "yes", "no", "left_out", "else")}
    assert narrowed == {
        "counted": ["A1", "A3"], "yes": ["A1"], "no": ["A3"], "left_out": ["A4", "A5"], "else": ["A1", "A3"],
    }  # fmt: skip


def test_what_was_left_out_is_narrowed_to_a_reason(owner):
    assert "全部原因 测试或垃圾单 1 还没有结果，或不适用 1" in shown(owner, f"{RATE}&part=left_out")
    reasons = {reason: cases(owner, f"{RATE}&part=left_out&reason={reason}") for reason in ("X1", "none", "X99")}
    assert reasons == {"X1": ["A4"], "none": ["A5"], "X99": ["A4", "A5"]}


def test_the_export_has_the_rows_that_were_narrowed_to_and_the_case_that_came_after(owner):
    answer = owner.get(f"{RATE}&part=yes&form=csv").content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(answer)))
    heads, *rows = lines[lines.index([]) + 1 :]
    assert (dict(lines[: lines.index([])])["行"], [row[0] for row in rows]) == ("计入分子", ["A1"])
    assert rows[0][heads.index("之后的工单")] == "A2"


def test_a_repeat_links_to_the_case_that_came_after_for_whoever_may_see_that(owner, lead):
    address = f"{RATE}&part=yes"
    assert 'href="/cases/A2/"' in owner.get(address).content.decode()
    hidden = lead.get(address).content.decode()
    assert ('href="/cases/A1/"' in hidden, "A2" in hidden) == (True, False)
    assert "之后" not in shown(owner, f"{RATE}&part=no")


def test_a_mean_has_no_rows_that_are_in_the_numerator_alone(owner):
    address = "/values/FRT/rows?of=person:E3&period=2026-09"
    assert "计入分子" not in shown(owner, address)
    assert cases(owner, f"{address}&part=yes") == cases(owner, address) == ["A1", "A3", "A5"]
