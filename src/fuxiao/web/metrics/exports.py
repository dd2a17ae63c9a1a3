"""Downloads of exactly what a page shows: CSV or XLSX with what was chosen and when; nothing in them runs."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from django.http import Http404, HttpResponse

from fuxiao.datasets.export import Cell, defused, plain, write_workbook
from fuxiao.web.words import t

FORMS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Download:
    """A table and what it is: ``about`` are label and value of what was chosen, the moment among them."""

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    about: Sequence[tuple[str, str]] = field(default_factory=tuple)


def answer(download: Download, form: str) -> HttpResponse:
    """The file as an answer; 404 for a form there is not."""
    if form not in FORMS:
        raise Http404
    content = _csv(download) if form == "csv" else _xlsx(download)
    response = HttpResponse(content, content_type=FORMS[form])
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(download.name)}.{form}"
    return response


def _csv(download: Download) -> bytes:
    """What was chosen, an empty line, the table; with the mark that makes Excel read UTF-8."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerows([defused(cell) for cell in pair] for pair in download.about)
    writer.writerow([])
    writer.writerow([defused(heading) for heading in download.headings])
    writer.writerows([defused(plain(cell)) for cell in row] for row in download.rows)
    return stream.getvalue().encode("utf-8-sig")


def _xlsx(download: Download) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "download.xlsx"
        write_workbook(path, {
            t("数据", "Data"): (download.headings, download.rows),
            t("说明", "About"): ((t("项目", "Item"), t("内容", "Value")), download.about),
        })  # fmt: skip
        return path.read_bytes()
