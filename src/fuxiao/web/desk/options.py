"""The lists that cases are described by: values in two languages, their order, and which are still chosen."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.base.wording import say_error
from fuxiao.core.errors import InputError
from fuxiao.service.actions.options import (
    CATEGORY,
    KINDS,
    LONGEST,
    USUAL,
    Option,
    begin_with_usual,
    rows_of,
    save_option,
)
from fuxiao.service.models import ListKind
from fuxiao.web import words
from fuxiao.web.access import Request, allowed
from fuxiao.web.words import later, t

WORDS = {
    CATEGORY: later("类别", "Categories"), ListKind.CASE_TYPE: later("工单类型", "Case types"),
    ListKind.CHANNEL: later("渠道", "Channels"), ListKind.PRIORITY: later("优先级（急的在前）", "Priorities (the most urgent first)"),
    ListKind.RESOLUTION_CODE: later("处理结果", "Results"), ListKind.ROOT_CAUSE: later("根因", "Root causes"),
    ListKind.REGION: later("区域", "Regions"),
}  # fmt: skip


class OptionForm(forms.Form):
    """One value of a list, as its line has it."""

    zh = forms.CharField(max_length=LONGEST, required=False)
    en = forms.CharField(max_length=LONGEST, required=False)
    rank = forms.IntegerField(min_value=0, max_value=9_999, required=False)
    active = forms.BooleanField(required=False)

    @property
    def asked(self) -> Option:
        """What the line says; ``InputError`` where it cannot be."""
        if not self.is_valid():
            raise InputError("desk.option_bad", most=LONGEST)
        given, fresh = self.cleaned_data, not self.data.get("key")
        rank = 100 if given["rank"] is None else given["rank"]
        return Option(zh=given["zh"], en=given["en"], rank=rank, active=given["active"] or fresh)


@allowed(Permission.DESK_WRITE)
@require_GET
def options(request: Request) -> HttpResponse:
    """Every list, with a line for a new value."""
    lists = [(kind, WORDS[kind], list(rows_of(kind)), kind in USUAL) for kind in KINDS]
    return render(request, "desk/options.html", {"lists": lists, "longest": LONGEST})


@allowed(Permission.DESK_WRITE)
@require_POST
def option(request: Request, kind: str) -> HttpResponse:
    """Make or change a value."""
    form = OptionForm(request.POST)
    try:
        save_option(request.viewer, kind, request.POST.get("key", ""), form.asked, at=now())
    except InputError as refused:
        messages.error(request, say_error(refused, words.language())[0])
    else:
        messages.success(request, t("已保存。", "Saved."))
    return _back(kind)


@allowed(Permission.DESK_WRITE)
@require_POST
def usual(request: Request, kind: str) -> HttpResponse:
    """Begin an empty list with what is usual."""
    begin_with_usual(request.viewer, [kind], at=now())
    return _back(kind)


def _back(kind: str) -> HttpResponse:
    address = redirect("desk_options")
    address["Location"] += f"#{kind}" if kind in KINDS else ""
    return address
