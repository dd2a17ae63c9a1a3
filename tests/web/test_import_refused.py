"""Files that are no tables, nasty ones, and people who may not: what the wizard refuses, and that nothing is left."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest
from django.conf import settings as ours

from fuxiao.base.permissions import Role
from fuxiao.datasets.models import ImportJob, State, Upload
from import_site import CASES, archive, begun, checked, post, send, text_of, workbook
from web.conftest import account, signed_in
from web.test_import_wizard import own_home

__all__ = ["own_home"]
pytestmark = [pytest.mark.django_db, pytest.mark.both]


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("cases.csv", b"0" * (66 << 20))
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("工单.exe", b"MZ", "不认识"),
        ("工单", b"id\n1\n", "不认识"),
        ("空.csv", b"", "没有数据"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_beside_the_field_and_leaves_nothing(owner, name, content, said):
    answer = send(owner, content, name)
    assert (answer.status_code, said in text_of(answer)) == (400, True)
    assert (Upload.objects.count(), list((ours.HOME / "uploads").glob("*"))) == (0, [])


def test_no_file_at_all_is_said_in_words(owner):
    answer = owner.post("/data/import/", {})
    assert (answer.status_code, "还没有选文件" in text_of(answer)) == (400, True)


def test_a_file_over_the_limit_is_refused_in_words(owner, settings):
    settings.UPLOAD_LIMIT = 1 << 20
    answer = send(owner, b"id\n" + b"1\n" * (1 << 20))
    assert (answer.status_code, "超过 1 MB 的上限" in text_of(answer)) == (400, True)
    assert list((ours.HOME / "uploads").glob("*")) == []


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("坏.xlsx", b"PK\x03\x04 not really", "读不了"),
        ("坏.zip", b"PK\x03\x04 not really", "打不开"),
        ("坏.csv.gz", gzip.compress(b"id\n1\n")[:-9], "打不开"),
        ("逃.zip", archive(**{"../../evil_csv": "id\n1\n"}), "包外"),
        ("炸弹.zip", bomb(), "超过上限"),
        ("空表.xlsx", workbook(("Sheet1", [])), "没有数据"),
        ("只有表头.csv", b"\n\n\n", "没有数据"),
        ("坏.json", b"[{", "读不了"),
        ("坏.parquet", b"PAR1", "读不了"),
    ],
    ids=["workbook", "archive", "cut off", "leaves the folder", "bomb", "empty", "blank", "json", "parquet"],
)
def test_a_nasty_file_fails_with_words_and_is_thrown_away_on_request(owner, name, content, said):
    job = begun(owner, content, name)
    job.refresh_from_db()
    page = text_of(owner.get(f"/data/import/{job.pk}/"))
    assert (job.state, said in page) == (State.FAILED, True), job.problems
    assert post(owner, job, "discard").status_code == 302
    assert (ImportJob.objects.count(), list((ours.HOME / "uploads").glob("*"))) == (0, [])


@pytest.mark.parametrize(
    "name", ["../../../evil.csv", "C:\\x\\工单.csv", "a\u202eb.csv", "<img src=x>.csv", "con?.csv"]
)
def test_the_name_of_a_file_never_leaves_its_folder_or_turns_into_markup(owner, name):
    job = begun(owner, CASES, name)
    assert job.upload.file.parent.parent == ours.HOME / "uploads"
    page = text_of(owner.get(f"/data/import/{job.pk}/columns"))
    assert "<img src=x>" not in page
    assert "\u202e" not in page


def test_cells_of_a_file_are_shown_as_text(owner):
    nasty = "<script>alert(1)</script>"
    job = begun(owner, f"工单号,受理时间,责任人,{nasty}\nA1,2026-10-05 09:00,{nasty},\0x\n")
    page = text_of(owner.get(f"/data/import/{job.pk}/columns")) + checked(owner, job)
    assert nasty not in page
    assert "&lt;script&gt;" in page


def test_an_import_is_for_those_who_may_see_data_only(owner, engineer, lead):
    job = begun(owner)
    for who in (engineer, lead):
        for address in ("/data/", "/data/import/", f"/data/import/{job.pk}/", f"/data/import/{job.pk}/rejected.csv"):
            assert who.get(address).status_code == 403
        assert who.post(f"/data/import/{job.pk}/start", {"version": 1}).status_code == 403
        assert who.post("/data/loads/1/undo").status_code == 403
    auditor = signed_in(account("auditor", Role.AUDITOR))
    assert auditor.get("/data/").status_code == 200
    assert auditor.get(f"/data/import/{job.pk}/columns").status_code == 403
    assert owner.get("/data/import/999/").status_code == 404


@pytest.mark.parametrize("nonsense", ["9" * 5000, "²", "-1", "x", "1.5"])
def test_a_version_that_is_no_number_changes_nothing(owner, nonsense):
    job = begun(owner)
    for step in ("layout", "check", "start", "people", "text"):
        answer = owner.post(f"/data/import/{job.pk}/{step}", {"version": nonsense, "header": nonsense})
        assert answer.status_code in (400, 409), (step, answer.status_code)
    version = job.version
    job.refresh_from_db()
    assert job.version == version
