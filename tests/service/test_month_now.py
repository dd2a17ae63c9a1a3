"""The running month follows the desk at once, and shows everybody only what is theirs to see."""

from __future__ import annotations

import pytest

from facts_world import add, built
from fuxiao.core.period import parse_period
from fuxiao.metrics import now as month
from fuxiao.metrics.library import built_in
from fuxiao.metrics.values import Request, compute_values
from fuxiao.service.actions import complaints
from fuxiao.web.performance.live import MOVED_BY
from service.conftest import minutes
from service.lake import carried, lake_of, resolved, taken
from web.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.lake]
ALONE = ("CAK", "CCL")
CODES = (*ALONE, "RES", "VOL", "BKL", "TTR", "FRT", "REO", "WOC")


@pytest.fixture
def store(desk, tmp_path, settings):
    """A lake whose facts hold one case of 张伟, with the running month open over them."""
    settings.HOME = tmp_path / "home"
    with lake_of(settings.HOME) as opened:
        resolved(desk, taken(desk, "E3", at=NOW), at=minutes(30))
        carried(opened, cut_off=minutes(31))
        month.running(settings.HOME).look(now=minutes(31))
        month.running(settings.HOME).wait()
        yield opened
        month.running(settings.HOME).close()


def live(store, *people: str, after: int = 200):
    found = month.figures_now(store.home, people, now=minutes(after))
    return {
        (person, code): (value.value, value.n)
        for person in people for code, value in found.values[person].items() if code in CODES
    }  # fmt: skip


def rebuilt(store, *people: str, after: int = 200):
    """The same by carrying everything into the lake and building the facts anew."""
    carried(store, cut_off=minutes(after))
    period = parse_period("2026-11")
    asked = Request(
        indicators=built_in().select(CODES), first=period, last=period, by=("person",), spreads=False, exclusions=False
    )
    found = compute_values(store, asked, as_of=NOW.date(), missing={})
    return {(v.subject, v.indicator): (v.value, v.n) for v in found if v.subject in people}


def test_every_step_of_a_case_is_in_the_figures_at_once(desk, store):
    assert live(store, "E3")["E3", "RES"] == (1, 1)
    case = taken(desk, "E3", at=minutes(40))
    assert live(store, "E3")["E3", "BKL"] == (1, 1)
    resolved(desk, case, at=minutes(100))
    assert live(store, "E3", "E4")["E3", "RES"] == (2, 2)
    taken(desk, "E4", at=minutes(110))
    everybody = ("E1", "E2", "E3", "E4")
    assert live(store, "E3", "E4") == live(store, *everybody) == rebuilt(store, *everybody)


def test_the_open_month_follows_the_desk_and_is_opened_anew_for_what_came_from_elsewhere(desk, store):
    opened = month.running(store.home)._opened
    resolved(desk, taken(desk, "E3", at=minutes(40)), at=minutes(50))
    expected = live(store, "E3")
    assert rebuilt(store, "E3") == expected  # the facts are newer now, but contain nothing new
    assert live(store, "E3") == expected
    assert month.running(store.home)._opened is opened
    row = {"case_id": "CRM-1", "opened_at": int(minutes(1).timestamp()), "resolved_at": int(minutes(9).timestamp())}
    add(store, cases=[row | {"owner": "E3"}])
    assert rebuilt(store, "E3")["E3", "RES"] == (3, 3)
    assert live(store, "E3")["E3", "RES"] == (2, 2)  # the old month answers while the new one is opened
    month.running(store.home).wait()
    assert live(store, "E3")["E3", "RES"] == (3, 3)
    resolved(desk, taken(desk, "E3", at=minutes(60)), at=minutes(70))
    assert live(store, "E3")["E3", "RES"] == (4, 4)


def test_with_the_first_events_of_the_desk_the_month_is_opened_anew_for_what_they_alone_tell(desk, tmp_path, settings):
    settings.HOME = tmp_path / "home"
    row = {"case_id": "CRM-1", "opened_at": int(minutes(1).timestamp()), "resolved_at": int(minutes(9).timestamp())}
    with lake_of(settings.HOME) as imported:
        add(imported, cases=[row | {"owner": "E3"}])
        built(imported, cut_off=int(minutes(31).timestamp()))
        running = month.running(settings.HOME)
        running.look(now=minutes(31))
        running.wait()
        assert "PND" not in running.figures(["E3"], now=minutes(32)).values["E3"]
        resolved(desk, taken(desk, "E3", at=minutes(40)), at=minutes(50))
        carried(imported, cut_off=minutes(60))
        running.look(now=minutes(61))
        running.wait()
        found = running.figures(["E3"], now=minutes(62))
        assert found.values["E3"]["PND"].n == 2
        running.close()


def test_a_complaint_about_no_case_counts_for_whoever_looks_after_it(desk, store):
    made = complaints.take_complaint(desk.dispatcher, complaints.Given(text="没人接电话"), at=minutes(40))
    assert ("E2", "CAK") not in live(store, "E2")
    made = complaints.acknowledge(desk.lead, made.number, version=1, at=minutes(50))
    assert live(store, "E2")["E2", "CAK"] == (100, 1)
    made = complaints.settle(desk.lead, made.number, "已致歉", version=2, at=minutes(60))
    complaints.confirm(desk.lead, made.number, agrees=True, version=3, at=minutes(70))
    expected = live(store, "E2")
    assert expected["E2", "CCL"] == (100, 1)
    assert rebuilt(store, "E2") == expected


def test_before_there_are_facts_there_is_nothing_and_the_page_says_so(desk, settings, tmp_path):
    settings.HOME = tmp_path / "home"
    with lake_of(settings.HOME) as opened:
        assert month.figures_now(opened.home, ["E3"], now=NOW) is None
        page = desk.clients["engineer"].get("/now/").content.decode()
    assert "还没有数据" in page
    assert "load delay" not in page


def test_the_page_opens_shows_ones_own_figures_and_follows(desk, store, monkeypatch):
    client = desk.clients["engineer"]
    monkeypatch.setenv("FUXIAO_NOW", minutes(90).isoformat())
    page = client.get("/now/").content.decode()
    assert f'data-topics="{MOVED_BY}"' in page
    assert 'data-code="RES"' in page
    assert "我的团队" not in page
    resolved(desk, taken(desk, "E3", at=minutes(40)), at=minutes(50))
    [tile] = [each for each in client.get("/now/").context["page"].mine if each.code == "RES"]
    assert (tile.figure.number, tile.figure.n) == ("2", 2)
    fragment = client.get("/now/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert 'id="month-now"' in fragment


def test_everybody_sees_the_figures_of_those_in_their_reach_alone(desk, store):
    everybody = {"E1", "E2", "E3", "E4"}
    seen = {
        "engineer": set(), "other": set(), "lead": {"E3"}, "manager": {"E2", "E3", "E4"}, "owner": everybody,
        "hr": everybody, "dispatcher": set(), "checker": set(),
    }  # fmt: skip
    for who, expected in seen.items():
        page = desk.clients[who].get("/now/").context["page"]
        assert {line.person.number for line in page.team} == expected, who
        assert bool(page.mine) is (who == "engineer"), who
