"""What the lake knows becomes the desk's, once; the demonstration company comes up with a desk at work."""

from __future__ import annotations

from datetime import timedelta

import pytest

from facts_world import add
from fuxiao.cli.server.prepare import SYSTEM
from fuxiao.core.case_life import Verb
from fuxiao.datasets.store import Store
from fuxiao.service.actions.adopting import adopt_desk
from fuxiao.service.actions.life import Act, act
from fuxiao.service.models import Case, Choice, Customer, FeedEntry
from web.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both]
OPENED = int((NOW - timedelta(hours=5)).timestamp())


@pytest.fixture
def lake(tmp_path, home):
    """A store with one open case, one closed long ago, and their customer."""
    import shutil

    shutil.copytree(home, tmp_path / "home", ignore=shutil.ignore_patterns("lake", "*.sqlite3*"))
    with Store.open(tmp_path / "home") as store:
        yield store


def fill(store):
    add(
        store,
        customers=[{"customer_id": "K9", "name": "周女士", "phone": "13800001234"}],
        cases=[
            {"case_id": "A1", "title": "不制冷", "priority": "P1", "customer_id": "K9", "opened_at": OPENED},
            {"case_id": "A0", "title": "旧", "opened_at": OPENED - 9_000_000, "closed_at": OPENED - 8_000_000},
        ],
        case_events=[
            {"case_id": "A1", "seq": 3, "at": OPENED, "type": "created"},
            {"case_id": "A1", "seq": 5, "at": OPENED + 60, "type": "assigned", "to_person": "E3", "to_unit": "T1"},
        ],
    )  # fmt: skip


def test_an_open_case_comes_with_its_events_and_goes_on_from_there(desk, lake):
    fill(lake)
    assert adopt_desk(SYSTEM, lake, at=NOW) == 1
    assert adopt_desk(SYSTEM, lake, at=NOW) == 0
    case = Case.objects.get()
    assert (case.number, case.state, case.owner.number, case.team.key, case.policy) == (
        "A1", "assigned", "E3", "T1", "urgent",
    )  # fmt: skip
    assert case.customer == Customer.objects.get(number="K9")
    assert Choice.objects.filter(key="P1").exists()
    assert not FeedEntry.objects.exists()
    act(desk.engineer, "A1", Act(verb=Verb.ACCEPT), at=NOW)
    assert list(case.events.order_by("seq").values_list("seq", "type")) == [
        (3, "created"), (5, "assigned"), (6, "accepted"),
    ]  # fmt: skip
