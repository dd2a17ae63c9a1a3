"""Building the list of criteria, without code; each saving is a new version."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.base.wording import say_error
from fuxiao.core.errors import InputError
from fuxiao.core.numbers import written_number
from fuxiao.service.actions.checks import save_rubric, use_rubric
from fuxiao.service.models import Rubric
from fuxiao.web import words
from fuxiao.web.access import Request, allowed
from fuxiao.web.pages import whole
from fuxiao.web.voice.words import CRITICAL
from fuxiao.web.words import t

SPARE = 3
"""Empty lines at the end of the form."""
START = (
    ("问候与身份说明", "Greeting and introduction", 10, ""), ("准确弄清问题", "Understood the problem", 20, ""),
    ("方案正确、有效", "The solution is right", 30, "customer"), ("记录完整", "The record is complete", 20, "business"),
    ("信息保密、合规收费", "Kept data private, charged by the rules", 20, "compliance"),
)  # fmt: skip


@allowed(Permission.DESK_WRITE)
@require_GET
def rubrics(request: Request) -> HttpResponse:
    """Every list of criteria with its versions, and the key that a new one gets."""
    found = list(Rubric.objects.order_by("key", "-version"))
    rows = [(each, place == 0 or found[place - 1].key != each.key) for place, each in enumerate(found)]
    taken = {each.key for each in found}
    free = next(key for n in range(2, len(found) + 3) if (key := f"service-{n}") not in taken)
    return render(request, "voice/rubrics.html", {"rubrics": rows, "free": free})


@allowed(Permission.DESK_WRITE)
@require_POST
def used(request: Request, key: str) -> HttpResponse:
    """A list is used for new checks, or no more."""
    use_rubric(request.viewer, key, active=request.POST.get("active") == "1", at=now())
    messages.success(request, t("已保存。", "Saved."))
    return redirect("rubrics")


@allowed(Permission.DESK_WRITE)
@require_http_methods(["GET", "POST"])
def rubric(request: Request, key: str) -> HttpResponse:
    """The newest version, to be changed into the next one; a new list begins with an example."""
    held = Rubric.objects.filter(key=key).order_by("-version").first()
    rows, name, mark, lines = _held(held)
    if request.method == "POST":
        rows, name = _sent(request), request.POST.get("name", "")
        mark = request.POST.get("pass_mark", "")
        try:
            made = save_rubric(request.viewer, key, name, rows, pass_mark=_mark(mark), at=now())
        except InputError as refused:
            lines = say_error(refused, words.language())
        else:
            messages.success(request, t("已保存为第 {n} 版。", "Saved as version {n}.", n=made.version))
            return redirect("rubrics")
    context = {
        "key": key, "name": name, "pass_mark": mark, "rows": [*rows, *({} for _ in range(SPARE))], "lines": lines,
        "critical": CRITICAL, "held": held,
    }  # fmt: skip
    return render(request, "voice/rubric.html", context, status=422 if lines else 200)


def _held(held: Rubric | None) -> tuple[list[dict[str, Any]], str, str, list[str]]:
    if held is not None:
        return list(held.criteria), held.name, f"{held.pass_mark:g}", []
    rows = [{"zh": zh, "en": en, "weight": weight, "critical": kind} for zh, en, weight, kind in START]
    return rows, t("服务质检表", "Service check"), "85", []


def _sent(request: Request) -> list[dict[str, Any]]:
    """The lines that were filled in; each keeps its key, new ones get the next."""
    given = [request.POST.getlist(name) for name in ("key", "zh", "en", "weight", "critical")]
    used = {key for key in given[0] if key}
    fresh = (f"c{n}" for n in range(1, 1_000) if f"c{n}" not in used)
    return [
        {"key": key or next(fresh), "zh": zh.strip()[:200], "en": en.strip()[:200], "weight": whole(weight, 0), "critical": kind}
        for key, zh, en, weight, kind in zip(*given, strict=False) if zh.strip()
    ]  # fmt: skip


def _mark(text: str) -> Decimal:
    found = written_number(text)
    if found is None or not 0 <= found <= 100:
        raise InputError("check.mark_bad", value=text)
    return found
