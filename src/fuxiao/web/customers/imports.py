"""A list of customers or devices taken over from a file: upload, columns, what it would change, all or nothing."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
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
from fuxiao.org.sheet_file import SheetFile, read_file
from fuxiao.org.sheet_plan import Kind
from fuxiao.service.sheet_plan import NAMES, Line, headers_of, plan, take_over
from fuxiao.web import words
from fuxiao.web.access import Request, allowed
from fuxiao.web.customers.forms import NewCustomerForm, NewDeviceForm
from fuxiao.web.org.imports import ENDINGS, LARGEST, SHOWN
from fuxiao.web.words import t

FORMS = {"customers": NewCustomerForm, "devices": NewDeviceForm}
FIRST = {Kind.REFUSED: 0, Kind.NEW: 1, Kind.CHANGED: 2, Kind.UNCHANGED: 3}


@dataclass(frozen=True, slots=True)
class Preview:
    """A file, the header chosen for each field, and what its lines would change."""

    file: SheetFile
    chosen: dict[str, str]
    lines: list[Line]


@allowed(Permission.CUSTOMERS_WRITE)
@require_http_methods(["GET", "POST"])
def customers_import(request: Request) -> HttpResponse:
    """A list of customers."""
    return _page(request, "customers")


@allowed(Permission.CUSTOMERS_WRITE)
@require_http_methods(["GET", "POST"])
def devices_import(request: Request) -> HttpResponse:
    """A list of devices."""
    return _page(request, "devices")


def _page(request: Request, what: str) -> HttpResponse:
    """The one page of the import, whatever stage it is at."""
    if request.method == "POST":
        return _post(request, what)
    held = request.session.get(_place(what))
    if not held or not default_storage.exists(held["file"]):
        return _begin(request, what)
    try:
        preview = _preview(what, held["file"], request.GET)
    except FuxiaoError as refused:
        _discard(request, what)
        return _begin(request, what, lines=say_error(refused, words.language()))
    return render(request, "customers/import_preview.html", _context(what, preview, held["name"]))


def _post(request: Request, what: str) -> HttpResponse:
    if "file" in request.FILES:
        return _take(request, what)
    held = request.session.get(_place(what))
    if held and request.POST.get("do") == "apply":
        preview = _preview(what, held["file"], request.POST)
        counts = take_over(request.viewer, what, preview.lines, name=held["name"], at=now())
        _discard(request, what)
        messages.success(request, t(
            "已导入：新增 {new}，修改 {changed}，不变 {unchanged}。",
            "Imported: {new} new, {changed} changed, {unchanged} unchanged.",
            new=counts[Kind.NEW], changed=counts[Kind.CHANGED], unchanged=counts[Kind.UNCHANGED],
        ))  # fmt: skip
        return redirect(what)
    _discard(request, what)
    return redirect(f"{what}_import")


def _take(request: Request, what: str) -> HttpResponse:
    """Keep the file until the list is taken over or thrown away."""
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        return redirect(f"{what}_import")
    ending = Path(file.name or "").suffix.lower()
    if ending not in ENDINGS or (file.size or 0) > LARGEST:
        return _begin(request, what, lines=[t(
            "请上传不超过 {most} MB 的 XLSX、XLS、ODS 或 CSV 文件。",
            "Upload an XLSX, XLS, ODS or CSV file of {most} MB at most.", most=LARGEST >> 20,
        )])  # fmt: skip
    _discard(request, what)
    kept = default_storage.save(f"{what}/{uuid.uuid4().hex}{ending}", file)
    request.session[_place(what)] = {"file": kept, "name": Path(file.name or "").name}
    return redirect(f"{what}_import")


def _begin(request: Request, what: str, *, lines: list[str] | None = None) -> HttpResponse:
    context = {"what": what, "lines": lines, "most": LARGEST >> 20, "back": what, "here": f"{what}_import"}
    return render(request, "customers/import.html", context, status=422 if lines else 200)


def _place(what: str) -> str:
    return f"{what}_sheet"


def _discard(request: Request, what: str) -> None:
    held = request.session.pop(_place(what), None)
    if held:
        default_storage.delete(held["file"])


def _preview(what: str, name: str, asked: Mapping[str, Any]) -> Preview:
    file = read_file(settings.HOME, Path(default_storage.path(name)))
    fields = list(NAMES[what])
    chosen = headers_of(what, file.headers)
    if fields[0] in asked:
        chosen = {field: asked[field] for field in fields if asked.get(field) in file.headers}
    rows = [(line, {field: cells[header] for field, header in chosen.items()}) for line, cells in file.rows]
    return Preview(file, chosen, plan(what, rows))


def _context(what: str, preview: Preview, name: str) -> dict[str, object]:
    counts = Counter(each.kind for each in preview.lines)
    shown = sorted(preview.lines, key=lambda each: (FIRST[each.kind], each.line))[:SHOWN]
    labels = {field: FORMS[what].base_fields[field].label for field in NAMES[what]}
    return {
        "what": what, "here": f"{what}_import", "back": what, "name": name, "headers": preview.file.headers,
        "counts": [(kind.value, counts[kind]) for kind in Kind], "chosen": preview.chosen,
        "columns": [(field, label, preview.chosen.get(field, "")) for field, label in labels.items()],
        "lines": [(each, list(_reasons(each, labels)), list(_differences(each, labels))) for each in shown],
        "left_out": len(preview.lines) - len(shown), "refused": counts[Kind.REFUSED],
        "open": counts[Kind.NEW] + counts[Kind.CHANGED], "key": next(iter(NAMES[what])),
    }  # fmt: skip


def _reasons(line: Line, labels: Mapping[str, Any]) -> Iterator[str]:
    for issue in line.issues:
        yield t("{label}：{reason}", "{label}: {reason}", label=labels[issue.where],
                reason=say(issue.code, words.language(), issue.params))  # fmt: skip


def _differences(line: Line, labels: Mapping[str, Any]) -> Iterator[tuple[str, object, object]]:
    for field, (old, new) in line.differs.items():
        yield str(labels[field]), old or t("空", "empty"), new
