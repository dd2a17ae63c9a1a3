"""A list of people taken over from a file: upload, columns, what it would change, all of it or nothing."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.base.wording import say, say_error
from fuxiao.core.errors import FuxiaoError
from fuxiao.datasets.export import Cell
from fuxiao.org.changes import plain
from fuxiao.org.models import Team
from fuxiao.org.sheet_actions import take_over
from fuxiao.org.sheet_file import FIELDS, SheetFile, match_headers, read_file
from fuxiao.org.sheet_plan import Kind, Planned, Planner
from fuxiao.web import words
from fuxiao.web.access import Request, allowed
from fuxiao.web.org.labels import LABELS, digits, may_see, shown
from fuxiao.web.org.people import day
from fuxiao.web.org.positions import position_code
from fuxiao.web.org.sheets import download
from fuxiao.web.words import t

HELD = "people_sheet"
LARGEST = 20 * 1024 * 1024
ENDINGS = (".xlsx", ".xls", ".ods", ".csv", ".tsv", ".txt")
SHOWN = 200
"""Lines of a preview; those with something to say come first."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A file, the header chosen for each field, what its lines would change, and the teams that there are not yet."""

    file: SheetFile
    chosen: dict[str, str]
    planned: list[Planned]
    unknown: list[str]
    made: list[Team]

    @property
    def counts(self) -> Counter[str]:
        return Counter(each.kind.value for each in self.planned)


@allowed(Permission.ORG_WRITE)
@require_http_methods(["GET", "POST"])
def people_import(request: Request) -> HttpResponse:
    """The one page of the import, whatever stage it is at."""
    if request.method == "POST":
        return _post(request)
    held = request.session.get(HELD)
    if not held or not default_storage.exists(held["file"]):
        return render(request, "org/import.html", {"most": LARGEST >> 20})
    try:
        preview = _preview(request, held["file"], request.GET)
    except FuxiaoError as refused:
        _discard(request)
        return _refused(request, say_error(refused, words.language()))
    if request.GET.get("as") == "csv":
        return _rejected(preview)
    return render(request, "org/import_preview.html", _context(preview, held["name"]))


def _post(request: Request) -> HttpResponse:
    if "file" in request.FILES:
        return _take(request)
    held = request.session.get(HELD)
    if held and request.POST.get("do") == "apply":
        preview = _preview(request, held["file"], request.POST)
        counts = take_over(request.viewer, preview.planned, name=held["name"], at=now(), teams=preview.made)
        _discard(request)
        messages.success(request, t(
            "已导入：新增 {new} 人，修改 {changed} 人，{unchanged} 人不变。",
            "Imported: {new} new, {changed} changed, {unchanged} unchanged.",
            new=counts[Kind.NEW], changed=counts[Kind.CHANGED], unchanged=counts[Kind.UNCHANGED],
        ))  # fmt: skip
        return redirect("people")
    _discard(request)
    return redirect("people_import")


def _take(request: Request) -> HttpResponse:
    """Keep the file until the list is taken over or thrown away; each session has one at most."""
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        return redirect("people_import")
    ending = Path(file.name or "").suffix.lower()
    if ending not in ENDINGS or (file.size or 0) > LARGEST:
        return _refused(request, [t(
            "请上传不超过 {most} MB 的 XLSX、XLS、ODS 或 CSV 文件。",
            "Upload an XLSX, XLS, ODS or CSV file of {most} MB at most.", most=LARGEST >> 20,
        )])  # fmt: skip
    _discard(request)
    kept = default_storage.save(f"people/{uuid.uuid4().hex}{ending}", file)
    request.session[HELD] = {"file": kept, "name": Path(file.name or "").name}
    return redirect("people_import")


def _refused(request: Request, lines: list[str]) -> HttpResponse:
    return render(request, "org/import.html", {"lines": lines, "most": LARGEST >> 20}, status=422)


def _discard(request: Request) -> None:
    held = request.session.pop(HELD, None)
    if held:
        default_storage.delete(held["file"])


def _preview(request: Request, name: str, asked: Any) -> Preview:
    file = read_file(settings.HOME, Path(default_storage.path(name)))
    fields = [field for field in FIELDS if may_see(request.viewer, field)]
    chosen = match_headers(file.headers, fields)
    if "number" in asked:
        chosen = {field: asked[field] for field in fields if asked.get(field) in file.headers}
    rows = [(line, {field: cells[header] for field, header in chosen.items()}) for line, cells in file.rows]
    make = asked["make"] == "1" if "make" in asked else not Team.objects.exists()
    planner = Planner(position_code, digits(), make_teams=make)
    return Preview(file, chosen, planner.plan(rows), planner.unknown, list(planner.made.values()))


def _context(preview: Preview, name: str) -> dict[str, object]:
    order = list(Kind)
    first = {Kind.REFUSED: 0, Kind.NEW: 1, Kind.CHANGED: 2, Kind.UNCHANGED: 3}
    lines = sorted(preview.planned, key=lambda each: (first[each.kind], each.line))[:SHOWN]
    return {
        "name": name, "headers": preview.file.headers, "counts": [(kind.value, preview.counts[kind]) for kind in order],
        "columns": [(field, LABELS[field], preview.chosen.get(field, "")) for field in FIELDS],
        "lines": [(each, reasons(each), _differences(each)) for each in lines], "left_out": len(preview.planned) - len(lines),
        "refused": preview.counts[Kind.REFUSED], "open": preview.counts[Kind.NEW] + preview.counts[Kind.CHANGED],
        "unused": [each for each in preview.file.headers if each not in preview.chosen.values()],
        "chosen": preview.chosen, "unknown_teams": preview.unknown, "makes_teams": bool(preview.made),
    }  # fmt: skip


def reasons(planned: Planned) -> list[str]:
    """What is wrong with a line, field by field."""
    lang = words.language()
    return [f"{LABELS[issue.where]}: {say(issue.code, lang, issue.params)}" for issue in planned.issues]


def _differences(planned: Planned) -> list[tuple[str, str, str]]:
    if planned.kind is Kind.NEW:
        return _taken_on(planned)
    return [
        (str(LABELS[field]), shown(field, old), shown(field, new)) for field, (old, new) in planned.differs.items()
    ]  # fmt: skip


def _taken_on(planned: Planned) -> list[tuple[str, str, str]]:
    """Where somebody new is posted and since when they are employed, with nothing before."""
    post = planned.post
    told: dict[str, object] = {"team": post and post.team.name, "position": post and post.position}
    told |= {name: plain(planned.given.get(name)) for name in ("hired_on", "manager")}
    return [(str(LABELS[name]), "", shown(name, value)) for name, value in told.items() if value]


def _rejected(preview: Preview) -> HttpResponse:
    """The refused lines as they were, with their place and the reasons."""
    cells = dict(preview.file.rows)
    rows: list[list[Cell]] = [
        [each.line, "; ".join(reasons(each)), *cells[each.line].values()]
        for each in preview.planned if each.kind is Kind.REFUSED
    ]  # fmt: skip
    headings = [t("行", "line"), t("原因", "reason"), *preview.file.headers]
    return download(t("未导入的行", "rejected"), headings, rows, "csv", stamp=day())
