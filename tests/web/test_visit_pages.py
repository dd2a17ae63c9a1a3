"""The board of visits and the engineer's phone, as people use them."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from fuxiao.service.actions import parts, stock
from fuxiao.service.actions.intake import Intake, take_in
from fuxiao.service.models import Case, Visit
from service.conftest import desk
from service.test_visits import PIXEL, case
from web.conftest import NOW, queries_of

__all__ = ["case", "desk"]
pytestmark = pytest.mark.django_db
SLOT = {"engineer": "E3", "day": "2026-11-06", "start": "10:00", "end": "12:00", "why": "planning"}


def text(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def visit(desk, case):
    desk.clients["dispatcher"].post("/visits/put/", SLOT | {"case": case.number})
    return Visit.objects.get()


def test_a_case_is_put_into_a_window_and_moved_to_another(desk, case, visit):
    client = desk.clients["dispatcher"]
    assert case.number in text(client.get("/visits/board/?day=2026-11-06"))
    moved = SLOT | {"visit": visit.key, "version": "1", "engineer": "E4", "start": "14:00", "end": "16:00"}
    client.post("/visits/put/", moved)
    visit.refresh_from_db()
    assert (visit.engineer.number, visit.version) == ("E4", 2)
    late = client.post("/visits/put/", moved | {"start": "16:00", "end": "18:00"}, follow=True)
    assert "刚被别人改过" in text(late)


def test_an_engineer_runs_a_visit_on_the_phone(desk, case, visit):
    client, there = desk.clients["engineer"], f"/visits/{case.number}/1/"
    assert "周女士" in text(client.get("/visits/mine/"))
    page = text(client.get(there))
    assert 'href="tel:13800001234"' in page
    assert "geo:0,0?q=" in page
    position = {"latitude": "23.1291", "longitude": "113.3201", "remember": "on"}
    assert client.post(there + "arrive/", {"sending": uuid4(), **position}).status_code == 302
    given = {"sending": str(uuid4()), "outcome": "fixed", "resolution_code": "repaired", "signed_by": "周女士"}
    for _ in range(2):
        photo = SimpleUploadedFile("a.png", PIXEL, "image/png")
        answer = client.post(there + "leave/", given | {"photos": photo})
        assert answer.status_code == 302
    page = text(client.get(there))
    for shown in ("已修好", "周女士", "0 m", "a.png"):
        assert shown in page
    assert Case.objects.get().attachments.count() == 1


def test_what_is_missing_stands_beside_its_field_and_what_was_typed_stays(desk, case, visit):
    client, there = desk.clients["engineer"], f"/visits/{case.number}/1/"
    client.post(there + "arrive/", {})
    answer = client.post(there + "leave/", {"outcome": "no_access", "note": "敲门没人应"})
    assert answer.status_code == 422
    assert "请写明原因" in text(answer)
    assert "敲门没人应" in text(answer)
    assert (
        client.post(there + "leave/", {"outcome": "fixed", "signature": "data:image/png;base64,%%"}).status_code == 422
    )


def test_a_visit_of_others_is_not_there_and_its_board_is_closed(desk, case, visit):
    other = desk.clients["other"]
    assert other.get(f"/visits/{case.number}/1/").status_code == 404
    assert other.post(f"/visits/{case.number}/1/arrive/", {}).status_code == 404
    assert other.get("/visits/board/").status_code == 403
    assert case.number not in text(other.get("/visits/mine/"))


@pytest.mark.parametrize("who", ["engineer", "dispatcher", "auditor"])
def test_a_visit_offers_each_reader_what_they_may_do_with_it(desk, case, visit, who):
    client = desk.clients[who]
    page = client.get(f"/visits/{case.number}/1/").content.decode()
    offered = re.findall(rf'href="(/visits/(?:mine/|{case.number}/1/[^"]+))"', page)
    assert ("改约" in page) == (who != "auditor")
    assert [link for link in offered if client.get(link).status_code != 200] == []


def test_a_visit_is_moved_for_the_customer_and_called_off(desk, case, visit):
    client, there = desk.clients["engineer"], f"/visits/{case.number}/1/"
    moved = SLOT | {"why": "customer", "reason": "下午在家", "start": "15:00", "end": "17:00", "version": "1"}
    assert client.post(there + "move/", moved).status_code == 302
    assert "下午在家" in text(client.get(there))
    assert client.post(there + "call-off/", {"reason": ""}).status_code == 422
    assert client.post(there + "call-off/", {"reason": "客户自己修好了"}).status_code == 302
    visit.refresh_from_db()
    assert visit.cancelled_at == NOW


def test_the_board_takes_as_many_queries_for_three_visits_as_for_one(desk, case, visit):
    client, path = desk.clients["dispatcher"], "/visits/board/?day=2026-11-06"
    one = queries_of(client, path)
    for hour in ("12", "14"):
        more = take_in(desk.lead, Intake(title="漏水", owner=desk.people["E4"], team=desk.teams["T2"]), at=NOW)
        take_in(desk.lead, Intake(title="异响", customer=desk.customer), at=NOW)
        client.post("/visits/put/", SLOT | {"case": more.number, "start": f"{hour}:00", "end": f"{hour}:30"})
    assert text(client.get(path)).count("visit-card") == 5
    assert queries_of(client, path) == one


def test_the_page_of_a_case_shows_warranty_visits_parts_and_costs(desk, case, visit):
    from datetime import date

    from fuxiao.service.models import Device, Product

    Product.objects.update(warranty_months=12)
    Device.objects.update(installed_on=date(2026, 6, 1))
    page = text(desk.clients["lead"].get(f"/desk/{case.number}/"))
    for shown in ("保内", "2027-06-01", "从装机日起算", f"/visits/{case.number}/1/", f"/costs/new/{case.number}/"):
        assert shown in page


@pytest.mark.parametrize(("who", "theirs"), [("engineer", "/visits/mine/"), ("parts", "/parts/")])
def test_whoever_works_on_their_feet_has_their_pages_at_hand_on_a_phone(desk, who, theirs):
    tabs = text(desk.clients[who].get("/")).partition("tabs-phone")[2].partition("</nav>")[0]
    assert re.findall(r'<a href="([^"]+)"', tabs) == ["/", "/performance/", "/desk/", theirs, "/more"]


def test_a_part_out_of_the_own_van_needs_a_reason_where_the_books_have_none(desk, case, visit):
    part = stock.add_part(desk.parts, "KT-1", {"name": "主板"}, at=NOW)
    van = stock.add_location(desk.parts, stock.Place("V3", "张伟的车", "van", desk.people["E3"]), at=NOW)
    line = parts.ask(desk.engineer, case.number, part, 1, at=NOW, visit=visit)
    client, there = desk.clients["engineer"], f"/visits/{case.number}/1/"
    assert 'name="overdraw"' in text(client.get(there))
    stock.receive(desk.parts, part, van, 1, at=NOW)
    page = text(client.get(there))
    assert ("从张伟的车取" in page, 'name="overdraw"' in page) == (True, False)
    client.post(f"/parts/lines/{line.number}/issue/", {"location": "V3", "next": there})
    assert "已领" in text(client.get(there))
