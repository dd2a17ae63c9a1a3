"""The import wizard: a file, what its columns mean, who its people are, a dry run, the import."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fuxiao.base.clock import now, ticking
from fuxiao.base.permissions import Permission
from fuxiao.base.wording import say_error
from fuxiao.core.errors import DefinitionError, InputError
from fuxiao.datasets import actions, pull_actions, queries
from fuxiao.datasets.files import known_kinds
from fuxiao.datasets.models import ImportJob, State
from fuxiao.web import words
from fuxiao.web.access import Request, allowed
from fuxiao.web.datasets import checking
from fuxiao.web.datasets import columns as shown_columns
from fuxiao.web.datasets.downloads import defused_lines, workbook_of
from fuxiao.web.datasets.presenters import progress_of, result_of
from fuxiao.web.metrics.exports import FORMS
from fuxiao.web.pages import whole
from fuxiao.web.words import t


def _job(request: Request, number: int) -> ImportJob:
    return queries.job(request.viewer, number)


def _version(request: Request) -> int:
    return whole(request.POST.get("version", ""), 0)


def _sent(request: Request) -> tuple[str, Iterable[bytes]]:
    """The name and the pieces of the file that was sent."""
    file = request.FILES.get("file")
    if file is None:
        raise InputError("upload.none")
    return str(file.name), file.chunks()


@allowed(Permission.DATA_WRITE)
@require_http_methods(["GET", "POST"])
def begin(request: Request) -> HttpResponse:
    """Choose a file. What cannot be taken is said beside the field."""
    problems: list[str] = []
    if request.method == "POST":
        try:
            made = actions.receive(request.viewer, *_sent(request), at=now())
        except InputError as refused:
            problems = say_error(refused, words.language())
        else:
            return redirect("import_job", made.pk)
    context = {"problems": problems, "kinds": known_kinds(), "limit": settings.UPLOAD_LIMIT >> 20,
               "drafts": queries.jobs(request.viewer).filter(by_id=request.viewer.account, state=State.DRAFT)[:5]}  # fmt: skip
    return render(request, "datasets/begin.html", context, status=400 if problems else 200)


@allowed(Permission.DATA_READ)
@require_GET
def job(request: Request, number: int) -> HttpResponse:
    """Where an import stands: how far a worker is, or what came out. A draft goes on where it was left."""
    found = _job(request, number)
    if queries.is_lost(found, at=ticking()):
        actions.queue_lost(at=ticking())
        found.refresh_from_db()
    if found.is_busy:
        part = "datasets/progress.html#state" if request.htmx else "datasets/progress.html"
        return render(request, part, {"job": found, "progress": progress_of(found)})
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": request.path})
    if found.state == State.DRAFT:
        return redirect("import_check" if found.found else "import_columns", found.pk)
    return render(request, "datasets/result.html", {"job": found, "result": result_of(found)})


@allowed(Permission.DATA_WRITE)
@require_POST
def layout(request: Request, number: int) -> HttpResponse:
    """Another sheet, header line or member of the archive; or all that have one header."""
    found = _job(request, number)
    given: dict[str, object] = {}
    for name in ("sheet", "member"):
        if request.POST.get(name):
            given[name] = request.POST[name]
    line = whole(request.POST.get("header", ""), -1)
    moved = given.get("member") not in {None, found.look.get("member")}
    if moved:
        given.pop("sheet", None)
    other = moved or given.get("sheet") not in {None, found.look.get("sheet")}
    # Another table has its header elsewhere: the line that stood in the form was of the one before.
    if line >= 0 and not (other and line == found.look.get("header")):
        given["header"] = line
    if found.layout.get("member") and "member" not in given:
        given["member"] = found.layout["member"]
    actions.look_again(request.viewer, found, given, version=_version(request), at=now())
    return redirect("import_job", found.pk)


@allowed(Permission.DATA_WRITE)
@require_http_methods(["GET", "POST"])
def columns(request: Request, number: int) -> HttpResponse:
    """What each column of the file becomes."""
    found = _job(request, number)
    if found.state != State.DRAFT:
        return redirect("import_job", found.pk)
    if "columns" not in found.look:
        return render(request, "datasets/members.html", {"job": found})
    form = shown_columns.ColumnsForm(found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if form.changed:
            actions.change_mapping(request.viewer, found, form.mapping, version=_version(request), at=now())
            found.refresh_from_db()
        if "add" in request.POST:
            return redirect("import_columns", found.pk)
        return _check(request, found, found.version)
    return _columns_page(request, found, form)


def _columns_page(
    request: Request,
    found: ImportJob,
    form: shown_columns.ColumnsForm,
    *,
    text: str = "",
    problems: list[str] | None = None,
) -> HttpResponse:
    context = {"job": found, "form": form, "look": found.look, "text": text or found.mapping, "text_problems": problems or [],
               "problems": found.problems.get(words.language(), [])}  # fmt: skip
    refused = bool(problems) or bool(form.errors)
    return render(request, "datasets/columns.html", context, status=400 if refused else 200)


@allowed(Permission.DATA_WRITE)
@require_POST
def text(request: Request, number: int) -> HttpResponse:
    """The mapping as TOML, for whoever knows how; all issues are listed beside it."""
    found = _job(request, number)
    given = request.POST.get("text", "").replace("\r\n", "\n")
    try:
        actions.change_mapping_text(request.viewer, found, given, version=_version(request), at=now())
    except DefinitionError as refused:
        form = shown_columns.ColumnsForm(found, None)
        return _columns_page(request, found, form, text=given, problems=say_error(refused, words.language()))
    return redirect("import_columns", found.pk)


@allowed(Permission.DATA_WRITE)
@require_http_methods(["GET", "POST"])
def check(request: Request, number: int) -> HttpResponse:
    """What the import would bring: people, the first rows, the quality of the data."""
    found = _job(request, number)
    if request.method == "POST":
        return _check(request, found, _version(request))
    if found.state != State.DRAFT:
        return redirect("import_job", found.pk)
    if not found.found:
        return redirect("import_columns", found.pk)
    return render(request, "datasets/check.html", checking.page_of(request.viewer, found))


def _check(request: Request, found: ImportJob, version: int) -> HttpResponse:
    actions.check(request.viewer, found, version=version, at=now())
    return redirect("import_job", found.pk)


@allowed(Permission.DATA_WRITE)
@require_POST
def people(request: Request, number: int) -> HttpResponse:
    """Who the people named in the file are."""
    found = _job(request, number)
    chosen, wrong = checking.chosen(request.POST)
    if wrong:
        context = checking.page_of(request.viewer, found, given=chosen | wrong, wrong=frozenset(wrong))
        return render(request, "datasets/check.html", context, status=400)
    actions.name_people(request.viewer, found, found.people | chosen, version=_version(request), at=now())
    messages.success(request, t("人员对应已保存。", "People are matched."))
    return redirect("import_check", found.pk)


@allowed(Permission.DATA_WRITE)
@require_POST
def start(request: Request, number: int) -> HttpResponse:
    """Import, with the people as they stand on the page."""
    found = _job(request, number)
    if found.pull_id is not None:
        return _settle(request, found)
    keep = request.POST.get("save_as", "").strip() if request.POST.get("keep") else ""
    try:
        actions.start(
            request.viewer, found, people=checking.settled(found), save_as=keep,
            version=_version(request), at=now(),
        )  # fmt: skip
    except InputError as refused:
        context = checking.page_of(request.viewer, found) | {"name_problems": say_error(refused, words.language())}
        return render(request, "datasets/check.html", context, status=400)
    return redirect("import_job", found.pk)


def _settle(request: Request, found: ImportJob) -> HttpResponse:
    """What the columns of a sample mean is said: from now on the database is read."""
    pull_actions.settle(
        request.viewer, found, checking.settled(found), version=_version(request), at=now(), tick=ticking()
    )
    messages.success(request, t("同步已设好，第一次读取已经开始。", "The pull is set up; its first reading has begun."))
    return redirect("pull", found.pull_id)


@allowed(Permission.DATA_WRITE)
@require_POST
def cancel(request: Request, number: int) -> HttpResponse:
    found = _job(request, number)
    actions.cancel(request.viewer, found, at=now())
    return redirect("import_job", found.pk)


@allowed(Permission.DATA_WRITE)
@require_POST
def reopen(request: Request, number: int) -> HttpResponse:
    """Back to the columns of an import that failed or was stopped."""
    found = _job(request, number)
    actions.reopen(request.viewer, found, at=now())
    return redirect("import_columns", found.pk)


@allowed(Permission.DATA_WRITE)
@require_POST
def discard(request: Request, number: int) -> HttpResponse:
    found = _job(request, number)
    actions.discard(request.viewer, found, at=now())
    messages.success(request, t("已丢弃 {name}。", "{name} was thrown away.", name=found.upload.name))
    return redirect("sources")


@allowed(Permission.DATA_READ)
@require_GET
def rejected(request: Request, number: int, form: str) -> HttpResponseBase:
    """The refused rows with their reasons; no cell becomes a formula. As a workbook numbers keep their zeros."""
    found = _job(request, number)
    kept = Path(found.report.get("rejected_file") or "")
    if not kept.is_file() or form not in FORMS:
        raise Http404
    name = content_disposition_header(as_attachment=True, filename=f"{Path(found.upload.name).stem}-rejected.{form}")
    headers = {"Content-Disposition": name or "attachment"}
    content = defused_lines(kept) if form == "csv" else [workbook_of(kept)]
    return StreamingHttpResponse(content, content_type=FORMS[form], headers=headers)
