"""Facts made for one question are the same as stored ones, and nothing of them stays."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from facts_world import CALENDARS, CUT_OFF, SERVICE_LEVELS, add, built, make_home, random_case
from fuxiao.core.period import parse_period
from fuxiao.datasets.passing import PassingFacts, made, planned
from fuxiao.datasets.store import Store
from fuxiao.metrics.availability import columns_read
from fuxiao.metrics.library import built_in
from fuxiao.metrics.source import facts_in
from fuxiao.metrics.values import Request, compute_values

AS_OF = datetime.fromtimestamp(CUT_OFF, UTC)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with records of every way that a case may take, some in two versions, and no facts."""
    dice = random.Random(11)
    cases, logs = zip(*(random_case(dice, number) for number in range(300)), strict=True)
    for case in cases:
        case |= {"device_id": f"D{dice.randrange(80)}", "customer_id": f"U{dice.randrange(60)}", "category": "leak",
                 "channel": dice.choice(["phone", "chat"]), "shop": dice.choice(["north", "south"])}  # fmt: skip
    events = [event for log in logs for event in log]
    home = make_home(tmp_path_factory.mktemp("home"), calendars=CALENDARS, service_levels=SERVICE_LEVELS)
    with Store.open(home, threads=1) as opened:
        add(opened, cases=[{**case, "channel": "mail"} for case in cases[:20]])
        add(opened, cases=cases, case_events=events, memberships=_memberships(), teams=_teams(), surveys=_surveys(dice))
    return home


@pytest.fixture
def store(recorded: Path, tmp_path: Path) -> Iterator[Store]:
    with Store.open(shutil.copytree(recorded, tmp_path / "home"), threads=1) as opened:
        yield opened


def _memberships() -> list[dict[str, object]]:
    return [
        {"person": "li", "team": "a", "valid_from": 20_000, "valid_to": 20_540},
        {"person": "li", "team": "b", "valid_from": 20_540},
        {"person": "wang", "team": "b", "valid_from": 20_000},
    ]


def _teams() -> list[dict[str, object]]:
    return [{"team": "a", "parent": "all"}, {"team": "b", "parent": "all"}, {"team": "all"}]


def _surveys(dice: random.Random) -> list[dict[str, object]]:
    return [
        {"survey_id": f"S{number}", "case_id": f"C{number}", "invited_at": CUT_OFF - 900_000,
         "answered_at": CUT_OFF - dice.randrange(800_000), "csat": dice.randrange(1, 6)}
        for number in range(90)
    ]  # fmt: skip


def waiting(store: Store) -> PassingFacts:
    facts = planned(store, cut_off=AS_OF, many=0)
    assert facts is not None
    return facts


def test_values_are_the_same_whether_facts_are_stored_or_made_for_them(store: Store) -> None:
    period = parse_period("2026-03")
    asked = [
        Request(indicators=list(built_in()), first=period, last=parse_period("2026-04"), by=by, clock=clock)
        for by, clock in ((("person",), "business"), (("team",), "calendar"), (("channel", "shop"), "business"))
    ]
    passing = []
    for request in asked:
        facts = waiting(store)
        with made(facts, columns_read(request.indicators, facts_in(facts), request.scope)) as tables:
            passing.append(compute_values(tables, request, as_of=date(2026, 4, 6)))
    assert store.manifest.facts == {}
    built(store, cut_off=CUT_OFF)
    assert planned(store, cut_off=AS_OF, many=0) is None
    for request, found in zip(asked, passing, strict=True):
        expected = compute_values(store, request, as_of=date(2026, 4, 6))
        assert found.table.equals(expected.table)
        assert len(found) > 20
        assert (found.missing, found.unanswered, found.left_out) == (
            expected.missing,
            expected.unanswered,
            expected.left_out,
        )


def test_any_columns_of_any_fact_table_are_the_same_as_in_the_whole_table(store: Store) -> None:
    built(store, cut_off=CUT_OFF - 86_400)
    facts, dice = waiting(store), random.Random(3)
    wanted = {
        name: dice.sample(facts.facts(name).columns, min(4, len(facts.facts(name).columns)))
        for name in facts.manifest.facts
    }
    with made(facts, wanted) as tables:
        found = {name: sorted(map(repr, _rows(store, tables, name, columns))) for name, columns in wanted.items()}
    built(store, cut_off=CUT_OFF)
    for name, columns in wanted.items():
        assert found[name] == sorted(map(repr, _rows(store, store, name, columns))), name
    assert sum(len(rows) for rows in found.values()) > 1000


def _rows(store: Store, source: Store | PassingFacts, name: str, columns: list[str]) -> list[dict[str, object]]:
    return store.execute(source.facts(name).select(*columns)).to_pylist()  # type: ignore[no-any-return]


def test_nothing_of_the_stages_stays_when_the_question_is_answered(store: Store) -> None:
    built(store, cut_off=CUT_OFF - 2 * 86_400)
    facts = waiting(store)
    with made(facts, {"cases": ["ao"]}) as tables:
        assert len(_rows(store, tables, "cases", ["ao"])) == 300
    left = store.connection.con.execute("SELECT table_name FROM information_schema.tables").fetchall()
    assert not [name for (name,) in left if name.startswith("stage_")]


def test_few_records_are_made_into_facts_at_once(store: Store) -> None:
    built(store, cut_off=CUT_OFF - 3 * 86_400)
    assert planned(store, cut_off=AS_OF) is None
    assert store.manifest.facts["cases"].rows == 300
