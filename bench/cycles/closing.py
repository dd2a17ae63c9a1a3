"""Closing a cycle: data closed, everybody computed and kept, made final, sealed, verified."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.cycles.parts import Whole, measured
from bench.data import LAST, Log, write_home
from bench.homes import AS_OF
from bench.settling import PLAN, SCHEME
from bench.web.site import now_text, signed_in
from fuxiao.core.period import parse_period

MONTH = parse_period("2026-10")
DAY = date(2026, 11, 6)


def home_of(folder: Path, *, cases: int, people: int) -> Path:
    """A home whose cases are all of October, with scheme and plan, its database made and its people taken over."""
    home = folder / f"month-{cases}-{people}"
    write_home(home, Log.over(LAST.replace(month=10), cases, people))
    with_rules(home)
    from fuxiao.base.clock import now
    from fuxiao.cli.server.prepare import prepare

    prepare(home, at=now())
    return home


def with_rules(home: Path) -> None:
    for kind, text in (("schemes", SCHEME), ("plans", PLAN)):
        (home / kind).mkdir(exist_ok=True)
        (home / kind / "bench.yaml").write_text(text, encoding="utf-8")


def closed(home: Path) -> Iterator[Whole]:
    """A cycle of the month from opening to the verified seal; each step with what it is made of."""
    from fuxiao.cli.server.prepare import SYSTEM
    from fuxiao.datasets.store import Store
    from fuxiao.org.models import User

    at = datetime.fromisoformat(now_text()) + timedelta(days=5)
    signed_in()
    viewer = replace(SYSTEM, account=User.objects.get(username="owner").pk)
    with Store.open(home) as store:
        cycle, opened = _opened(viewer, store, at)
        yield opened
        yield _data_closed(viewer, store, cycle, at)
        yield _computed(store, cycle, at)
        yield _final(viewer, cycle, at)
        yield _sealed(viewer, store, cycle, at)
        yield _verified(store, cycle)


def _opened(viewer: Any, store: Any, at: datetime) -> tuple[Any, Whole]:
    from fuxiao.performance.cycles.actions.opening import Opening
    from fuxiao.report.by_calendar import open_with

    asked = Opening(period=MONTH, scheme="bench", plan="bench", stages=(), cut_off_on=DAY)
    with measured("the cycle opened: its scheme fixed, its roll written") as whole:
        cycle = open_with(viewer, store, asked, at=at)
    whole.note = f"{cycle.members.count()} people"
    return cycle, whole


def _data_closed(viewer: Any, store: Any, cycle: Any, at: datetime) -> Whole:
    from fuxiao.performance.cycles.actions import advancing
    from fuxiao.report.closing import frozen

    with measured("data closed: definitions and record files frozen") as whole:
        advancing.cut_off(viewer, cycle.pk, version=cycle.version, basis=frozen(store), as_of=AS_OF, today=DAY, at=at)
    return whole


def _computed(store: Any, cycle: Any, at: datetime) -> Whole:
    from fuxiao.performance.cycles.actions import advancing
    from fuxiao.report import closing, running

    with measured(
        "computed: everybody's scorecard, kept in the database",
        the_home_that_stands_still_with_all_its_facts=(closing, "home_of"),
        indicators_scores_amounts=(closing, "work_out"),
        the_seven_periods_before=(closing, "past_runs"),
        case_mix_and_what_else_pages_show=(closing, "gather"),
        pages_in_two_languages=(closing, "made"),
        kept_in_one_transaction=(advancing, "keep_computed"),
    ) as whole:
        running.compute_cycle(store, cycle.pk, at=at)
    whole.note = f"{cycle.members.exclude(scorecard=None).count()} scorecards"
    return whole


def _final(viewer: Any, cycle: Any, at: datetime) -> Whole:
    from fuxiao.performance.cycles.actions import advancing

    with measured("shared with everybody, then made final after the days to appeal") as whole:
        for days in (0, 30):
            cycle.refresh_from_db()
            day = DAY + timedelta(days=days)
            advancing.advance(viewer, cycle.pk, version=cycle.version, today=day, at=at, window_ends=DAY)
    return whole


def _sealed(viewer: Any, store: Any, cycle: Any, at: datetime) -> Whole:
    from fuxiao.report import closing, running

    with measured(
        "sealed: worked out once more, digests of figures and rows",
        worked_out_once_more=(closing, "work_out"),
        written_to_the_lake=(closing, "keep_seal"),
        digests_of_the_rows_of_the_database=(running, "keep_papers"),
    ) as whole:
        running.seal(viewer, store, cycle.pk, at=at)
    return whole


def _verified(store: Any, cycle: Any) -> Whole:
    from fuxiao.incentives import sealing
    from fuxiao.report.papers import paper_differences

    cycle.refresh_from_db()
    with measured("verified: all of it computed again and compared", computed_again=(sealing, "recompute")) as whole:
        found = sealing.verify_period(store, MONTH)
        rows = list(paper_differences(store, cycle))
    whole.note = f"{found.figures} figures, {len(found.differences) + len(rows)} differences"
    return whole
