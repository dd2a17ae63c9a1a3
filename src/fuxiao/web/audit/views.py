"""The audit trail: who changed what, when, from what to what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from fuxiao.base.clock import now
from fuxiao.base.models import AuditEntry
from fuxiao.base.permissions import Permission
from fuxiao.base.queries import audit_actions, audit_trail
from fuxiao.base.wording import say
from fuxiao.web import words
from fuxiao.web.access import Request, allowed
from fuxiao.web.audit.presenters import line_of
from fuxiao.web.metrics.exports import Download, answer
from fuxiao.web.pages import page_of
from fuxiao.web.shell.home import organisation
from fuxiao.web.templatetags.names import actor
from fuxiao.web.templatetags.numbers import moment
from fuxiao.web.words import t

MOST = 50_000
"""Entries of one download; more are asked for by narrower days."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader narrowed the trail to. Days are local, the last one included."""

    who: str = ""
    action: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def entries(self) -> QuerySet[AuditEntry]:
        after = self.until + timedelta(days=1) if self.until and self.until < date.max else None
        return audit_trail(who=self.who, action=self.action, since=_start(self.since), until=_start(after))


def _start(day: date | None) -> datetime | None:
    """The first moment of the day; none for the first day of the calendar, which has none in UTC everywhere."""
    if day is None or day == date.min:
        return None
    return datetime.combine(day, time(), ZoneInfo(organisation().zone))


def _asked(request: Request) -> Asked:
    return Asked(
        request.GET.get("who", "").strip()[:200], request.GET.get("action", "")[:80],
        _day(request.GET.get("since", "")), _day(request.GET.get("until", "")),
    )  # fmt: skip


def _day(text: str) -> date | None:
    """The day, or none where there is no such day."""
    try:
        return parse_date(text)
    except ValueError:
        return None


@allowed(Permission.AUDIT_READ)
@require_GET
def audit(request: Request) -> HttpResponse:
    asked = _asked(request)
    page = page_of(request, asked.entries)
    actions = [(each, say(f"did.{each}", words.language())) for each in audit_actions()]
    part = "audit/audit.html#list" if request.htmx else "audit/audit.html"
    lines = [line_of(request.viewer, entry) for entry in page]
    return render(request, part, {"page": page, "lines": lines, "asked": asked, "actions": actions})


@allowed(Permission.AUDIT_READ)
@require_GET
def audit_file(request: Request, form: str) -> HttpResponse:
    """The same entries as a file, with their place in the chain."""
    asked = _asked(request)
    headings = [
        t("编号", "Entry"), t("时间", "When"), t("谁", "Who"), t("做了什么", "What"), t("对象", "On what"),
        t("原来", "Before"), t("现在", "After"), t("摘要", "Digest"),
    ]  # fmt: skip
    rows = [_row(request, entry) for entry in asked.entries[:MOST]]
    told = [
        (t("谁", "Who"), asked.who), (t("做了什么", "What"), asked.action), (t("从", "From"), str(asked.since or "")),
        (t("到", "To"), str(asked.until or "")), (t("导出时间", "Exported at"), moment(now())),
    ]  # fmt: skip
    name = t("操作记录", "Audit trail")
    return answer(Download(name, headings, rows, [pair for pair in told if pair[1]]), form)


def _row(request: Request, entry: AuditEntry) -> list[str | int | None]:
    line = line_of(request.viewer, entry)
    old, new = (
        "; ".join(f"{each.name}: {getattr(each, side)}" for each in line.differences) for side in ("old", "new")
    )
    did = say(f"did.{entry.action}", words.language())
    return [entry.pk, moment(entry.at), actor(entry), did, entry.label or entry.key, old, new, entry.digest]
