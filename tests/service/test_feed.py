"""What happens at the desk becomes records of the lake: once, in order, and with the same figures as from a file."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from desk_world import case, figures, hour, noted, resolve, things
from fuxiao.core.errors import StoreBusy
from fuxiao.datasets.build import build_facts
from fuxiao.datasets.export import export_table
from fuxiao.datasets.importing.mapping_read import parse_mapping
from fuxiao.datasets.importing.run import import_file
from fuxiao.datasets.store import Store
from fuxiao.engine.schema import dataset
from fuxiao.org.publish import publish as publish_organisation
from fuxiao.service import carrying as tasks
from fuxiao.service import feed
from fuxiao.service.models import Case, FeedEntry
from fuxiao.service.publish import SOURCE, publish, waiting
from fuxiao.studio.packs import make_home
from web.conftest import NOW, _today, home, org  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.both]
CARRIED = hour(200)


@pytest.fixture
def store(org, tmp_path, settings):  # noqa: F811
    """The lake of an installation of its own, with its people."""
    settings.HOME = tmp_path / "home"
    make_home(settings.HOME, pack="appliance", name="澜川电器", zone="Asia/Shanghai", currency="CNY", language="zh")
    publish_organisation(settings.HOME, at=NOW)
    with Store.open(settings.HOME, threads=1) as opened:
        yield opened


def carry(store: Store) -> int:
    carried = publish(store.home, at=NOW, carried_at=CARRIED)
    store.refresh()
    return carried


def rows(store: Store, name: str) -> dict[tuple, dict]:
    found = store.execute(store.records(name)).to_pylist()
    return {tuple(row[column] for column in dataset(name).key): row for row in found}


def desk_loads(store: Store) -> list[dict[str, int]]:
    return [dict(load.datasets) for load in store.manifest.loads if load.source == SOURCE]


def test_what_happened_since_the_last_time_becomes_one_load(store):
    made = case("C1", 0, "E3")
    case("C2", 1, "E3", resolved=5)
    assert carry(store) == 6
    assert desk_loads(store) == [{"cases": 2, "case_events": 7}]
    resolve(made, 6)
    assert carry(store) == 2
    assert desk_loads(store)[1:] == [{"cases": 1, "case_events": 1}]
    found = rows(store, "cases")["C1",]
    assert (found["owner"], found["status"], found["unit_id"], found["first_responder"]) == (
        "E3",
        "resolved",
        "T1",
        "E3",
    )
    assert (found["opened_at"], found["resolved_at"]) == (hour(0).timestamp(), hour(6).timestamp())
    assert (found["product"], found["in_warranty"], found["fault_group"]) == ("AC-1", True, "compressor")
    assert (found["difficulty"], found["standard_minutes"]) == (Decimal("1.2"), Decimal(60))


def test_nothing_new_means_no_load(store):
    case("C1", 0, "E3")
    carry(store)
    before = store.manifest.generation
    assert carry(store) == 0
    with transaction.atomic():
        noted(Case.objects.get())  # said again, but nothing is different
    assert carry(store) == 2
    assert store.manifest.generation == before


def test_a_carrier_that_dies_before_it_could_note_it_doubles_nothing(store):
    case("C1", 0, "E3", resolved=4)
    carry(store)
    FeedEntry.objects.update(carried_at=None)  # what a kill between the lake and the database leaves
    before = rows(store, "case_events")
    assert carry(store) == 4
    assert rows(store, "case_events") == before
    assert len(desk_loads(store)) == 1
    assert not waiting().exists()


def test_while_another_writes_everything_waits_and_nothing_is_lost(store):
    case("C1", 0, "E3")
    with store.change(), pytest.raises(StoreBusy):
        publish(store.home, at=NOW, carried_at=CARRIED)
    assert waiting().count() == 2
    assert carry(store) == 2


def test_a_change_that_is_taken_back_leaves_no_entry(store):
    with transaction.atomic():
        case("C1", 0, "E3")
        transaction.set_rollback(True)
    assert carry(store) == 0


def test_columns_that_only_the_lake_knows_are_kept(store):
    with store.change() as change:
        load = change.begin_load(source="crm.csv", source_digest="", mapping_digest="", at=0)
        change.add_records("customers", pa.table({"customer_id": ["K1"], "name": ["旧名"], "club": ["gold"]}), load)
    things()
    with transaction.atomic():
        feed.note("customers", "K1", at=NOW)
    carry(store)
    found = rows(store, "customers")["K1",]
    assert (found["name"], found["phone"], found["club"]) == ("陈先生", "13800000001", "gold")


def test_figures_of_the_desk_are_those_of_the_same_events_from_a_file(store, tmp_path):
    """The lake that the desk filled, written as CSV and imported elsewhere, gives every figure again."""
    for number, (opened, owner, resolved, reopened) in enumerate(
        [(0, "E3", 5, None), (1, "E3", 20, None), (2, "E4", 4, 30), (3, "E2", None, None), (26, "E3", 29.5, None)]
    ):
        case(f"C{number}", opened, owner, resolved=resolved, reopened=reopened)
        carry(store)
    other = tmp_path / "other"
    make_home(other, pack="appliance", name="澜川电器", zone="Asia/Shanghai", currency="CNY", language="zh")
    publish_organisation(other, at=NOW)
    with Store.open(other, threads=1) as there:
        for name in ("cases", "case_events"):
            path = tmp_path / f"{name}.csv"
            export_table(store, store.records(name), path)
            columns = "\n".join(f'{column} = "{column}"' for column in dataset(name).names())
            import_file(there, path, parse_mapping(f'shape = "case"\n[{name}.columns]\n{columns}'), at=NOW)
        there.refresh()
        assert rows(there, "cases") == rows(store, "cases")
        for each in (store, there):
            build_facts(each, cut_off=hour(96))
            each.refresh()
        assert figures(there) == figures(store)
        assert figures(store)["RES", "E3"][2] == 3
        assert figures(there, by="team") == figures(store, by="team")


def test_several_changes_wait_for_one_carrying(store, settings, django_capture_on_commit_callbacks):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
    with django_capture_on_commit_callbacks(execute=True):
        case("C1", 0, "E3")
        case("C2", 0, "E3")
    assert [each.task_path for each in DBTaskResult.objects.all()] == [tasks.carry_feed.module_path]
    assert tasks.carry_feed.func() == 4
    assert DBTaskResult.objects.filter(task_path=tasks.follow_facts.module_path).count() == 1
    assert tasks.follow_facts.func() is True
    store.refresh()
    assert figures(store, "BKL")["BKL", "E3"][2] == 2


def test_entries_stay_until_facts_contain_them_and_open_readers_saw_them(store, settings):
    case("C1", 0, "E3")
    case("C2", 0, "E3")
    publish(store.home, at=NOW, carried_at=tasks.ticking())
    tasks.follow_facts.func()
    assert FeedEntry.objects.count() == 4
    FeedEntry.objects.filter(key="C1").update(carried_at=tasks.ticking() - 2 * tasks.KEPT)
    tasks.follow_facts.func()
    assert set(FeedEntry.objects.values_list("key", flat=True)) == {"C2"}
