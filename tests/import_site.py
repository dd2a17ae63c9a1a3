"""Small tools for tests of the import pages: send a file, press the buttons, look into the lake."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from fuxiao.datasets.models import ImportJob
from fuxiao.datasets.store import Store

CASES = (
    "工单号,受理时间,首次响应时间,解决时间,责任人,产品,备注\n"
    "A1,2026-10-05 09:00,2026-10-05 09:10,2026-10-05 15:00,张伟,冰箱,=1+1\n"
    "A2,2026-10-06 10:00,2026-10-06 10:40,2026-10-07 11:00,王芳,洗衣机,ok\n"
    "A3,2026-10-07 11:00,,,张三,冰箱,ok\n"
    "A4,明天,,,张伟,洗衣机,=cmd|' /C calc'!A0\n"
)


def send(client: Client, content: str | bytes = CASES, name: str = "工单.csv") -> Any:
    """Upload a file; the answer."""
    data = content if isinstance(content, bytes) else content.encode()
    return client.post("/data/import/", {"file": SimpleUploadedFile(name, data)})


def begun(client: Client, content: str | bytes = CASES, name: str = "工单.csv") -> ImportJob:
    """Upload a file that is taken; its import."""
    answer = send(client, content, name)
    assert answer.status_code == 302, answer.content.decode()
    return ImportJob.objects.latest("id")


def post(client: Client, job: ImportJob, step: str, **data: Any) -> Any:
    """Press a button of the wizard on the newest state of the import."""
    job.refresh_from_db()
    return client.post(f"/data/import/{job.pk}/{step}", {"version": job.version, **data})


def chosen(job: ImportJob, **changed: str) -> dict[str, str]:
    """The selects of the columns page as they stand, but for the headers named."""
    from fuxiao.web.datasets.columns import ColumnsForm

    rows = ColumnsForm(job, None).rows()
    return {row.field: changed.get(row.look.header, row.target) for row in rows}


def checked(client: Client, job: ImportJob, **changed: str) -> str:
    """Go on from the columns to the dry run; its page."""
    job.refresh_from_db()
    answer = post(client, job, "columns", **chosen(job, **changed))
    assert answer.status_code == 302, answer.content.decode()
    page = client.get(f"/data/import/{job.pk}/check")
    assert page.status_code == 200, page.get("Location")
    return page.content.decode()


def imported(client: Client, content: str | bytes = CASES, name: str = "工单.csv") -> ImportJob:
    """All the way into the lake."""
    job = begun(client, content, name)
    checked(client, job)
    assert post(client, job, "start", keep="1", save_as="工单").status_code == 302
    job.refresh_from_db()
    return job


def stored(dataset: str, *columns: str) -> list[tuple[Any, ...]]:
    """The current records of the lake, sorted."""
    with Store.open(settings.HOME, memory="500MB", threads=1) as store:
        table = store.execute(store.records(dataset).select(*columns))
        return sorted((tuple(row[c] for c in columns) for row in table.to_pylist()), key=str)


def text_of(answer) -> str:
    return answer.content.decode()


def workbook(*sheets: tuple[str, list[list[object]]]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(out)
    return out.getvalue()


def archive(**members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in members.items():
            packed.writestr(name.replace("_csv", ".csv"), content)
    return out.getvalue()
