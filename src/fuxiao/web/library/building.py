"""Pages of the indicator builder: choices become a rule, seen at once, kept as versions and published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from fuxiao.base.clock import now, today
from fuxiao.base.permissions import Permission
from fuxiao.base.plain_yaml import plain_yaml
from fuxiao.core.errors import InputError
from fuxiao.metrics.models import RuleKind
from fuxiao.metrics.rule_actions import Named, publish, save_draft
from fuxiao.metrics.rule_queries import Rule, find_rule
from fuxiao.performance.decisions import parse
from fuxiao.web.access import Request, allowed
from fuxiao.web.library.looking import CODE, Seen, look, raw_of, table_of, tables_of
from fuxiao.web.library.recipes import (
    BLANK,
    BuilderForm,
    Recipe,
    builder_form,
    rearranged,
    recipe_from,
    recipe_of,
)
from fuxiao.web.metrics.desk import Desk, desk
from fuxiao.web.shell.home import organisation
from fuxiao.web.words import t


@allowed(Permission.RULES_WRITE)
@require_http_methods(["GET", "POST"])
def build(request: Request, code: str = "") -> HttpResponse:
    """A new indicator, or the next version of one. As a fragment: what the choices come to, nothing kept."""
    with desk(request) as at:
        rule = find_rule(settings.HOME, RuleKind.INDICATOR, code) if code else Rule(RuleKind.INDICATOR, "", "")
        recipe, examples = _sent(request) if request.method == "POST" else _held(at, rule, code)
        do = request.POST.get("do", "")
        seen = Seen() if recipe == BLANK else look(at, recipe, examples, base=_base(at, rule, code))
        if do == "save":
            return _keep(request, at, recipe, examples, seen)
        recipe = rearranged(recipe, do)
        tables = tables_of(at)
        form: BuilderForm = builder_form(recipe, table_of(recipe, tables), tables, examples)
    context = {"form": form, "seen": seen, "rule": rule, "code": code, "token": rule.token, "versions": rule.versions}
    if request.htmx:
        page = "library/build.html#seen" if do == "look" else "library/build.html#form"
        return render(request, page, context)
    return render(request, "library/build.html", context)


@allowed(Permission.RULES_WRITE)
@require_POST
def publish_indicator(request: Request, code: str) -> HttpResponse:
    """Have the draft hold from a day on; only where every example holds."""
    rule = find_rule(settings.HOME, RuleKind.INDICATOR, code)
    with desk(request) as at:
        recipe, examples = _held(at, rule, code)
        seen = look(at, recipe, examples, base=_base(at, rule, code))
    if seen.failing:
        raise InputError("rules.examples_fail", n=seen.failing)
    day = today(organisation().zone)
    try:
        since = date.fromisoformat(request.POST.get("since", ""))
    except ValueError:
        since = day
    named = Named(settings.HOME, RuleKind.INDICATOR, code, _name(recipe, code))
    publish(
        request.viewer, named, token=request.POST.get("token", ""), issues=seen.errors, since=since, today=day, at=now(),
        reason=request.POST.get("reason", ""),
    )  # fmt: skip
    messages.success(
        request,
        t("{name}已发布，{day} 起生效。", "{name} is published and holds from {day}.", name=named.label, day=since),
    )
    return redirect("library_entry", code)


def _keep(request: Request, at: Desk, recipe: Recipe, examples: Sequence[Any], seen: Seen) -> HttpResponse:
    code = str(recipe.get("code") or "")
    if not CODE.fullmatch(code):
        raise InputError("rules.indicator_code", name=code)
    rule = find_rule(settings.HOME, RuleKind.INDICATOR, code)
    raw = raw_of(recipe, table_of(recipe, tables_of(at)), _base(at, rule, code), zh=seen.zh, en=seen.en)
    named = Named(settings.HOME, RuleKind.INDICATOR, code, _name(recipe, code))
    token = request.POST.get("token") if request.POST.get("was") == code else rule.token
    save_draft(request.viewer, named, plain_yaml(raw), token=token or "", at=now(), examples=examples,
               report={"recipe": recipe_plain(recipe)})  # fmt: skip
    messages.success(request, t("已存为草稿。", "Kept as a draft."))
    return redirect("indicator_edit", code)


def recipe_plain(recipe: Recipe) -> dict[str, Any]:
    """As it can be kept: numbers of the form are text or whole already."""
    return {
        name: each
        for name, each in recipe.items()
        if name not in ("token", "was", "do", "examples", "csrfmiddlewaretoken")
    }


def _sent(request: Request) -> tuple[Recipe, list[Any]]:
    recipe = recipe_of(request.POST.dict())
    examples = [row for row in recipe.pop("examples", None) or [] if isinstance(row, Mapping) and row.get("rows")]
    return recipe, examples


def _held(at: Desk, rule: Rule, code: str) -> tuple[Recipe, list[Any]]:
    """What the form begins with: the draft's recipe, the definition in force, or a blank."""
    newest = rule.draft or next((v for v in rule.published if v.number == rule.number), None)
    if newest is not None and newest.report.get("recipe"):
        return dict(newest.report["recipe"]), list(newest.examples)
    if code:
        return recipe_from(_base(at, rule, code)), list(newest.examples) if newest else []
    return dict(BLANK), []


def _base(at: Desk, rule: Rule, code: str) -> dict[str, Any]:
    """The definition that the next version is made of."""
    if rule.shown:
        held = parse(rule.shown, "indicator")
        return dict(held) if isinstance(held, Mapping) else {}
    known = at.library.indicators.get(code)
    return dict(known.raw) if known is not None else {}


def _name(recipe: Recipe, code: str) -> str:
    names = recipe.get("name")
    return str(names.get("zh") or code) if isinstance(names, Mapping) else code
