"""Pages of customers, devices and catalogues as people use them."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest

from fuxiao.service.actions import complaints, surveys
from fuxiao.service.actions.intake import Intake, take_in
from fuxiao.service.models import Contract, Customer, Device, FaultCode, Product
from service.conftest import desk, minutes
from service.lake import resolved, taken
from web.conftest import NOW

__all__ = ["desk"]
pytestmark = [pytest.mark.django_db, pytest.mark.both]


def text(answer) -> str:
    return answer.content.decode()


def test_one_page_shows_all_that_happened_with_a_customer(desk):
    Product.objects.update(warranty_months=36)
    Device.objects.update(sold_on=date(2026, 1, 1))
    Contract.objects.create(number="C-7", customer=desk.customer, level="gold", valid_from=date(2026, 5, 1))
    take_in(desk.lead, Intake(title="不制冷", customer=desk.customer, device=desk.device), at=NOW)
    page = text(desk.clients["lead"].get("/customers/K1/"))
    for shown in ("周女士", "13800001234", "SN-0001", "保内", "2029-01-01", "C-7", "gold", "不制冷"):
        assert shown in page


def test_what_customers_say_stands_in_the_timeline_of_customer_and_device(desk):
    case = resolved(desk, taken(desk, "E3", at=minutes(-120)), at=minutes(-60))
    surveys.answer(case.surveys.get(), surveys.Answer(csat=2, comment="等得太久"), ip="", at=minutes(-30))
    given = complaints.Given(text="师傅态度差", case=case)
    made = complaints.take_complaint(desk.lead, given, at=minutes(-20))
    for there in ("/customers/K1/", "/devices/SN-0001/"):
        page = text(desk.clients["lead"].get(there))
        for shown in ("满意度 2 分", "等得太久", f"投诉 {made.number}", "师傅态度差", f"/complaints/{made.number}/"):
            assert shown in page
        assert "师傅态度差" not in text(desk.clients["parts"].get(there))


def test_a_customer_out_of_reach_is_not_there(desk):
    assert desk.clients["other"].get("/customers/K1/").status_code == 404
    assert desk.clients["other"].get("/devices/SN-0001/").status_code == 404
    assert desk.clients["hr"].get("/customers/").status_code == 403


def test_the_telephone_is_on_no_page_of_somebody_who_may_not_see_it(desk):
    take_in(desk.lead, Intake(title="不制冷", customer=desk.customer, device=desk.device), at=NOW)
    for path in ("/customers/", "/customers/?q=1234", "/customers/K1/", "/devices/SN-0001/"):
        page = text(desk.clients["checker"].get(path))
        assert "13800001234" not in page
        assert "天河路" not in page


def test_a_list_tells_numbers_apart_and_the_page_of_a_customer_has_the_whole_one(desk):
    for path in ("/customers/", "/customers/?q=1234"):
        page = text(desk.clients["lead"].get(path))
        assert "138****1234" in page
        assert "13800001234" not in page
    assert "13800001234" in text(desk.clients["lead"].get("/customers/K1/"))


def test_the_warranty_of_a_device_is_told_for_any_day(desk):
    Product.objects.update(warranty_months=12)
    Device.objects.update(sold_on=date(2025, 11, 6))
    client = desk.clients["lead"]
    assert "保外" in text(client.get("/devices/SN-0001/"))
    assert "保内" in text(client.get("/devices/SN-0001/?on=2026-11-05"))
    assert "国经贸" in text(client.get("/devices/SN-0001/?on=nonsense"))


def test_lists_take_as_many_queries_for_three_rows_as_for_one(desk, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = desk.clients["lead"]
    for path in ("/customers/", "/devices/", "/products/", "/faults/"):
        client.get(path)
        with CaptureQueriesContext(connection) as one:
            client.get(path)
        for n in range(2):
            product = Product.objects.create(code=f"P{path}{n}", name=f"产品 {n}")
            customer = Customer.objects.create(number=f"N{path}{n}", name=f"客户 {n}")
            Device.objects.create(serial=f"S{path.strip('/')}{n}", product=product, customer=customer)
            FaultCode.objects.create(code=f"F{path}{n}", zh="故障", en="fault")
        with CaptureQueriesContext(connection) as three:
            client.get(path)
        assert len(three) == len(one), path


def test_a_customer_is_registered_changed_and_both_versions_are_shown(desk):
    client = desk.clients["lead"]
    made = client.post("/customers/new/", {"name": "郑先生", "phone": "020-8888"})
    number = Customer.objects.get(name="郑先生").number
    assert made["Location"] == f"/customers/{number}/"
    assert client.post(f"/customers/{number}/edit/", {"name": "郑生", "version": "1"}).status_code == 302
    clash = client.post(f"/customers/{number}/edit/", {"name": "郑老", "version": "1"})
    assert clash.status_code == 409
    assert "郑生" in text(clash)
    assert "郑老" in text(clash)
    assert client.post(f"/customers/{number}/edit/", {"name": "", "version": "2"}).status_code == 422


def test_a_code_with_a_line_break_in_it_as_files_bring_them_opens_as_others_do(desk):
    client = desk.clients["manager"]
    FaultCode.objects.create(code="E7\n压机/风机", zh="压机", en="Compressor")
    listed = re.search(r'href="(/faults/E7[^"]+)"', text(client.get("/faults/")))
    assert "压机" in text(client.get(unescape(listed[1])))


def test_devices_products_faults_and_contracts_are_kept_by_hand(desk):
    client = desk.clients["manager"]
    assert client.post("/products/new/", {"code": "P-9", "name": "柜机", "warranty_months": "72"}).status_code == 302
    assert client.post("/products/P-9/", {"name": "柜机二代", "version": "1", "active": "on"}).status_code == 302
    assert client.post("/faults/new/", {"code": "E5", "zh": "压机", "en": "Compressor"}).status_code == 302
    assert client.post("/faults/E5/", {"zh": "压缩机", "en": "Compressor"}).status_code == 302
    assert client.post("/devices/new/", {"serial": "SN-9", "product": "P-9", "customer": "周女士"}).status_code == 302
    given = {"number": "C-9", "level": "gold", "valid_from": "2026-11-01", "valid_to": "2026-10-01"}
    assert client.post("/customers/K1/contracts/new/", given).status_code == 422
    assert client.post("/customers/K1/contracts/new/", given | {"valid_to": ""}).status_code == 302
    ended = {"level": "gold", "valid_from": "2026-11-01", "valid_to": "2026-12-01", "version": "1"}
    assert client.post("/customers/K1/contracts/C-9/", ended).status_code == 302
    assert Product.objects.get(code="P-9").name == "柜机二代"
    assert FaultCode.objects.get(code="E5").zh == "压缩机"
    assert Device.objects.get(serial="SN-9").customer == desk.customer
    assert Contract.objects.get(number="C-9").valid_to == date(2026, 12, 1)
    swap = {"serial": "SN-10", "on": "2026-11-06", "reason": "换新"}
    assert client.post("/devices/SN-9/exchange/", swap).status_code == 302
    assert "SN-9" in text(client.get("/devices/SN-10/"))
