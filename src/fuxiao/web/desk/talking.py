"""What one adds to a case: comments, tasks, links, files; and files read back."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET, require_POST

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.base.wording import say_error
from fuxiao.core.errors import FuxiaoError
from fuxiao.service.actions import files, talk
from fuxiao.service.models import Attachment, Link
from fuxiao.web import words
from fuxiao.web.access import Request, allowed
from fuxiao.web.desk.forms import local
from fuxiao.web.desk.people import person_named
from fuxiao.web.desk.reading import case_or_404
from fuxiao.web.words import t


@allowed(Permission.CASE_WRITE)
@require_POST
def comment(request: Request, number: str) -> HttpResponse:
    """Answer the customer, or remark something for colleagues."""
    case_or_404(request, number)
    public = request.POST.get("to") == "customer"
    try:
        made, strangers = talk.comment(request.viewer, number, request.POST.get("text", ""), public=public, at=now())
    except FuxiaoError as refused:
        _tell(request, refused)
    else:
        told = "、".join(person.name for person in made.mentions.all())
        words_ = t("已回复客户", "The customer is answered") if public else t("备注已保存", "The comment is saved")
        messages.success(request, t("{done}，已提醒{names}。", "{done}; {names} told.", done=words_, names=told) if told
                         else t("{done}。", "{done}.", done=words_))  # fmt: skip
        if strangers:
            names = "、".join(person.name for person in strangers)
            messages.warning(
                request,
                t(
                    "{names}看不到这张工单，没有通知。",
                    "Not told, for they do not see this case: {names}.",
                    names=names,
                ),
            )
    return redirect("desk_case", number)


@allowed(Permission.CASE_WRITE)
@require_POST
def task(request: Request, number: str) -> HttpResponse:
    """Something to be done for the case."""
    case_or_404(request, number)
    due = parse_datetime(request.POST.get("due", "") or "")
    try:
        who = request.POST.get("person", "").strip()
        talk.add_task(
            request.viewer, number, request.POST.get("title", ""), assignee=person_named(who) if who else None,
            due_at=local(due) if due else None, at=now(),
        )  # fmt: skip
    except FuxiaoError as refused:
        _tell(request, refused)
    else:
        messages.success(request, t("任务已添加。", "The task is added."))
    return _to(number, "tasks")


@allowed(Permission.CASE_WRITE)
@require_POST
def task_done(request: Request, number: str, task: int) -> HttpResponse:
    """A task is done, or not after all."""
    case_or_404(request, number)
    talk.finish_task(request.viewer, number, task, finished=request.POST.get("done") == "1", at=now())
    return _to(number, "tasks")


@allowed(Permission.CASE_WRITE)
@require_POST
def link(request: Request, number: str) -> HttpResponse:
    """Two cases belong together, or, with ``gone``, do not after all."""
    case_or_404(request, number)
    kind, other = request.POST.get("kind", ""), request.POST.get("other", "").strip()
    try:
        if request.POST.get("gone"):
            talk.unlink(request.viewer, number, other, at=now())
        else:
            chosen = Link(kind) if kind in Link.values else Link.RELATED
            talk.link(request.viewer, number, other, kind=chosen, at=now())
    except FuxiaoError as refused:
        _tell(request, refused)
    else:
        gone = bool(request.POST.get("gone"))
        messages.success(request, t("已取消与 {n} 的关联。", "No longer linked to {n}.", n=other) if gone
                         else t("已关联 {n}。", "Linked to {n}.", n=other))  # fmt: skip
    return _to(number, "links")


@allowed(Permission.CASE_WRITE)
@require_POST
def upload(request: Request, number: str) -> HttpResponse:
    """Keep files with the case."""
    case_or_404(request, number)
    kept = []
    for sent in request.FILES.getlist("file"):
        try:
            kept.append(files.attach(request.viewer, number, files.Sent(sent.name or "", sent.chunks()), at=now()).name)
        except FuxiaoError as refused:
            _tell(request, refused)
    if kept:
        messages.success(request, t("已上传：{names}。", "Uploaded: {names}.", names="、".join(kept)))
    return _to(number, "files")


@allowed(Permission.CASE_READ)
@require_GET
def download(request: Request, number: str, file: int) -> HttpResponseBase:
    """A file of a case in reach. Only pictures are shown in the browser, and nothing in them can run."""
    case = case_or_404(request, number)
    found = Attachment.objects.filter(case=case, pk=file).first()
    if found is None or not found.file.is_file():
        raise Http404
    return serve(found)


def serve(found: Attachment) -> FileResponse:
    """The file with headers that keep it from being anything but what it is."""
    shown = found.content_type in files.SHOWN
    response = FileResponse(found.file.open("rb"), content_type=found.content_type)
    response["Content-Disposition"] = f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{quote(found.name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def _to(number: str, part: str) -> HttpResponse:
    """The case, at the part that was changed."""
    return redirect(f"{reverse('desk_case', args=[number])}#{part}")


def _tell(request: Request, refused: FuxiaoError) -> None:
    for line in say_error(refused, words.language()):
        messages.error(request, line)
