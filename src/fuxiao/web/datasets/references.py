"""Records that name a case, a device, a customer or a person that is not in the store, as it is now."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.datasets.export import Cell
from fuxiao.datasets.importing.words import advice
from fuxiao.datasets.open_references import open_reference, open_references, open_rows
from fuxiao.datasets.references import Reference, Unfit
from fuxiao.datasets.store import Store
from fuxiao.web import words
from fuxiao.web.access import Request, allowed
from fuxiao.web.datasets.columns import column_name, dataset_name
from fuxiao.web.lake import lake
from fuxiao.web.metrics.exports import Download, answer
from fuxiao.web.words import t

_KEPT: dict[tuple[str, int], list[Unfit]] = {}
"""What is open in the newest state of the records."""


@dataclass(frozen=True, slots=True)
class Open:
    """One kind of reference that fits nothing, in words."""

    name: str
    where: str
    what: str
    todo: str
    records: int
    examples: str


@allowed(Permission.DATA_READ)
@require_GET
def references(request: Request) -> HttpResponse:
    """All of them by column; a part of the page of sources, and a page of its own."""
    with lake() as store:
        found = [_shown(each) for each in _open(store)]
    page = "datasets/references.html#list" if request.htmx else "datasets/references.html"
    return render(request, page, {"open": found})


@allowed(Permission.DATA_READ)
@require_GET
def listed(request: Request, name: str, form: str) -> HttpResponse:
    """The records behind one of them, with the file and the line they came with."""
    with lake() as store:
        reference = open_reference(store, name)
        rows: list[list[Cell]] = [
            [" / ".join(each.key), each.value, each.near, each.file, each.line] for each in open_rows(store, reference)
        ]
    headings = [t("记录", "Record"), column_name(reference.dataset, reference.column), t("可能是", "May mean"),
                t("文件", "File"), t("行号", "Line")]  # fmt: skip
    about = [(t("引用", "Reference"), _where(reference)), (t("时间", "Moment"), f"{now():%Y-%m-%d %H:%M} UTC")]
    return answer(Download(name, headings, rows, about), form)


def _open(store: Store) -> list[Unfit]:
    state = str(store.home), store.manifest.records_generation
    if state not in _KEPT:
        found = open_references(store)
        _KEPT.clear()
        _KEPT[state] = found
    return _KEPT[state]


def _shown(unfit: Unfit) -> Open:
    lang, reference = words.language(), unfit.reference
    return Open(
        reference.name, _where(reference), unfit.worded(lang), advice(reference.code, lang), unfit.records,
        t("、", ", ").join(value for value, _ in unfit.examples),
    )  # fmt: skip


def _where(reference: Reference) -> str:
    return f"{dataset_name(reference.dataset)} · {column_name(reference.dataset, reference.column)}"
