"""Pages that decide about a version: publish it, put it away, look at it, go back to it."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from fuxiao.base.clock import now, today
from fuxiao.base.permissions import Permission
from fuxiao.core.errors import InputError
from fuxiao.metrics import rule_actions
from fuxiao.performance.scheme_text import differences, scheme_plain
from fuxiao.web.access import Request, allowed
from fuxiao.web.schemes.desk import plain_or_empty, scheme_desk
from fuxiao.web.schemes.presenters import RoleLines, overview
from fuxiao.web.schemes.wording import sentences
from fuxiao.web.shell.home import organisation
from fuxiao.web.words import t


@allowed(Permission.RULES_WRITE)
@require_POST
def publish(request: Request, key: str) -> HttpResponse:
    """Have the draft hold from a day on. Only a sound draft that was tried on past months."""
    at, day = scheme_desk(key), today(organisation().zone)
    if at.rule.draft is not None and not at.rule.draft.report.get("done"):
        raise InputError("rules.not_tried")
    since = _day(request.POST.get("since", ""), day)
    made = rule_actions.publish(
        request.viewer, at.named, token=request.POST.get("token", ""), issues=at.checked.issues, since=since, today=day,
        at=now(), reason=request.POST.get("reason", ""),
    )  # fmt: skip
    told = t(
        "第 {n} 版已发布，{day} 起生效。", "Version {n} is published and holds from {day}.", n=made.number, day=since
    )
    messages.success(request, told)
    return redirect("scheme", key)


@allowed(Permission.RULES_WRITE)
@require_POST
def discard(request: Request, key: str) -> HttpResponse:
    """Put the draft away; it can be taken up again."""
    at = scheme_desk(key)
    gone = rule_actions.discard_draft(request.viewer, at.named, token=request.POST.get("token", ""), at=now())
    messages.success(
        request,
        t(
            "第 {n} 版草稿已放弃，可以在版本里恢复。",
            "Draft {n} is put away; restore it from the versions.",
            n=gone.number,
        ),
    )
    return redirect("scheme" if at.rule.text else "schemes", *([key] if at.rule.text else []))


@allowed(Permission.RULES_READ)
@require_GET
def version(request: Request, key: str, number: int) -> HttpResponse:
    """One version: what it changed against the one before, and its roles."""
    at = scheme_desk(key)
    found = at.rule.version(number)
    before = next((each for each in at.rule.versions if each.number < number), None)
    plain = plain_or_empty(found.text)
    steps = differences(plain_or_empty(before.text), plain) if before else []
    shown = type(at)(at.rule, plain, at.library, at.check(plain))
    roles: list[RoleLines] = list(overview(shown, on=today(organisation().zone)).roles)
    context = {
        "at": at, "version": found, "before": before, "changes": sentences(steps, at.names), "roles": roles,
        "may_write": request.viewer.may(Permission.RULES_WRITE),
    }  # fmt: skip
    return render(request, "schemes/version.html", context)


@allowed(Permission.RULES_WRITE)
@require_POST
def restore(request: Request, key: str, number: int) -> HttpResponse:
    """Take up an earlier version as the draft."""
    at = scheme_desk(key)
    found = at.rule.version(number)
    reason = t("恢复第 {n} 版", "version {n} restored", n=number)
    made = at.save(request, scheme_plain(found.text), token=request.POST.get("token", ""), reason=reason)
    messages.success(
        request,
        t(
            "已把第 {n} 版恢复为草稿第 {m} 版。",
            "Version {n} is the draft now, as version {m}.",
            n=number,
            m=made.number,
        ),
    )
    return redirect("scheme", key)


def _day(text: str, usual: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return usual
