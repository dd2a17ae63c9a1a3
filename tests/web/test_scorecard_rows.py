"""Two clicks from every figure of a scorecard to its cases, which add up to it, whatever comes in afterwards."""

from __future__ import annotations

from collections import Counter

import pytest

from facts_world import add, at, built
from fuxiao.datasets.store import Store
from fuxiao.performance.cycles.models import Cycle, CycleMember
from scorecard_sums import faults, summed
from web.figures_home import _events
from web.test_appeals import SLOW, decide, file
from web.test_cycles import OPEN, company, lake, made_home, page, press
from web.test_figure_pages import shown

__all__ = ["company", "lake", "made_home"]
pytestmark = [pytest.mark.django_db, pytest.mark.lake]


def test_the_rows_add_up_to_every_figure_also_after_late_data_and_an_appeal(company, lake):
    hr, zhang = company["hr"], company["zhang"]
    hr.post("/performance/cycles/new/", OPEN | {"stages": []})
    cycle = Cycle.objects.get()
    press(hr, cycle)
    told = Counter()
    assert list(faults(hr, cycle, told=told)) == []
    assert (told["figures"], told["without a figure"], told["sums"]) == (8, 4, 12)
    with Store.open(lake, threads=1) as store:
        late = {"case_id": "E3-late", "opened_at": at("2026-10-15 10:00"), "unit_id": "T1", "owner": "E3"}
        add(store, cases=[late], case_events=_events("E3-late", late["opened_at"], "E3", 200, paused=False))
        built(store, cut_off=at("2026-11-06 09:00"))
    assert list(faults(hr, cycle)) == []
    assert "E3-late" not in shown(hr, page(cycle, "E3") + "item/FRT/rows/")

    # A case left out after an appeal is named beside the rows; what is left is the figure.
    press(hr, cycle)
    file(company, cycle)
    decide(hr)
    figures = CycleMember.objects.get(person="E3").scorecard.result["figures"]
    rows = shown(zhang, page(cycle, "E3") + "item/FRT/rows/")
    assert f"申诉裁定后不再计入：{SLOW}" in rows.replace(" ", "")
    whole = summed(zhang.get(page(cycle, "E3") + "item/FRT/rows/?form=csv").content.decode("utf-8-sig"))
    assert int(whole["n"]) - int(figures["value/FRT/n"]) == 1


def test_rows_of_somebody_else_are_nobodys_to_read(company, lake):
    company["hr"].post("/performance/cycles/new/", OPEN)
    cycle = Cycle.objects.get()
    for who, answers in {"zhang": (200, 404), "li": (404, 200), "lead": (200, 404), "hr": (200, 200)}.items():
        found = tuple(company[who].get(page(cycle, person) + "item/FRT/rows/").status_code for person in ("E3", "E4"))
        assert found == answers, who
