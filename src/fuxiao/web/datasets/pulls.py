"""What is read from other databases: chosen without code, looked at, scheduled; its history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fuxiao.base.clock import now, ticking
from fuxiao.base.permissions import Permission
from fuxiao.base.wording import say_error
from fuxiao.core.errors import InputError
from fuxiao.datasets import pull_actions as actions
from fuxiao.datasets import queries
from fuxiao.datasets.connecting import mark
from fuxiao.datasets.connecting.query import Known, Table
from fuxiao.datasets.connecting.schedule import Every
from fuxiao.datasets.connecting.session import Session, open_session
from fuxiao.datasets.connecting.staging import text
from fuxiao.datasets.connecting.statement import statement
from fuxiao.datasets.models import Database, ImportJob, Pull
from fuxiao.web import words
from fuxiao.web.access import Request, allowed
from fuxiao.web.datasets.builder import Builder, key_of, table_of
from fuxiao.web.datasets.presenters import Chip, state_of
from fuxiao.web.pages import page_of, whole
from fuxiao.web.shell.home import organisation
from fuxiao.web.words import later, t

PREVIEW = 50
LONGEST = 60
EVERY = (
    (Every.QUARTER.value, later("每 15 分钟", "every 15 minutes")),
    (Every.HOUR.value, later("每小时", "every hour")),
    (Every.DAY.value, later("每天", "every day")),
)


class ScheduleForm(forms.Form):
    """When it is read."""

    every = forms.ChoiceField(label=later("多久一次", "How often"), choices=EVERY)
    at_time = forms.TimeField(
        label=later("每天的时间", "Time of the day"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        help_text=later("只用于“每天”", "For “every day” only"),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Preview:
    """The query as SQL, and its first rows."""

    sql: str
    headers: tuple[str, ...]
    rows: list[list[str]]


@allowed(Permission.SETTINGS_WRITE)
@require_http_methods(["GET", "POST"])
def new(request: Request, number: int) -> HttpResponse:
    """Choose what to read from a database."""
    found = queries.database(request.viewer, number)
    return _build(request, found, None)


@allowed(Permission.SETTINGS_WRITE)
@require_http_methods(["GET", "POST"])
def query(request: Request, number: int) -> HttpResponse:
    """Choose something else to read from now on."""
    found = queries.pull(request.viewer, number)
    return _build(request, found.database, found)


def _build(request: Request, database: Database, pull: Pull | None) -> HttpResponse:
    """The builder; what the database refuses is said on the page."""
    context: dict[str, object] = {"database": database, "pull": pull, "name": request.POST.get("name", "")}
    try:
        with open_session(database.address) as session:
            builder, tables = _builder(request, session, pull)
            context |= {"builder": builder, **_choices(tables, builder)}
            if builder is not None and request.method == "POST":
                answer = _sent(request, session, builder, pull or database, context)
                if answer is not None:
                    return answer
    except InputError as refused:
        context["refused"] = say_error(refused, words.language())
    part = "datasets/builder.html#preview" if request.htmx else "datasets/builder.html"
    refused_any = "refused" in context or bool(context.get("problems"))
    return render(request, part, context, status=400 if refused_any and not request.htmx else 200)


def _builder(request: Request, session: Session, pull: Pull | None) -> tuple[Builder | None, list[Table]]:
    """The form for the tables chosen; none before there is one."""
    tables = session.tables()
    given = request.POST if request.method == "POST" else request.GET
    table, join = table_of(given.get("table", ""), tables), table_of(given.get("join", ""), tables)
    asked = pull.asked if pull and "table" not in given else None
    if asked is not None:
        table, join = asked.table, asked.join.table if asked.join else None
    if table is None or table not in tables:
        return None, tables
    joined = session.columns(join) if join else ()
    builder = Builder(table, Known(session.columns(table), joined), join, asked)
    if request.method == "POST":
        builder.read(request.POST)
    return builder, tables


def _choices(tables: list[Table], builder: Builder | None) -> dict[str, object]:
    names = [(key_of(each), ".".join(filter(None, (each.schema, each.name)))) for each in tables]
    return {
        "tables": names, "chosen": key_of(builder.table) if builder else "",
        "joined": key_of(builder.join) if builder and builder.join else "",
    }  # fmt: skip


def _sent(
    request: Request, session: Session, builder: Builder, target: Database | Pull, context: dict[str, object]
) -> HttpResponse | None:
    """Show the first rows, or keep the query and go on to its columns."""
    context["problems"] = builder.problems
    if builder.problems or builder.query is None:
        return None
    context["preview"] = _preview(session, builder)
    if "keep" not in request.POST:
        return None
    try:
        if isinstance(target, Database):
            name = request.POST.get("name", "").strip()
            job = actions.add_pull(request.viewer, target, name, builder.query, at=now())
        else:
            version = whole(request.POST.get("version", ""), 0)
            job = actions.change_query(request.viewer, target, builder.query, version=version, at=now())
    except InputError as refused:
        context["problems"] = say_error(refused, words.language())
        return None
    return redirect("import_job", job.pk)


def _preview(session: Session, builder: Builder) -> Preview | None:
    if builder.query is None:
        return None
    asked = statement(builder.query, builder.known, session.dialect, most=PREVIEW)
    width = len(builder.query.headers)
    rows = [row for batch in session.rows(asked) for row in batch]
    cells = [[(text(cell) or "")[:LONGEST] for cell in row[:width]] for row in rows]
    shown = statement(builder.query, builder.known, session.dialect).shown
    return Preview(shown, builder.query.headers, cells)


@dataclass(frozen=True, slots=True)
class RunRow:
    """One reading."""

    job: ImportJob
    state: Chip
    rows: int
    rejected: int
    seconds: int | None
    problem: str


def run_rows(jobs: Iterable[ImportJob]) -> list[RunRow]:
    return [
        RunRow(
            job, state_of(job), job.pulled.get("rows", 0), job.report.get("rejected", 0),
            round((job.finished_at - job.at).total_seconds()) if job.finished_at else None,
            next(iter(job.problems.get(words.language(), [])), ""),
        )
        for job in jobs
    ]  # fmt: skip


@allowed(Permission.DATA_READ)
@require_GET
def pull(request: Request, number: int) -> HttpResponse:
    """One pull: how it stands, when it runs, its history."""
    found = queries.pull(request.viewer, number)
    page = page_of(request, queries.runs(request.viewer, found), size=20)
    context = {
        "pull": found, "query": found.asked, "page": page, "runs": run_rows(list(page.object_list)),
        "high": _up_to(mark.read(found.high)),
        "schedule": ScheduleForm(initial={"every": found.every, "at_time": found.at_time}),
        "when": dict(EVERY)[found.every], "sample": queries.sample(request.viewer, found) if not found.mapping else None,
    }  # fmt: skip
    return render(request, "datasets/pull.html#state" if request.htmx else "datasets/pull.html", context)


def _up_to(high: object) -> str:
    """The high-water mark as people read it: a moment in the organisation's zone, unless it has none of its own."""
    if not isinstance(high, datetime):
        return "—" if high is None else str(high)
    local = high.astimezone(ZoneInfo(organisation().zone)) if high.tzinfo else high
    return f"{local:%Y-%m-%d %H:%M:%S}"


@allowed(Permission.SETTINGS_WRITE)
@require_POST
def schedule(request: Request, number: int) -> HttpResponse:
    """Say when it is read."""
    found = queries.pull(request.viewer, number)
    form = ScheduleForm(request.POST)
    if not form.is_valid():
        messages.error(request, t("请选择多久一次，并填写时间。", "Choose how often, and give the time."))
        return redirect("pull", found.pk)
    actions.schedule(
        request.viewer, found, every=Every(form.cleaned_data["every"]), at_time=form.cleaned_data["at_time"],
        version=whole(request.POST.get("version", ""), 0), at=now(), tick=ticking(),
    )  # fmt: skip
    messages.success(request, t("同步时间已保存。", "The schedule is saved."))
    return redirect("pull", found.pk)


@allowed(Permission.DATA_WRITE)
@require_POST
def run(request: Request, number: int) -> HttpResponse:
    """Read now; with ``afresh`` everything from the beginning."""
    found = queries.pull(request.viewer, number)
    actions.run_now(request.viewer, found, afresh="afresh" in request.POST, at=now())
    messages.success(
        request, t("已开始读取，结果会出现在历史里。", "Reading has begun; the result will be in the history.")
    )
    return redirect("pull", found.pk)


@allowed(Permission.DATA_WRITE)
@require_POST
def pause(request: Request, number: int) -> HttpResponse:
    """Stop reading by the clock, or with ``resume`` go on."""
    found = queries.pull(request.viewer, number)
    actions.pause(request.viewer, found, paused="resume" not in request.POST, at=now(), tick=ticking())
    return redirect("pull", found.pk)


@allowed(Permission.SETTINGS_WRITE)
@require_POST
def delete(request: Request, number: int) -> HttpResponse:
    """Read it no more; what came in stays."""
    found = queries.pull(request.viewer, number)
    actions.delete_pull(request.viewer, found, at=now())
    messages.success(request, t(
        "已删除同步 {name}；导入过的数据还在。", "The pull {name} was deleted; what came in stays.", name=found.name))  # fmt: skip
    return redirect("sources")
