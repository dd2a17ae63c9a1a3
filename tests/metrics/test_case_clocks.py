"""The clocks of single cases, read from the records."""

from __future__ import annotations

from datetime import UTC, datetime

from facts_world import add, at, built, facts, make_home
from fuxiao.datasets.store import Store
from fuxiao.metrics.ledgers import case_clocks


def test_a_template_text_does_not_stop_the_clock_of_the_first_response(tmp_path):
    opened = at("2026-10-12 10:00")
    event = {"case_id": "A", "actor": "li", "type": "responded"}
    events = [
        {**event, "seq": 1, "at": opened + 2, "actor": None, "template": True},
        {**event, "seq": 2, "at": opened + 900, "template": None},
    ]
    with Store.open(make_home(tmp_path), threads=1) as store:
        add(store, cases=[{"case_id": "A", "opened_at": opened}], case_events=events)
        built(store, cut_off=opened + 86_400)
        clocks = case_clocks(store, ["A"], as_of=datetime.fromtimestamp(opened + 86_400, UTC))["A"]
        assert clocks.ledgers["first_response"].seconds == 900
        assert facts(store, "cases")[0]["first_response_business"] == 900
