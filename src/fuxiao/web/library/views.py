"""Pages of the library: all indicators with their meaning, and one of them with its figures by team."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fuxiao.base.permissions import Permission
from fuxiao.metrics.models import RuleKind
from fuxiao.metrics.rule_queries import find_rule
from fuxiao.web.access import Request, allowed
from fuxiao.web.library.presenters import KINDS, card, shelves
from fuxiao.web.metrics.desk import desk
from fuxiao.web.words import t


@allowed(Permission.VALUES_READ)
@require_GET
def library(request: Request) -> HttpResponse:
    """All indicators by section, with the company's figure of the last whole month."""
    search, area, kind = (request.GET.get(name, "").strip() for name in ("q", "area", "kind"))
    with desk(request) as at:
        chosen = at.picker(request.GET.get("period", ""))
        found = shelves(at, chosen, settings.HOME, search=search, area=area, kind=kind)
        sections = at.library.sections
    context = {
        "picker": chosen, "shelves": found, "areas": sections, "search": search, "area": area, "kind": kind,
        "kinds": [(code, t(*words)) for code, words in KINDS.items()], "count": sum(len(s.books) for s in found),
        "may_write": request.viewer.may(Permission.RULES_WRITE),
    }  # fmt: skip
    return render(request, "library/library.html#found" if request.htmx else "library/library.html", context)


@allowed(Permission.VALUES_READ)
@require_GET
def entry(request: Request, code: str) -> HttpResponse:
    """One indicator: meaning, figures by team, where it is used, its versions. In the list as a fragment."""
    with desk(request) as at:
        chosen, indicator = at.picker(request.GET.get("period", "")), at.library.get(code)
        found = card(at, indicator, chosen, settings.HOME)
    sees_rules = request.viewer.may(Permission.RULES_READ)
    rule = find_rule(settings.HOME, RuleKind.INDICATOR, indicator.code) if sees_rules else None
    context = {
        "picker": chosen, "card": found, "found": found.detail, "rule": rule,
        "may_write": request.viewer.may(Permission.RULES_WRITE), "sees_rules": sees_rules,
    }  # fmt: skip
    return render(request, "library/entry.html#card" if request.htmx else "library/entry.html", context)
