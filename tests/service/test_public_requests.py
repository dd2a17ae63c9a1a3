"""What customers send without an account: by the public page and by the code on a device."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fuxiao.service.models import Case, Comment, Customer
from service.test_desk_pages import PNG, page

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def test_a_customer_asks_by_the_code_on_the_device_and_follows_the_case(desk):
    stranger = Client()
    label = page(desk.clients["lead"], "/desk/label/SN-0001")
    address = re.search(r"http://testserver(/request/device/[\w-]+)", label)[1]
    text = page(stranger, address)
    assert "SN-0001" in text
    assert "周女士" not in text
    assert "13800001234" not in text
    asked = {"title": "不制冷", "name": "周女士", "phone": "13800001234", "consent": "on"}
    answer = stranger.post(address, asked)
    case = Case.objects.get()
    assert answer["Location"] == f"/request/case/{case.token}"
    assert (case.device.serial, case.customer.number, case.channel, case.opened_by) == ("SN-0001", "K1", "web", None)
    assert (case.category.key, case.case_type, case.policy) == ("空调", "报修", "normal")
    assert "网页" in page(desk.clients["dispatcher"], f"/desk/{case.number}/")
    status = page(stranger, answer["Location"])
    assert case.number in status
    assert "13800001234" not in status
    stranger.post(f"/request/case/{case.token}/write", {"text": "谢谢"})
    assert Comment.objects.get().author is None
    page(stranger, "/request/case/guess", status=404)


def test_a_photograph_sent_with_a_mistake_is_asked_for_again(desk):
    asked = {
        "title": "不制冷",
        "name": "周女士",
        "phone": "1",
        "consent": "on",
        "photo": SimpleUploadedFile("a.png", PNG),
    }
    refused = Client().post("/request/", asked)
    assert refused.status_code == 422
    assert "照片没有留下" in refused.content.decode()


def test_a_request_without_consent_or_by_a_machine_makes_no_case(desk):
    asked = {"title": "不制冷", "name": "吴先生", "phone": "13900005678"}
    refused = Client().post("/request/", asked)
    assert refused.status_code == 422
    assert "没有您的同意" in refused.content.decode()
    robot = Client().post("/request/", {**asked, "consent": "on", "website": "http://spam"})
    assert robot["Location"] == "/request/thanks"
    assert not Case.objects.exists()
    assert Customer.objects.count() == 1


def test_one_address_cannot_ask_without_end(desk):
    from django.core.cache import cache

    cache.clear()
    asked = {"title": "不制冷", "name": "吴先生", "phone": "13900005678", "consent": "on"}
    answers = [Client().post("/request/", asked).status_code for _ in range(11)]
    assert answers == [302] * 10 + [429]
    assert Case.objects.count() == 10
    cache.clear()
