"""Trends show what review cycles closed as it was closed, on the pages and in reports of the command line."""

from __future__ import annotations

from decimal import Decimal

import pytest

from fuxiao.cli.commands.report import told as told_on_paper
from fuxiao.cli.server.demo_past import fill_past
from fuxiao.cli.session import session
from fuxiao.core.period import parse_period
from fuxiao.datasets.store import Store
from fuxiao.performance.cycles.models import Cycle, CycleMember, Scorecard
from fuxiao.report.past import as_closed
from fuxiao.report.sealed import as_sealed
from fuxiao.report.source import PastScore
from fuxiao.web.performance.live import live_source
from web.test_cycles import OPEN, company, lake, made_home, opened, press

__all__ = ["company", "lake", "made_home"]
pytestmark = pytest.mark.django_db


@pytest.mark.lake
def test_the_trend_shows_what_was_closed_as_it_was_closed_and_works_out_only_what_never_was(company, lake):
    assert fill_past.call("2026-10", "small") is True
    october = CycleMember.objects.get(person="E3")
    told = october.scorecard.score
    worked_out, before = (PastScore(parse_period(f"2026-{month:02}"), Decimal(1), Decimal(2)) for month in (10, 9))
    with Store.open(lake, threads=1) as store:
        trend = {"E3": [before, worked_out], "E9": [worked_out]}
        sealed = PastScore(worked_out.period, told, told)
        assert as_closed(store, trend) == {"E3": [before, sealed], "E9": [worked_out]}
        assert as_sealed(store, trend) == as_closed(store, trend), "a report of the command line shows the same"

        # A figure that an appeal moved is the one that the running cycle's trend ends with.
        Scorecard.objects.filter(pk=october.scorecard_id).update(score=told - 7)
        assert as_closed(store, trend)["E3"][1].score == told - 7
        company["hr"].post("/performance/cycles/new/", OPEN | {"period": "2026-11", "cut_off_on": "2026-12-02"})
        past = live_source(store, Cycle.objects.get(period="2026-11")).past["E3"]
        assert [each.period.key for each in past][-1] == "2026-10"
        assert past[-1].score == told - 7
        assert past[-2].score != told - 7

        Cycle.objects.filter(period="2026-10").update(step="self_review")  # nobody was told of the appeal yet
        Scorecard.objects.filter(member=october, n=1).update(score=told - 3)
        assert as_closed(store, trend)["E3"][1].score == told - 3

        Cycle.objects.filter(period="2026-10").update(period="2025-10")
        assert as_closed(store, trend)["E3"][1] == sealed  # what the command line sealed is sealed as well


def test_the_report_of_the_command_line_shows_closed_cycles_in_its_trends_before_they_are_sealed_too(
    company, lake, monkeypatch
):
    october = opened(company["hr"], OPEN | {"stages": []})
    for _ in ("closed", "shared"):
        press(company["hr"], october)
    told = CycleMember.objects.get(cycle=october, person="E3").scorecard.score
    trend = {"E3": [PastScore(parse_period("2026-10"), Decimal(1), Decimal(2))]}
    with session(lake, "zh", None) as now:
        monkeypatch.delenv("FUXIAO_DATABASE", raising=False)
        assert told_on_paper(now, trend) == trend, "a home folder without a database"
        monkeypatch.setenv("FUXIAO_DATABASE", "the one of the tests")
        assert [each.score for each in told_on_paper(now, trend)["E3"]] == [told]
        assert told_on_paper(now, trend) == as_closed(now.store, trend)
