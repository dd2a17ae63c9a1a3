"""Pages of the storekeeper, and parts on the engineer's phone."""

from __future__ import annotations

import pytest

from fuxiao.service.models import Location, Part, PartLine, Stock, Visit
from service.conftest import desk
from service.test_parts import store
from web.conftest import queries_of
from web.test_visit_pages import SLOT

__all__ = ["desk", "store"]
pytestmark = [pytest.mark.django_db, pytest.mark.both]


def text(answer) -> str:
    return answer.content.decode()


def asked_on_a_visit(store) -> tuple[str, PartLine]:
    """The address of a visit's page, and the part that its engineer asked for there."""
    store.clients["dispatcher"].post("/visits/put/", SLOT | {"case": store.case.number})
    there = f"/visits/{store.case.number}/1/"
    asking = {"part": "CP-1", "qty": "1", "visit": "1", "next": there}
    store.clients["engineer"].post(f"/parts/ask/{store.case.number}/", asking)
    return there, PartLine.objects.get()


def test_a_part_is_asked_for_on_the_phone_issued_in_the_store_and_fitted_on_the_phone(store):
    engineer, keeper = store.clients["engineer"], store.clients["parts"]
    there, line = asked_on_a_visit(store)
    assert line.visit == Visit.objects.get()
    assert "压缩机" in text(keeper.get("/parts/"))
    assert "张伟的车" in text(engineer.get(there))
    keeper.post(f"/parts/lines/{line.number}/issue/", {"location": "L1"})
    assert "已领" in text(engineer.get(there))
    assert engineer.post(f"/parts/lines/{line.number}/fit/", {"next": there})["Location"] == there
    assert "已装机" in text(engineer.get(there))
    assert "压缩机" in text(keeper.get("/parts/returns/"))
    keeper.post(f"/parts/lines/{line.number}/old-back/")
    back = text(keeper.get("/parts/returns/"))
    assert "收到旧件" not in back.partition("最近收到")[0]
    assert "压缩机" in back.partition("最近收到")[2]


def test_a_part_that_was_picked_wrong_goes_back_from_the_phone_and_says_so(store):
    engineer, keeper = store.clients["engineer"], store.clients["parts"]
    there, line = asked_on_a_visit(store)
    keeper.post(f"/parts/lines/{line.number}/issue/", {"location": "L1"})
    assert 'value="picking"' in text(engineer.get(there))
    back = {"next": there, "location": "L1", "kind": "picking", "wrong": "型号不符"}
    engineer.post(f"/parts/lines/{line.number}/give-back/", back)
    assert "拣错了件 · 型号不符" in text(engineer.get(there))
    line.refresh_from_db()
    assert (line.correct, line.wrong_kind) == (False, "picking")


def test_parts_in_use_are_proposed_to_whoever_may_ask_for_one(store):
    Part.objects.create(number="OLD-1", name="旧型号", active=False)
    page = text(store.clients["engineer"].get(f"/desk/{store.case.number}/"))
    assert '<datalist id="parts-known"><option value="CP-1">压缩机</option></datalist>' in page
    assert "parts-known" not in text(store.clients["auditor"].get(f"/desk/{store.case.number}/"))


def test_stock_is_received_counted_moved_and_told_when_low(store):
    client = store.clients["parts"]
    base = {"part": "CP-1", "location": "L1"}
    assert client.post("/parts/stock/change/", base | {"what": "receive", "qty": "4"}).status_code == 302
    assert client.post("/parts/stock/change/", base | {"what": "count", "qty": "1"}).status_code == 422
    assert client.post("/parts/stock/change/", base | {"what": "transfer", "qty": "1"}).status_code == 422
    moved = base | {"what": "transfer", "qty": "20", "target": "V3"}
    assert "不够 20 件" in text(client.post("/parts/stock/change/", moved))
    assert client.post("/parts/stock/change/", moved | {"qty": "8"}).status_code == 302
    assert dict(Stock.objects.values_list("location__key", "balance")) == {"L1": 1, "V3": 10}
    client.post("/parts/stock/change/", base | {"what": "minimum", "qty": "5"})
    page = text(client.get("/parts/stock/?low=1"))
    assert "低于最低" in page
    assert "张伟的车" not in page.split('id="parts"')[1]
    assert "V3" in text(client.get("/parts/moves/CP-1/"))


def test_parts_and_locations_are_kept_by_hand(store):
    client = store.clients["parts"]
    given = {"number": "FN-2", "name": "风机", "price": "120.50", "return_days": "", "active": "on"}
    assert client.post("/parts/new/", given).status_code == 302
    assert Part.objects.get(number="FN-2").price == 12050
    assert client.post("/parts/edit/FN-2/", {"name": "外风机", "version": "1"}).status_code == 302
    assert client.post("/parts/locations/new/", {"key": "V4", "name": "车", "kind": "van"}).status_code == 422
    assert (
        client.post("/parts/locations/new/", {"key": "V4", "name": "车", "kind": "van", "engineer": "E4"}).status_code
        == 302
    )
    assert Location.objects.get(key="V4").engineer == store.people["E4"]


def test_who_may_not_is_kept_out(store):
    for name in ("engineer", "checker", "hr", "finance"):
        assert store.clients[name].get("/parts/").status_code == 403
    for name in ("lead", "auditor"):
        assert store.clients[name].get("/parts/stock/").status_code == 200
        assert store.clients[name].get("/parts/stock/change/").status_code == 403
    assert store.clients["lead"].post("/parts/lines/P000001/nonsense/").status_code == 404


def test_a_form_leads_back_only_within_the_site(store):
    client = store.clients["engineer"]
    answer = client.post(
        f"/parts/ask/{store.case.number}/", {"part": "CP-1", "qty": "1", "next": "https://elsewhere.example/"}
    )
    assert answer["Location"] == "/parts/"


def test_lists_take_as_many_queries_for_three_rows_as_for_one(store):
    keeper, engineer = store.clients["parts"], store.clients["engineer"]
    engineer.post(f"/parts/ask/{store.case.number}/", {"part": "CP-1", "qty": "1"})
    paths = ("/parts/", "/parts/stock/", "/parts/returns/", "/parts/catalogue/")
    counts = [queries_of(keeper, path) for path in paths]
    for n in range(2):
        keeper.post("/parts/new/", {"number": f"X{n}", "name": "阀"})
        keeper.post("/parts/stock/change/", {"what": "receive", "part": f"X{n}", "location": "L1", "qty": "3"})
        engineer.post(f"/parts/ask/{store.case.number}/", {"part": f"X{n}", "qty": "1"})
    for path, count in zip(paths, counts, strict=True):
        assert queries_of(keeper, path) == count, path
