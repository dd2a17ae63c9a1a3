"""The running month in memory gives the figures that a rebuild would give, after every kind of record."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from facts_world import CALENDARS, CUT_OFF, SERVICE_LEVELS, START, add, built, make_home, random_case
from fuxiao.core.indicator import Value
from fuxiao.core.period import parse_period
from fuxiao.datasets.store import Store
from fuxiao.metrics.library import built_in
from fuxiao.metrics.live import LiveMonth
from fuxiao.metrics.values import Request, compute_values

pytestmark = pytest.mark.slow
MONTH = parse_period("2026-03")
NOW = datetime.fromtimestamp(CUT_OFF, UTC)
CODES = ("VOL", "FRT", "FRT_P50", "FRT_P90", "FRS", "FRQ", "RES", "TTR", "TTR_P90", "TRS", "REO", "HRR", "RPR",
         "RPR_DEVICE", "CPC", "BKL", "BLA", "CSAT", "TRF_WRONG", "PND")  # fmt: skip
LI, WANG, ZHAO = "li", "wang", "zhao"


def world(dice: random.Random) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Sixty cases of few devices and customers, so that many repeat another."""
    drawn = [random_case(dice, number) for number in range(60)]
    cases = [{**case, "device_id": f"d{n % 7}", "customer_id": f"u{n % 5}", "category": f"k{n % 3}"}
             for n, (case, _) in enumerate(drawn)]  # fmt: skip
    return cases, [event for _, log in drawn for event in log]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    home = make_home(tmp_path / "home", calendars=CALENDARS, service_levels=SERVICE_LEVELS)
    with Store.open(home, threads=1) as opened:
        cases, events = world(random.Random(11))
        surveys = [
            {"survey_id": f"s{n}", "case_id": case["case_id"], "invited_at": START + 1000, "delivered": True,
             "answered_at": START + 2000 + n, "csat": 1 + n % 5}
            for n, case in enumerate(cases[::3])
        ]  # fmt: skip
        add(opened, cases=cases, case_events=events, surveys=surveys)
        built(opened, cut_off=CUT_OFF)
        yield opened


def rebuilt(store: Store) -> dict[tuple[str, str], Value]:
    """The figures of all persons by a full rebuild, by (person, indicator)."""
    built(store, cut_off=CUT_OFF)
    request = Request(
        indicators=built_in().select(CODES), first=MONTH, last=MONTH, by=("person",), spreads=False, exclusions=False
    )
    values = compute_values(store, request, as_of=date(2026, 4, 5), missing={})
    return {(value.subject, value.indicator): value for value in values}


def shown(live: LiveMonth) -> dict[tuple[str, str], Value]:
    return {(who, code): value for who in (LI, WANG, ZHAO) for code, value in live.person(who).items()}


def event(case_id: str, type_: str, *, at: int, actor: str | None = LI, **more: Any) -> dict[str, Any]:
    return {"case_id": case_id, "seq": 900 + at % 97, "at": at, "type": type_, "actor": actor, **more}


OPENED: list[LiveMonth] = []


@pytest.fixture(autouse=True)
def months_closed() -> Iterator[None]:
    yield
    while OPENED:
        OPENED.pop().close()


def live_month(store: Store, *codes: str, clock: str = "business") -> LiveMonth:
    """A month in memory, closed when the test is over."""
    OPENED.append(LiveMonth(store, built_in().select(codes or CODES), MONTH, now=NOW, clock=clock))
    return OPENED[-1]


def test_without_any_news_the_month_is_as_built_for_one_and_for_all(store: Store) -> None:
    live = live_month(store)
    assert shown(live) == rebuilt(store)
    rows = {row["person"]: row for row in live.everybody().to_pylist()}
    for (who, code), value in shown(live).items():
        if f"{code}__num" in rows[who]:
            assert (rows[who][f"{code}__num"] or 0) == value.numerator


def test_after_every_record_the_figures_are_those_of_a_rebuild(store: Store) -> None:
    live, dice = live_month(store), random.Random(5)
    ids = store.execute(store.records("cases").select("case_id"))["case_id"].to_pylist()
    kinds = ("responded", "transferred", "resolved", "reopened", "resolved", "pend_start", "pend_end", "merged")
    for step in range(12):
        news = event(
            dice.choice(ids), kinds[step % len(kinds)], at=CUT_OFF - 5000 * (12 - step), actor=dice.choice((LI, WANG)),
            to_person=ZHAO if step % 8 == 1 else None, kind="customer", wrong=step % 8 == 1,
        )  # fmt: skip
        live.record("case_events", [news], case_id=news["case_id"], now=NOW)
        add(store, case_events=[news])
    case = following_case(store)
    assert live.record("cases", [case], case_id="new", now=NOW) == {WANG}
    answer = {"survey_id": "late", "case_id": "C1", "invited_at": START + 5, "answered_at": START + 50, "csat": 5,
              "about_person": LI, "delivered": True}  # fmt: skip
    live.record("surveys", [answer], case_id="C1", now=NOW)
    add(store, cases=[case], surveys=[answer])
    assert shown(live) == rebuilt(store)


def following_case(store: Store) -> dict[str, Any]:
    """A new case of the device and customer of one that was resolved this month, a minute after that."""
    facts = store.execute(store.facts("cases")).to_pylist()
    before = next(row for row in facts if row["resolved_month"] == MONTH.index and not row["x2"])
    return {
        "case_id": "new", "opened_at": before["resolved_at"] + 60, "device_id": before["device_id"], "owner": WANG,
        "customer_id": before["customer_id"], "category": before["category"],
    }  # fmt: skip


def test_the_clock_decides_which_durations_are_shown(store: Store) -> None:
    business, calendar = (live_month(store, "FRT", clock=clock).person(WANG) for clock in ("business", "calendar"))
    assert business["FRT"].n == calendar["FRT"].n
    assert business["FRT"].numerator < calendar["FRT"].numerator


def test_somebody_without_cases_has_no_figures_and_closing_gives_the_memory_back(store: Store) -> None:
    live = live_month(store, "FRT")
    assert live.person("nobody's name") == {}
    live.close()


def test_what_only_events_tell_stays_unknown_of_a_company_without_events(tmp_path: Path) -> None:
    cases = [{"case_id": f"c{n}", "opened_at": START, "resolved_at": START + 9000, "owner": LI} for n in range(9)]
    with Store.open(make_home(tmp_path / "home"), threads=1) as opened:
        add(opened, cases=cases)
        built(opened, cut_off=CUT_OFF)
        live = live_month(opened, "VOL", "RES", "TRF_MEAN")
        news = {**cases[0], "resolved_at": START + 9999}
        live.record("cases", [news], case_id="c0", now=NOW)
        kept = live.facts.facts("cases")
        rows = live.facts.execute(kept.group_by("transfers").aggregate(n=kept.count())).to_pylist()
        assert rows == [{"transfers": None, "n": 9}], "the case that changed is no case without transfers"
