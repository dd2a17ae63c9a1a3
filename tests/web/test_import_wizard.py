"""A file on its way from the browser into the lake."""

from __future__ import annotations

import pytest

from fuxiao.studio.packs import make_home
from import_site import begun, checked, post, stored

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_home(tmp_path, settings):
    """A lake of this test alone."""
    settings.HOME = tmp_path / "home"
    make_home(settings.HOME, pack="appliance", name="澜川电器", zone="Asia/Shanghai", currency="CNY", language="zh")


def text_of(answer) -> str:
    return answer.content.decode()


def test_a_file_comes_in_with_names_people_and_reasons_and_reads_as_figures(owner):
    job = begun(owner)
    page = text_of(owner.get(f"/data/import/{job.pk}/columns"))
    assert "工单.csv" in page
    assert '<option value="cases.case_id" selected>' in page
    page = checked(owner, job)
    assert "会拒收的行" in page
    assert "张三" in page
    assert post(owner, job, "start", keep="1", save_as="工单").status_code == 302
    page = text_of(owner.get(f"/data/import/{job.pk}/"))
    assert "已完成" in page
    assert stored("cases", "case_id", "owner", "product") == [
        ("A1", "E3", "冰箱"), ("A2", "E2", "洗衣机"), ("A3", "张三", "冰箱"),
    ]  # fmt: skip
    refused = b"".join(owner.get(f"/data/import/{job.pk}/rejected.csv").streaming_content).decode("utf-8-sig")
    assert refused.splitlines()[1].startswith("A4,明天,,,张伟,洗衣机,'=cmd|' /C calc'!A0,工单.csv,5,受理时间,")
    assert "首次响应" in text_of(owner.get("/values/?period=2026-10"))
    source = text_of(owner.get("/data/"))
    assert "工单.csv" in source
    assert "25.0%" in source
