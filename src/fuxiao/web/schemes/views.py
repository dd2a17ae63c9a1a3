"""Pages that show schemes: all of them, one of them, and how a new one begins."""

from __future__ import annotations

import re
from importlib import resources

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from fuxiao.base.clock import now, today
from fuxiao.base.permissions import Permission
from fuxiao.base.wording import say_error
from fuxiao.core.errors import InputError
from fuxiao.metrics.models import RuleKind
from fuxiao.metrics.rule_actions import Named, save_draft
from fuxiao.metrics.rule_queries import find_rule, find_rules
from fuxiao.performance.decisions import templates
from fuxiao.performance.scheme_text import scheme_plain, scheme_text
from fuxiao.web.access import Request, allowed
from fuxiao.web.schemes.covering import coverage, held_and_starved
from fuxiao.web.schemes.desk import plain_or_empty, scheme_desk, title_of
from fuxiao.web.schemes.presenters import line_of, overview
from fuxiao.web.schemes.trying import problems_of
from fuxiao.web.shell.home import organisation
from fuxiao.web.words import language, t

KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
EMPTY = """\
grades: {S: 95, A: 85, B: 70, C: 60, D: 0}
coefficients: {S: 1.5, A: 1.2, B: 1.0, C: 0.8, D: 0.5}
roles: {}
"""
PACKS = {
    "appliance": ("家电与设备上门服务", "Appliance and equipment field service"),
    "ecommerce": ("电商客服", "E-commerce customer service"), "saas": ("软件与 IT 服务台", "Software and IT help desk"),
}  # fmt: skip


@allowed(Permission.RULES_READ)
@require_GET
def schemes(request: Request) -> HttpResponse:
    """All schemes, those in force and those that are drafts."""
    lines = [line_of(rule) for rule in find_rules(settings.HOME, RuleKind.SCHEME)]
    context = {"lines": lines, "may_write": request.viewer.may(Permission.RULES_WRITE)}
    return render(request, "schemes/schemes.html", context)


@allowed(Permission.RULES_READ)
@require_GET
def scheme(request: Request, key: str) -> HttpResponse:
    """One scheme: its roles and rules, what is wrong, its versions, and the way to publishing it."""
    at = scheme_desk(key)
    context = {
        "at": at, "found": overview(at, on=today(organisation().zone)), "covered": coverage(at.plain),
        "problems": problems_of(at.rule.draft) if at.rule.draft else [],
        "may_write": request.viewer.may(Permission.RULES_WRITE), "may_open": request.viewer.may(Permission.CYCLES_WRITE),
        "starved": held_and_starved(at.plain),
    }  # fmt: skip
    return render(request, "schemes/scheme.html", context)


@allowed(Permission.RULES_WRITE)
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """A scheme from a template pack, a copy of another, or an empty one; it begins as a draft."""
    problem: list[str] = []
    if request.method == "POST":
        try:
            return _begun(request)
        except InputError as refused:
            problem = say_error(refused, language())
    packs = [(name, t(*PACKS[name]), _free_key(name), _roles_of(name)) for name in templates("fuxiao.performance")]
    lines = [line_of(rule) for rule in find_rules(settings.HOME, RuleKind.SCHEME)]
    context = {"packs": packs, "lines": lines, "problem": problem, "asked": request.GET.get("copy", ""),
               "sent": request.POST}  # fmt: skip
    return render(request, "schemes/new.html", context, status=422 if problem else 200)


def _begun(request: Request) -> HttpResponse:
    source, key = request.POST.get("source", ""), request.POST.get("key", "").strip()
    if not KEY.fullmatch(key) or find_rule(settings.HOME, RuleKind.SCHEME, key).shown:
        raise InputError("rules.scheme_name", name=key)
    plain = scheme_plain(_source_text(source)) | {"scheme": key, "version": "1"}
    name = request.POST.get("name", "").strip()
    if name:
        plain["names"] = {**(plain.get("names") or {}), "zh": name, "en": name}
    rule = Named(settings.HOME, RuleKind.SCHEME, key, title_of(plain, key))
    token = find_rule(settings.HOME, RuleKind.SCHEME, key).token
    save_draft(request.viewer, rule, scheme_text(plain), token=token, at=now(), reason=_reason(source))
    messages.success(
        request, t("已建好草稿，按需要改，再试算、发布。", "The draft is made: change what you need, try it, publish.")
    )
    return redirect("scheme", key)


def _source_text(source: str) -> str:
    word, _, name = source.partition(":")
    if word == "pack" and name in templates("fuxiao.performance"):
        return _pack(name)
    if word == "copy" and (text := find_rule(settings.HOME, RuleKind.SCHEME, name).shown):
        return text
    return EMPTY


def _reason(source: str) -> str:
    word, _, name = source.partition(":")
    if word == "pack":
        return t("来自模板：{name}", "from the template: {name}", name=t(*PACKS.get(name, (name, name))))
    return t("复制自 {name}", "copied from {name}", name=name) if word == "copy" else t("新建", "new")


def _pack(name: str) -> str:
    return resources.files("fuxiao.performance").joinpath("templates", f"{name}.yaml").read_text(encoding="utf-8")


def _roles_of(pack: str) -> list[str]:
    roles = plain_or_empty(_pack(pack)).get("roles") or {}
    return [str(role["names"][language()]) for role in roles.values()]


def _free_key(wanted: str) -> str:
    """The name of the pack, with a number where it is taken."""
    names = [wanted, *(f"{wanted}-{number}" for number in range(2, 100))]
    return next(name for name in names if not find_rule(settings.HOME, RuleKind.SCHEME, name).shown)
