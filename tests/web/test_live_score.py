"""The live score of a running cycle after every event is the one that scoring from scratch gives, for everybody."""

from __future__ import annotations

import os
import random
import re
import shutil
from itertools import pairwise

import pytest
import yaml
from django.conf import settings as ours

from fuxiao.base.queries import announced_since, newest_announcement
from fuxiao.core.period import parse_period
from fuxiao.core.score import Scorecard
from fuxiao.metrics import now as month
from fuxiao.metrics.library import built_in
from fuxiao.performance.cycles.actions.opening import Opening
from fuxiao.performance.cycles.models import Cycle
from fuxiao.performance.decisions import read_decisions, read_scheme_text
from fuxiao.performance.scoring import indicator_infos, score_period
from fuxiao.report.by_calendar import open_with
from fuxiao.service.actions import checks, complaints, costs, surveys
from fuxiao.service.models import Survey, SurveyPolicy
from fuxiao.web.lake import lake
from fuxiao.web.metrics.figures import library_of, memory
from fuxiao.web.performance.live import live_source
from fuxiao.web.warming import look
from service.conftest import furnished, minutes
from service.lake import carried, lake_of, resolved, taken
from web.conftest import NOW, SYSTEM, department

pytestmark = [pytest.mark.django_db, pytest.mark.lake]
NOVEMBER = parse_period("2026-11")
IDEA = '- {{person: {}, kind: accepted_idea, "on": 2026-11-05, confirmed: true}}\n'
SCHEME = """scheme: live
version: "1"
cycle: month
limits: {missing_share: 100}
grades: {S: 110, A: 85, B: 70, C: 60, D: 0}
coefficients: {S: 1.5, A: 1.2, B: 1.0, C: 0.8, D: 0.5}
bonus: {cap: 5, rules: [{event: accepted_idea, points: 2}]}
gates: [{indicator: RES, least: 1, grade: B}]
roles:
  field_engineer:
    items:
      - {indicator: FRT, weight: 20, floor: 300, target: 15, stretch: 5, counter_in: REO, counter_waived: leads look}
      - {indicator: TTR_P90, weight: 20, floor: 9, target: 1, counter_in: REO, counter_waived: leads look}
      - {indicator: REO, weight: 10, floor: 20, target: 10, stretch: 0}
      - {indicator: RES, weight: 20, curve: {type: range, zero_low: 0, low: 4, high: 8, zero_high: 20},
         counter_in: REO, counter_waived: leads look}
      - {indicator: FRS, weight: 10, scope: team, floor: 20, target: 90, counter_in: REO, counter_waived: leads look}
      - {indicator: BKL, weight: 10, scope: team, floor: 9, target: 2, stretch: 0}
      - {indicator: CAK, weight: 10, scope: team, floor: 20, target: 90, counter_in: REO, counter_waived: leads look}
  lead:
    items:
      - {indicator: TSC, weight: 60, scope: team, curve: {type: attainment, target: 100, cap: 120}}
      - {indicator: DOC, weight: 20, scope: team, floor: 20, target: 90}
      - {indicator: CAK, weight: 20, scope: team, floor: 20, target: 90, counter_in: REO, counter_waived: leads look}
"""
STEPS = int(os.environ.get("FUXIAO_LIVE_EVENTS", "8"))
COMPARED = (4, 7, *range(8, STEPS + 1))
FEW = ("FRT", "TTR_P90", "REO", "FRS", "CAK", "DOC")


@pytest.fixture(scope="module")
def begun(standing, home, tmp_path_factory):
    """A desk, and a running cycle over a lake that holds one case and one complaint of it."""
    folder = tmp_path_factory.mktemp("live") / "home"
    standing.setattr(ours, "HOME", folder)
    department()
    desk = furnished()
    with lake_of(folder) as store:
        (folder / "schemes" / "live.yaml").write_text(SCHEME, encoding="utf-8")
        own = [{**built_in().get(code).raw, "minimum": 1} for code in FEW]  # so that few cases are enough
        (folder / "indicators").mkdir(exist_ok=True)
        (folder / "indicators" / "own.yaml").write_text(yaml.safe_dump({"indicators": own}), encoding="utf-8")
        resolved(desk, taken(desk, "E3", at=NOW), at=minutes(5))
        complaints.take_complaint(desk.dispatcher, complaints.Given(text="来晚了"), at=minutes(6))
        carried(store, cut_off=minutes(9))
        open_with(SYSTEM, store, Opening(period=NOVEMBER, scheme="live", cut_off_on=NOVEMBER.end), at=NOW)
    month.running(folder).close()
    return desk, folder


@pytest.fixture
def desk(begun, db):
    return begun[0]


@pytest.fixture
def cycle(begun, desk, tmp_path, settings):
    """The cycle over a home folder of this test alone, with the running month open here."""
    settings.HOME = shutil.copytree(begun[1], tmp_path / "home")
    yield Cycle.objects.get()
    month.running(settings.HOME).close()


def live(cycle: Cycle) -> dict[str, Scorecard]:
    with lake() as store:
        return {card.subject: card for card in live_source(store, cycle).scores.cards}


def from_scratch(cycle: Cycle, after: int) -> dict[str, Scorecard]:
    """Everybody scored over facts that hold all that happened until then."""
    with lake() as store:
        library = library_of(store).indicators
        carried(store, cut_off=minutes(after))
        run = score_period(
            store, read_scheme_text(cycle.scheme_text, indicator_infos(library)), NOVEMBER, library=library,
            decisions=read_decisions(store.home), as_of=minutes(after),
        )  # fmt: skip
    return {card.subject: card for card in run.scores.cards}


def open_the_month(cycle: Cycle, settings) -> None:
    live(cycle)
    month.running(settings.HOME).wait()


def test_after_every_event_everybody_has_the_score_that_scoring_from_scratch_gives(desk, cycle, settings, monkeypatch):
    open_the_month(cycle, settings)
    opened, dice, held, seen = month.running(settings.HOME)._opened, random.Random(3), [], []
    for step in range(1, STEPS + 1):
        at = 10 + step * 2  # so close that no time limit passes in between
        monkeypatch.setenv("FUXIAO_NOW", minutes(at + 1).isoformat())
        if step % 3 == 0:
            with (settings.HOME / "events.yaml").open("a", encoding="utf-8") as file:
                file.write(IDEA.format(dice.choice(("E3", "E4"))))
        elif step == 4:
            made = complaints.take_complaint(desk.dispatcher, complaints.Given(text="没人接电话"), at=minutes(at))
            complaints.acknowledge(desk.lead, made.number, version=1, at=minutes(at + 1))
        elif held and dice.random() < 0.5:
            resolved(desk, held.pop(), at=minutes(at))
        else:
            held.append(taken(desk, dice.choice(("E3", "E4")), at=minutes(at)))
        now = live(cycle)
        if step in COMPARED:
            assert now == from_scratch(cycle, at + 1), step
            assert live(cycle) == now  # the facts hold it now, and nothing moved
        seen.append([card.total for card in now.values()])
    assert all(before != after for before, after in pairwise(seen))
    assert month.running(settings.HOME)._opened is opened
    assert set(now) == {"E1", "E2", "E3", "E4"}


def test_an_open_scorecard_and_an_open_board_hear_of_everything_that_moves_a_score(desk, cycle, settings):
    client = desk.clients["hr"]
    address = f"/performance/cycles/{cycle.pk}/"
    pages = [client.get(path).content.decode() for path in (address, f"{address}E3/")]
    topics = [set(re.search(r'id="(?:board|scorecard)" data-topics="([^"]*)"', page)[1].split()) for page in pages]
    SurveyPolicy.objects.create(active=True, cap_days=0)
    case = resolved(desk, taken(desk, "E3", at=minutes(5)), at=minutes(6))
    good = surveys.Answer(csat=5, nps=9, solved=True, comment="")
    acts = {
        "complaints": lambda: complaints.take_complaint(desk.dispatcher, complaints.Given(text="久"), at=minutes(7)),
        "checks": lambda: checks.draw(desk.checker, "2026-11", desk.people["E3"], count=1, at=minutes(7)),
        "surveys": lambda: surveys.answer(Survey.objects.get(case=case), good, ip="", at=minutes(7)),
        "costs": lambda: costs.propose(desk.engineer, case.number, costs.Asked("travel", 900), at=minutes(7)),
    }
    for topic, act in acts.items():
        before = newest_announcement()
        act()
        heard = {name for _, name in announced_since(before)}
        assert topic in heard & topics[0] & topics[1], topic


def test_a_scorecard_that_asks_again_after_a_complaint_shows_what_it_moved(desk, cycle, settings, monkeypatch):
    def shown() -> str:
        page = desk.clients["hr"].get(f"/performance/cycles/{cycle.pk}/E3/", headers={"HX-Request": "true"})
        return re.search(r'<b class="number">([^<]*)</b><span class="tiny faint">综合得分', page.content.decode())[1]

    open_the_month(cycle, settings)
    before = shown()
    monkeypatch.setenv("FUXIAO_NOW", minutes(11).isoformat())
    made = complaints.take_complaint(desk.dispatcher, complaints.Given(text="没人接电话"), at=minutes(9))
    complaints.acknowledge(desk.lead, made.number, version=1, at=minutes(10))
    assert shown() != before


def test_the_running_month_leads_whoever_is_scored_in_it_to_the_live_scorecard(desk, cycle):
    card = f'href="/performance/cycles/{cycle.pk}/E3/"'
    assert card in desk.clients["engineer"].get("/now/").content.decode()
    assert "实时评分卡" not in desk.clients["parts"].get("/now/").content.decode()


def test_a_cycle_of_a_quarter_goes_by_the_facts_and_a_score_event_adds_its_points_to_them(desk, cycle, settings):
    quarter = Cycle(period="2026-Q4", scheme_text=SCHEME, scheme_digest="quarter", rank_shown="full")
    before = live(quarter)["E3"]
    assert before.items[3].value.value == 1
    (settings.HOME / "events.yaml").write_text(IDEA.format("E3"), encoding="utf-8")
    after = live(quarter)["E3"]
    assert (after.items, after.total) == (before.items, before.total + 2)


def test_the_score_is_worked_out_ahead_and_again_when_something_moved_it(desk, cycle):
    def made_for_a_reader() -> bool:
        held = memory.remembered()
        live(cycle)
        return set(memory.remembered()) != set(held)

    memory.forget()
    warm = look(None)
    assert not made_for_a_reader()
    assert look(warm) == warm
    taken(desk, "E3", at=minutes(10))
    assert made_for_a_reader()
    taken(desk, "E4", at=minutes(11))
    assert look(warm) != warm
    assert not made_for_a_reader()


def test_one_cycle_that_cannot_be_scored_ahead_is_logged_and_the_others_are(cycle, caplog):
    Cycle.objects.create(period="2026-10", scheme_text="scheme: [", cut_off_on=NOW.date(), opened_at=NOW)
    memory.forget()
    look(None)
    assert [record.getMessage() for record in caplog.records] == ["scores could not be worked out ahead"]
    held = set(memory.remembered())
    live(cycle)
    assert set(memory.remembered()) == held
