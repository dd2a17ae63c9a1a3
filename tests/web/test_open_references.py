"""What names a case that is not in the store, on the pages of an import and of the store as it is."""

from __future__ import annotations

import pytest

from fuxiao.base.permissions import Role
from fuxiao.studio.packs import make_home
from import_site import imported, text_of
from web.conftest import account, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.lake]

COMPLAINTS = (
    "投诉编号,工单号,投诉时间,办结时间,责任判定,投诉渠道\n"
    "T1,A01,2026-10-08 09:00,,成立,内部\nT2,A9,2026-10-08 10:00,,成立,内部\n"
)
CASES = "工单号,受理时间,责任人\nA1,2026-10-05 09:00,张伟\n"


@pytest.fixture(autouse=True)
def own_home(tmp_path, settings):
    settings.HOME = tmp_path / "home"
    make_home(settings.HOME, pack="appliance", name="澜川电器", zone="Asia/Shanghai", currency="CNY", language="zh")


def fragment(client) -> str:
    return text_of(client.get("/data/references/", headers={"HX-Request": "true"}))


def test_complaints_without_their_cases_are_told_with_what_to_do_and_shrink_as_cases_arrive(owner):
    job = imported(owner, COMPLAINTS, name="投诉.csv")
    page = text_of(owner.get(f"/data/import/{job.pk}/"))
    assert ("工单号在库里找不到" in page, "工单以后导入时自动对上" in page, "/data/references/" in page) == (True,) * 3
    assert 'hx-get="/data/references/"' in text_of(owner.get("/data/"))
    assert ">2<" in fragment(owner)
    imported(owner, CASES)
    assert "2 条中有 1 条去掉前导零后即可对上" in fragment(owner)
    imported(owner, CASES + "A01,2026-10-05 09:00,\nA9,2026-10-05 09:00,\n")
    assert fragment(owner).strip() == ""
    assert "引用都对得上" in text_of(owner.get("/data/references/"))


@pytest.mark.parametrize(("language", "said"), [("zh", "可能是"), ("en", "May mean")])
def test_the_records_behind_it_come_as_a_file_with_file_line_and_what_may_be_meant(org, language, said):
    client = signed_in(account("owner2", Role.OWNER, language=language))
    imported(client, CASES)
    imported(client, COMPLAINTS, name="投诉.csv")
    lines = client.get("/data/references/complaints.case_id/csv").content.decode("utf-8-sig").splitlines()
    assert said in lines[3]
    assert lines[4:] == ["T1,A01,A1,投诉.csv,2", "T2,A9,,投诉.csv,3"]
    assert client.get("/data/references/complaints.case_id/xlsx").content[:2] == b"PK"
    assert client.get("/data/references/complaints.nothing/csv").status_code == 404


def test_whoever_may_not_see_data_sees_no_references(org):
    assert signed_in(account("agent", Role.AGENT)).get("/data/references/").status_code == 403
