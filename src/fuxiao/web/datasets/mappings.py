"""Mappings that are kept for the next file of the same kind."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.base.wording import say_error
from fuxiao.core.errors import DefinitionError
from fuxiao.datasets import actions, queries
from fuxiao.datasets.importing.mapping_read import parse_draft
from fuxiao.web import words
from fuxiao.web.access import Request, allowed
from fuxiao.web.datasets.columns import dataset_name
from fuxiao.web.words import t


@allowed(Permission.DATA_READ)
@require_GET
def mappings(request: Request) -> HttpResponse:
    """All of them, with what they feed."""
    found = [(name, *_about(text)) for name, text in queries.saved_mappings(settings.HOME)]
    return render(request, "datasets/mappings.html", {"mappings": found})


def _about(text: str) -> tuple[str, int, int]:
    """The datasets, the number of columns used, and the number of faults."""
    try:
        mapping, issues = parse_draft(text)
    except DefinitionError as refused:
        return "", 0, len(refused.issues)
    columns = {header for table in mapping.tables for header in table.sources()}
    return t("、", ", ").join(dataset_name(table.dataset) for table in mapping.tables), len(columns), len(issues)


@allowed(Permission.DATA_WRITE)
@require_http_methods(["GET", "POST"])
def mapping(request: Request, name: str) -> HttpResponse:
    """Correct one; what is wrong is listed and nothing is saved."""
    kept = queries.saved_mapping(settings.HOME, name)
    given, problems = kept, list[str]()
    if request.method == "POST":
        given = request.POST.get("text", "").replace("\r\n", "\n")
        before = request.POST.get("before", "").replace("\r\n", "\n")
        try:
            actions.save_mapping(request.viewer, name, given, before=before, at=now())
        except DefinitionError as refused:
            problems = say_error(refused, words.language())
        else:
            messages.success(request, t("映射“{name}”已保存。", "The mapping “{name}” was saved.", name=name))
            return redirect("mappings")
    context = {"name": name, "text": given, "before": kept, "problems": problems}
    return render(request, "datasets/mapping.html", context, status=400 if problems else 200)


@allowed(Permission.DATA_WRITE)
@require_POST
def delete(request: Request, name: str) -> HttpResponse:
    actions.delete_mapping(request.viewer, name, at=now())
    messages.success(request, t("映射“{name}”已删除。", "The mapping “{name}” was deleted.", name=name))
    return redirect("mappings")
