"""Why a figure moved: parts that add up to what is shown, each with the rows behind it, for those who may see them."""

from __future__ import annotations

import re
import shutil
from datetime import date
from fractions import Fraction

import pytest
from django.conf import settings as ours
from django.db import connection
from django.test.utils import CaptureQueriesContext

from facts_world import add, at, built
from fuxiao.base.clock import day_start, today
from fuxiao.base.plain_yaml import plain_yaml
from fuxiao.core.cycle import Step
from fuxiao.core.moved import Part
from fuxiao.core.period import parse_period
from fuxiao.datasets.store import Store
from fuxiao.metrics.library import built_in
from fuxiao.performance.cycles.actions.opening import Opening
from fuxiao.performance.cycles.models import Cycle
from fuxiao.performance.moving import Moving
from fuxiao.report.by_calendar import open_with
from fuxiao.report.closing import indicators_of
from fuxiao.report.moves import Mover
from web import figures_home as records
from web.conftest import NOW, SYSTEM, department, signed_in_as
from web.cycles_home import cycles_home
from web.test_cycles import STAFF, hire
from web.test_figure_pages import shown

pytestmark = [pytest.mark.django_db, pytest.mark.lake]
ZONE = "Asia/Shanghai"
SEPTEMBER, OCTOBER = parse_period("2026-09"), parse_period("2026-10")


@pytest.fixture(scope="module")
def begun(standing, home, tmp_path_factory):
    """September is closed and scored; October runs."""
    made = cycles_home(tmp_path_factory.mktemp("moved") / "home")
    standing.setattr(ours, "HOME", made)
    department()
    hire()
    cycle = open_cycle(made, "2026-09", date(2026, 10, 2))
    signed_in_as("hr")["hr"].post(f"/performance/cycles/{cycle.pk}/advance/", {"version": cycle.version})
    open_cycle(made, "2026-10", date(2026, 11, 20))
    return made


def open_cycle(home, period: str, cut_off: date) -> Cycle:
    opening = Opening(
        period=parse_period(period), scheme="small", plan="small", stages=(Step.SELF_REVIEW,), cut_off_on=cut_off
    )
    with Store.open(home, threads=1) as store:
        return open_with(SYSTEM, store, opening, at=NOW)


@pytest.fixture
def company(begun, db, tmp_path, settings):
    """The accounts over a home folder of this test alone."""
    settings.HOME = shutil.copytree(begun, tmp_path / "home")
    return signed_in_as(*STAFF)


@pytest.fixture
def september(company):
    """The cycle that is closed and scored."""
    cycle = Cycle.objects.get(period="2026-09")
    assert cycle.calculation == 1
    return cycle


def more_cases(home, month: int, number: int, *, minutes: int, person: str = "E3", team: str = "T1") -> None:
    """So many more cases of a month, answered in ``minutes``."""
    cases, events = [], []
    for each in range(number):
        case, opened = f"late-{month}-{each}", records._opened(month, each)
        cases.append({"case_id": case, "opened_at": opened, "unit_id": team, "owner": person, "customer_id": "K1",
                      "product": "空调", "case_type": "维修"})  # fmt: skip
        events += records._events(case, opened, person, minutes, paused=False)
    with Store.open(home, threads=1) as store:
        add(store, cases=cases, case_events=events)
        built(store, cut_off=at("2026-11-06 00:00"))


def move(home, by: str, member: str, code: str = "FRT"):
    with Store.open(home, threads=1) as store:
        library = indicators_of(store)
        mover = Mover(store, library, day_start(ZONE), today(ZONE))
        return mover.figure(Moving(library[code], by, member, SEPTEMBER, OCTOBER))


def parts(found) -> dict[Part, Fraction]:
    return {part: amount for part, amount in found.move.parts.items() if abs(amount) > Fraction(1, 10**5)}


def test_where_nothing_happened_no_part_moved(company, september, settings):
    found = move(settings.HOME, "person", "E3")

    assert found.kept == (True, False)
    assert parts(found) == {}


def test_records_that_came_after_the_closing_are_late_data(company, september, settings):
    more_cases(settings.HOME, 9, 10, minutes=70)
    found = move(settings.HOME, "person", "E3")

    # September was kept at 10 minutes and would be 25 by now; October is 10.
    assert parts(found) == {Part.LATE: 15, Part.PERFORMANCE: -15}
    page = shown(company["zhang"], "/values/FRT/moved?of=person:E3&period=2026-10&before=2026-09")
    assert "迟到数据 +15.0" in page
    assert "工作本身 −15.0" in page


def test_a_new_version_of_the_rule_is_the_definition(company, september, settings):
    doubled = {**built_in().get("FRT").raw, "measure": "first_response * 2"}
    del doubled["section"]
    (settings.HOME / "indicators").mkdir(exist_ok=True)
    (settings.HOME / "indicators" / "FRT.yaml").write_text(plain_yaml(doubled), encoding="utf-8")

    assert parts(move(settings.HOME, "person", "E3")) == {Part.DEFINITION: 10}


def test_who_joined_a_team_moves_its_roster(company, settings):
    with Store.open(settings.HOME, threads=1) as store:
        add(store, people=[{"person": "E9", "name": "新人"}], memberships=[
            {"person": "E9", "team": "T1", "role": "field_engineer", "valid_from": OCTOBER.start.toordinal() - 719163},
        ])  # fmt: skip
    more_cases(settings.HOME, 10, 29, minutes=70, person="E9")
    found = move(settings.HOME, "team", "T1")

    # 29 of 张伟's in 10 minutes and 29 of the new one in 70: 40 instead of 10.
    assert parts(found) == {Part.ROSTER: 30}
    assert found.halves.joined == ("E9",)


def test_parts_add_up_to_the_change_as_it_is_shown(company, september, settings):
    more_cases(settings.HOME, 9, 7, minutes=31)
    more_cases(settings.HOME, 10, 11, minutes=44)
    page = shown(company["zhang"], "/values/FRT/moved?of=person:E3&period=2026-10&before=2026-09")
    said = re.search(r"从.*?变化 ([+−][\d.]+)：(.*?)。", page)
    amounts = [float(each.replace("−", "-")) for each in re.findall(r"[+−][\d.]+", said.group(2))]

    assert len(amounts) >= 2
    assert round(sum(amounts), 6) == float(said.group(1).replace("−", "-"))


def test_each_part_leads_to_the_rows_behind_it(company, september):
    answer = company["zhang"].get("/values/FRT/moved?of=person:E3&period=2026-10")
    links = re.findall(r'href="(/values/FRT/rows\?[^"]+)"', answer.content.decode())

    assert len(links) >= 3
    assert all(company["zhang"].get(link.replace("&amp;", "&")).status_code == 200 for link in links)
    whole = [
        company[who].get("/values/FRT/moved?of=company&period=2026-10").content.decode() for who in ("hr", "zhang")
    ]
    assert ["/values/FRT/rows" in page for page in whole] == [True, False], "the company's rows are not for everybody"


def test_nobody_sees_the_move_of_somebody_out_of_reach(company, september):
    assert company["li"].get("/values/FRT/moved?of=person:E3&period=2026-10").status_code == 404
    assert company["lead"].get("/values/FRT/moved?of=person:E3&period=2026-10").status_code == 200
    assert company["lead"].get("/values/FRT/moved?of=person:E4&period=2026-10").status_code == 404


@pytest.mark.parametrize("query", ["period=2026-10&before=2026-10", "period=2026-10&before=2026-Q2", "before=x"])
def test_a_period_to_compare_with_must_be_an_earlier_one_of_the_same_length(company, query):
    assert company["zhang"].get(f"/values/FRT/moved?of=person:E3&{query}").status_code == 400


def test_without_a_figure_the_page_says_so(company):
    assert "没有可以显示的数字" in shown(company["zhang"], "/values/FRT/moved?of=person:E3&period=2026-07")


def test_the_score_is_split_line_by_line(company, september, settings):
    more_cases(settings.HOME, 10, 30, minutes=40)
    october = Cycle.objects.get(period="2026-10")
    page = shown(company["zhang"], f"/performance/cycles/{october.pk}/E3/moved/")

    assert "得分为什么变了" in page
    assert "工作本身 −" in page
    assert "平均首次响应时长" in page
    # From the scorecard it is one click away, and nobody else may look.
    card = company["zhang"].get(f"/performance/cycles/{october.pk}/E3/").content.decode()
    assert f"/performance/cycles/{october.pk}/E3/moved/" in card
    assert company["li"].get(f"/performance/cycles/{october.pk}/E3/moved/").status_code == 404


def test_a_first_cycle_has_nothing_to_be_compared_with(company, september):
    page = shown(company["zhang"], f"/performance/cycles/{september.pk}/E3/moved/")

    assert "没有可以比较的上一期" in page


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_move_can_be_taken_along(company, form):
    answer = company["zhang"].get(f"/values/FRT/moved?of=person:E3&period=2026-10&form={form}")

    assert answer.status_code == 200


def test_the_page_costs_the_same_however_many_cases_there_are(company, september, settings):
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            company["zhang"].get("/values/FRT/moved?of=person:E3&period=2026-10")
        return len(caught)

    queries()
    more_cases(settings.HOME, 10, 2, minutes=15)
    few = queries()
    more_cases(settings.HOME, 9, 20, minutes=15)

    assert queries() == few
