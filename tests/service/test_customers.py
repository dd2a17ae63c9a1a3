"""Customers and devices: who finds whom, what a warranty rests on, exchanges, lists taken over."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from fuxiao.base.models import AuditEntry
from fuxiao.core.errors import Conflict, InputError, NotPermitted
from fuxiao.core.warranty import State
from fuxiao.service.actions import customers as actions
from fuxiao.service.actions import devices
from fuxiao.service.actions.intake import Intake, take_in
from fuxiao.service.models import Contract, Customer, Device, FaultCode, FeedEntry, Product
from fuxiao.service.queries import customers as queries
from fuxiao.service.warranties import guarantee
from web.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both]
TODAY = date(2026, 11, 6)


def case(desk, *, owner: str = "E3", **more):
    return take_in(desk.lead, Intake(
        title="不制冷", customer=desk.customer, device=desk.device, owner=desk.people[owner], **more
    ), at=NOW)  # fmt: skip


@pytest.mark.parametrize("search", ["周女士", "zhou", "zns", "K1", "1234", "sn-0001"])
def test_a_customer_is_found_by_name_pinyin_number_end_of_the_telephone_or_serial_number(desk, search):
    assert [each.number for each in queries.customers(desk.lead, on=TODAY, search=search)] == ["K1"]


def test_a_search_that_fits_nobody_finds_nobody(desk):
    for search in ("1380", "4321", "吴", "SN-9"):
        assert list(queries.customers(desk.lead, on=TODAY, search=search)) == []


def test_an_engineer_sees_only_customers_and_devices_of_the_own_cases_and_finds_nobody_by_telephone(desk):
    assert list(queries.customers(desk.engineer, on=TODAY)) == []
    case(desk)
    assert [each.number for each in queries.customers(desk.engineer, on=TODAY)] == ["K1"]
    assert [each.serial for each in queries.devices(desk.engineer, on=TODAY)] == ["SN-0001"]
    assert list(queries.customers(desk.engineer, on=TODAY, search="1234")) == []
    assert list(queries.customers(desk.other, on=TODAY)) == []
    assert list(queries.devices(desk.other, on=TODAY)) == []


def test_the_telephone_is_shown_to_whoever_keeps_customers_or_has_an_open_case_of_theirs(desk):
    case(desk)
    shown = {name for name in desk.users if queries.sees_contact(getattr(desk, name), desk.customer)}
    assert shown == {"owner", "manager", "lead", "engineer", "dispatcher", "auditor"}


def test_a_change_reaches_the_searches_the_trail_and_the_feed_but_the_trail_holds_no_telephone(desk):
    given = {"name": "吴先生", "phone": "139-0000-5678"}
    changed = actions.change_customer(desk.lead, "K1", given, version=1, at=NOW)
    assert (changed.version, changed.plain, changed.phone_digits) == (2, "wuxiansheng", "87650000931")
    entry = AuditEntry.objects.get(action="customer.changed")
    assert (entry.new["name"], entry.new["phone"]) == ("吴先生", "…")
    assert list(FeedEntry.objects.filter(dataset="customers").values_list("key", flat=True)) == ["K1"]


def test_of_two_changes_of_one_version_the_second_is_told_and_nothing_of_it_is_written(desk):
    actions.change_customer(desk.lead, "K1", {"city": "广州"}, version=1, at=NOW)
    with pytest.raises(Conflict):
        actions.change_customer(desk.manager, "K1", {"city": "深圳"}, version=1, at=NOW)
    assert Customer.objects.get(number="K1").city == "广州"


@pytest.mark.parametrize("name", ["engineer", "checker", "parts", "hr", "finance", "auditor"])
def test_others_keep_no_customers(desk, name):
    with pytest.raises(NotPermitted):
        actions.add_customer(getattr(desk, name), {"name": "某人"}, at=NOW)
    assert Customer.objects.count() == 1


def test_a_contract_ends_after_it_begins(desk):
    given = {"level": "gold", "device": None, "valid_from": TODAY, "valid_to": TODAY}
    with pytest.raises(InputError, match=r"contract\.ends_before_start"):
        actions.add_contract(desk.lead, desk.customer, "C-1", given, at=NOW)
    assert Contract.objects.count() == 0


def warranted(desk, **days):
    Product.objects.filter(pk=desk.product.pk).update(warranty_months=12)
    Device.objects.filter(pk=desk.device.pk).update(**days)
    return queries.device(desk.lead, "SN-0001", on=TODAY)


def test_a_repair_moves_the_end_of_the_warranty_and_advice_does_not(desk):
    device = warranted(desk, installed_on=date(2026, 1, 1))
    advice = case(desk)
    assert guarantee(device, on=TODAY).cover.warranty.end == date(2027, 1, 1)
    advice.fault_code = FaultCode.objects.create(code="F1", zh="缺氟", en="No coolant")
    advice.opened_at = NOW - timedelta(days=9)
    advice.save()
    found = guarantee(device, on=TODAY)
    assert (found.cover.state, found.cover.warranty.end) == (State.IN, date(2027, 1, 10))
    assert guarantee(device, on=date(2025, 12, 31)).cover.state is State.NOT_YET


def test_an_exchange_hands_over_another_device_with_a_warranty_of_its_own(desk):
    warranted(desk, sold_on=date(2025, 1, 1))
    swap = devices.Swap("SN-NEW", TODAY, "多次修理")
    devices.exchange(desk.lead, "SN-0001", swap, at=NOW)
    new = queries.device(desk.lead, "SN-NEW", on=TODAY)
    assert (new.customer, new.product) == (desk.customer, desk.product)
    assert guarantee(new, on=TODAY).cover.warranty.end == date(2027, 11, 6)
    with pytest.raises(InputError, match=r"device\.exchanged_already"):
        devices.exchange(desk.lead, "SN-0001", devices.Swap("SN-3", TODAY), at=NOW)
    with pytest.raises(InputError, match=r"device\.not_for_exchange"):
        devices.exchange(desk.lead, "SN-NEW", devices.Swap("SN-NEW", TODAY), at=NOW)


def upload(client, what: str, text: str):
    return client.post(f"/{what}/import/", {"file": SimpleUploadedFile("list.csv", text.encode())}, follow=True)


def test_a_list_of_customers_is_shown_first_and_taken_over_whole(desk):
    client = desk.clients["lead"]
    page = upload(client, "customers", "客户号,名称,电话\nK1,周女士,13800009999\nK2,郑先生,\n").content.decode()
    assert "郑先生" not in page  # new lines are shown by number
    assert "13800001234" in page
    assert "13800009999" in page
    assert Customer.objects.count() == 1
    client.post("/customers/import/", {"do": "apply", "number": "客户号", "name": "名称", "phone": "电话"})
    assert dict(Customer.objects.values_list("number", "phone")) == {"K1": "13800009999", "K2": ""}


def test_a_list_with_a_wrong_line_is_refused_whole_and_says_where(desk):
    client = desk.clients["lead"]
    text = "序列号,型号,客户号,售出日\nSN-2,KFR-26,K1,2026-01-02\nSN-3,没有的,K9,昨天\n"
    page = upload(client, "devices", text).content.decode()
    for told in ("没有型号“没有的”", "没有客户 K9", "昨天"):
        assert told in page
    fields = {"do": "apply", "serial": "序列号", "product": "型号", "customer": "客户号", "sold_on": "售出日"}
    client.post("/devices/import/", fields)
    assert Device.objects.count() == 1
