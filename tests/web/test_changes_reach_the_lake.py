"""What is changed about people on the web becomes records of the lake, and figures follow from that day on."""

from __future__ import annotations

import pytest
from django_tasks_db.models import DBTaskResult

from facts_world import add, at, built, make_home
from fuxiao.core.period import parse_period
from fuxiao.datasets.store import Store
from fuxiao.engine.asof import membership_spans
from fuxiao.metrics.library import built_in
from fuxiao.metrics.values import Request, compute_values
from fuxiao.org.publish import SOURCE, publish
from fuxiao.org.tasks import publish_organisation
from web.conftest import NOW, days

pytestmark = pytest.mark.django_db
MOVE = {"team": "T2", "position": "field_engineer", "since": "2026-11-02"}
RESOLVED = ("2026-10-28 10:00", "2026-11-01 10:00", "2026-11-02 10:00", "2026-11-03 10:00")


@pytest.fixture
def store(tmp_path, settings):
    """A lake with four cases that 张伟 resolved, one before and three after the turn of the month."""
    settings.HOME = make_home(tmp_path / "home")
    with Store.open(settings.HOME) as opened:
        add(opened, cases=[
            {"case_id": f"C{n}", "opened_at": at(when) - 3600, "resolved_at": at(when), "owner": "E3"}
            for n, when in enumerate(RESOLVED)
        ])  # fmt: skip
        yield opened


def resolved_by_team(store: Store) -> dict[tuple[str, str], int]:
    """Cases resolved by team and month, after the organisation was written into the lake."""
    publish(store.home, at=NOW)
    built(store, cut_off=at("2026-11-06 00:00"))
    asked = Request(
        indicators=[built_in().get("RES")], first=parse_period("2026-10"), last=parse_period("2026-11"),
        by=("team",), spreads=False,
    )  # fmt: skip
    found = compute_values(store, asked, as_of=NOW.date())
    return {(v.subject, v.period): int(v.value) for v in found if v.subject.startswith("T") and v.value is not None}


def test_a_transfer_on_the_web_moves_figures_from_that_day_only(owner, store):
    assert resolved_by_team(store) == {("T1", "2026-10"): 1, ("T1", "2026-11"): 3}
    owner.post("/org/people/E3/transfer/", MOVE)
    assert resolved_by_team(store) == {("T1", "2026-10"): 1, ("T1", "2026-11"): 1, ("T2", "2026-11"): 2}
    owner.post("/org/people/E3/transfer/undo/")
    assert resolved_by_team(store) == {("T1", "2026-10"): 1, ("T1", "2026-11"): 3}
    spans = store.execute(membership_spans(store.records("memberships"))).to_pylist()
    assert [row["team"] for row in spans if row["person"] == "E3"] == ["T1"]


def test_only_what_changed_is_written_in_one_load(owner, store):
    first = publish(store.home, at=NOW)
    assert {name: each.new for name, each in first.items()} == {"people": 4, "teams": 3, "memberships": 4}
    generation = store.refresh().generation
    publish(store.home, at=NOW)
    assert store.refresh().generation == generation
    owner.post("/org/people/E3/transfer/", MOVE)
    added = publish(store.home, at=NOW)["memberships"]
    assert (added.new, added.replaced, added.unchanged) == (1, 1, 3)
    assert [load.datasets for load in store.refresh().loads if load.source == SOURCE][-1] == {"memberships": 2}


def test_columns_that_only_the_records_know_are_kept(org, store):
    add(store, people=[{"person": "E3", "name": "张伟", "hired_on": days(2022, 1, 1), "home_town": "无锡"}])
    publish(store.home, at=NOW)
    store.refresh()
    people = {row["person"]: row for row in store.execute(store.records("people")).to_pylist()}
    assert (people["E3"]["home_town"], people["E3"]["wage"]) == ("无锡", 500000)


def test_the_page_of_a_person_shows_attendance_and_leave(owner, store):
    add(store, attendance=[
        {"person": "E3", "date": days(2026, 10, 8), "scheduled_min": 480, "paid_min": 480, "training_min": 60},
        {"person": "E3", "date": days(2026, 10, 9), "scheduled_min": 480, "paid_min": 0, "leave": "年假"},
        {"person": "E3", "date": days(2026, 4, 9), "scheduled_min": 480, "paid_min": 480},
        {"person": "E2", "date": days(2026, 10, 9), "scheduled_min": 480, "paid_min": 480},
    ])  # fmt: skip
    months = owner.get("/org/people/E3/").context["months"]
    assert [(m.month, m.days, m.scheduled, m.paid, m.training, m.leave) for m in months] == [
        ("2026-10", 1, 960, 480, 60, {"年假": 1})
    ]


def test_several_changes_wait_for_one_writing(owner, store, settings, django_capture_on_commit_callbacks):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
    with django_capture_on_commit_callbacks(execute=True):
        owner.post("/org/people/E3/transfer/", MOVE)
        owner.post("/org/people/E4/leave/", {"left_on": "2026-11-06"})
    [waiting] = DBTaskResult.objects.all()
    assert waiting.task_path == publish_organisation.module_path
    assert publish_organisation.func() is True
    store.refresh()
    memberships = store.execute(store.records("memberships")).to_pylist()
    held = {(row["person"], row["team"]): row["valid_to"] for row in memberships if row["person"] in {"E3", "E4"}}
    assert held == {("E3", "T1"): days(2026, 11, 2), ("E3", "T2"): None, ("E4", "T2"): days(2026, 11, 6)}
