"""Service levels changed on a page: whoever is touched is shown first; cases come from the lake at a press."""

from __future__ import annotations

import pytest
from django.test import Client

from facts_world import add
from fuxiao.base.models import AuditEntry, Notice
from fuxiao.service.actions.intake import Intake, take_in
from fuxiao.service.models import Case, Choice, ListKind
from fuxiao.service.queries.visits import unplanned
from fuxiao.service.tasks import adopt_for
from fuxiao.service.terms import terms
from fuxiao.studio.packs import make_home
from service.conftest import minutes
from service.lake import lake_of
from web.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both]
ASKED = {"key": "rush", "calendar": "standard", "priority": "紧急", "resolution_minutes": "60", "since": "2026-11-06"}


@pytest.fixture
def own_home(desk, settings, tmp_path):
    settings.HOME = tmp_path / "home"
    make_home(settings.HOME, pack="appliance", name="澜川电器", zone="Asia/Shanghai", currency="CNY", language="zh")
    return settings.HOME


def urgent(desk, *, at=NOW) -> Case:
    asked = Intake(title="不制冷", customer=desk.customer, priority="紧急", owner=desk.people["E3"])
    return take_in(desk.dispatcher, asked, at=at)


def test_whoever_is_touched_is_shown_before_it_is_saved_and_then_promised_it(desk, own_home):
    case, other = urgent(desk), urgent(desk)
    Case.objects.filter(pk=other.pk).update(opened_at=minutes(-3 * 24 * 60))
    client, before = desk.clients["manager"], (own_home / "service_levels.yaml").read_text(encoding="utf-8")
    version = client.get("/desk/levels/new").context["form"].initial["version"]
    page = client.post("/desk/levels/new", ASKED | {"version": version})
    assert [each.case.number for each in page.context["touched"]] == [case.number]
    assert (own_home / "service_levels.yaml").read_text(encoding="utf-8") == before
    assert client.post("/desk/levels/new", ASKED | {"version": version, "sure": "1"}).status_code == 302
    assert (case.policy, case.resolution_due_at > minutes(60)) == ("normal", True)
    case.refresh_from_db()
    assert (case.policy, case.resolution_due_at) == ("rush", minutes(60))
    entry = AuditEntry.objects.get(action="desk.level_changed")
    assert (entry.key, entry.new["resolution_minutes"], entry.new["cases"]) == ("rush", 60, 1)
    stale = client.post("/desk/levels/new", ASKED | {"version": version, "sure": "1", "resolution_minutes": "30"})
    assert stale.status_code == 409
    assert desk.clients["lead"].get("/desk/levels/new").status_code == 403
    assert client.get("/desk/levels/999").status_code == 404


def test_a_customers_request_gets_the_priority_in_the_middle(desk, own_home):
    levels = [("urgent", "紧急", 60), ("normal", "普通", 600), ("low", "低", 6000)]
    lines = [f"  - {{key: {k}, calendar: standard, priority: {p}, resolution_minutes: {m}}}" for k, p, m in levels]
    (own_home / "service_levels.yaml").write_text("\n".join(["policies:", *lines]), encoding="utf-8")
    Client().post("/request/", {"title": "不制冷", "name": "吴先生", "phone": "13900005678", "consent": "on"})
    case = Case.objects.get()
    assert (case.priority, case.policy) == ("普通", "normal")
    assert desk.clients["dispatcher"].get("/desk/new").context["form"].initial["priority"] == "普通"


def test_a_change_keeps_what_was_promised_until_its_day_and_nonsense_is_refused(desk, own_home):
    client = desk.clients["manager"]
    place = next(at for at, each in enumerate(terms().policies) if each.key == "normal")
    given = {name: value or "" for name, value in client.get(f"/desk/levels/{place}").context["form"].initial.items()}
    given |= {"resolution_minutes": "720", "since": "2026-12-01", "sure": "1"}
    assert client.post(f"/desk/levels/{place}", given).status_code == 302
    held = [
        (each.resolution_minutes, str(each.valid_from), str(each.valid_to))
        for each in terms().policies
        if each.key == "normal"
    ]
    assert held == [(1440, "2020-01-01", "2026-12-01"), (720, "2026-12-01", "None")]
    empty = {"key": "x", "calendar": "standard", "since": "2026-12-01"}
    assert client.post("/desk/levels/new", empty).status_code == 422
    assert len(terms().policies) == len(held) + 2


def test_types_that_are_answered_from_the_desk_never_wait_for_a_visit(desk, own_home):
    for key in ("报修", "咨询"):
        Choice.objects.create(kind=ListKind.CASE_TYPE, key=key, zh=key, en=key)
    repair, question = (take_in(desk.dispatcher, Intake(title=key, case_type=key), at=NOW) for key in ("报修", "咨询"))
    shown = lambda: [case.number for case in unplanned(desk.dispatcher, on=NOW.date())]  # noqa: E731
    assert shown() == [repair.number, question.number]
    assert desk.clients["manager"].post("/desk/visited", {"type": ["报修"]}).status_code == 302
    assert shown() == [repair.number]


def test_open_cases_of_the_lake_come_to_the_desk_at_the_press_of_a_button(desk, settings, tmp_path):
    settings.HOME = tmp_path / "home"
    opened = int(NOW.timestamp())
    with lake_of(settings.HOME) as store:
        add(
            store,
            cases=[{"case_id": "CRM-1", "opened_at": opened, "title": "漏水", "case_type": "咨询"}],
            case_events=[{"case_id": "CRM-1", "seq": 1, "at": opened, "type": "created"}],
        )
    assert desk.clients["lead"].post("/desk/adopt").status_code == 403
    assert desk.clients["manager"].post("/desk/adopt").status_code == 302
    adopt_for.func(desk.users["manager"].pk)
    assert Case.objects.get().number == "CRM-1"
    assert not Choice.objects.get(kind=ListKind.CASE_TYPE).visits
    assert Notice.objects.filter(kind="desk.adopted", account=desk.users["manager"]).exists()


def test_the_lists_of_a_case_begin_with_what_is_usual_and_are_kept_on_a_page(desk):
    client = desk.clients["manager"]
    Choice.objects.filter(kind=ListKind.RESOLUTION_CODE).delete()
    client.post("/desk/options/resolution_code/usual")
    assert Choice.objects.filter(kind=ListKind.RESOLUTION_CODE, active=True).count() == 7
    added = {"zh": "寄修完成", "en": "Repaired by post"}
    for _ in range(2):
        client.post("/desk/options/resolution_code/save", added)
    changed = {"key": "寄修完成", "zh": "寄修", "en": "", "rank": "5"}
    client.post("/desk/options/resolution_code/save", changed)
    row = Choice.objects.get(kind=ListKind.RESOLUTION_CODE, key="寄修完成")
    assert (row.zh, row.en, row.rank, row.active) == ("寄修", "寄修", 5, False)
    client.post("/desk/options/category/save", {"zh": "净水机"})
    assert "净水机" in client.get("/desk/options").content.decode()
    assert Choice.objects.filter(kind="nonsense").count() == 0
    assert client.post("/desk/options/nonsense/save", added).status_code in {302, 400}
    assert desk.clients["lead"].post("/desk/options/category/save", {"zh": "x"}).status_code == 403
    assert AuditEntry.objects.filter(action="desk.option_saved", key="resolution_code").count() == 9
