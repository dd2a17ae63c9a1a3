"""Pages that change a scheme: a role with its items, and the rules for all roles. Each save is a version of the draft."""

from __future__ import annotations

import re

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from fuxiao.base.permissions import Permission
from fuxiao.base.wording import say_error
from fuxiao.core.errors import Conflict, InputError
from fuxiao.performance.scheme_text import Plain
from fuxiao.web.access import Request, allowed
from fuxiao.web.org.positions import position_code, position_word
from fuxiao.web.schemes.desk import SchemeDesk, Values, scheme_desk, values_of_role
from fuxiao.web.schemes.merging import rearranged, with_role, with_rules
from fuxiao.web.schemes.role_form import RoleForm, role_form
from fuxiao.web.schemes.rules_form import rules_form
from fuxiao.web.schemes.sent import plain_of
from fuxiao.web.words import language, t

ROLE = re.compile(r"[\w-]{1,60}")


@allowed(Permission.RULES_WRITE)
@require_http_methods(["GET", "POST"])
def role(request: Request, key: str, role: str) -> HttpResponse:
    """The items of a role. Buttons that add, move or take away an item change the form only; saving keeps it."""
    at = scheme_desk(key)
    if role not in (at.plain.get("roles") or {}):
        raise Http404
    if request.method == "GET":
        return _role_page(request, at, at.plain, role)
    plain = with_role(at.plain, role, plain_of(request.POST.items()))
    do = request.POST.get("do", "save")
    if do != "save":
        return _role_page(request, at, rearranged(plain, role, do), role, begun=do == "judge")
    return _saved(request, at, plain, back=("scheme_role", key, role)) or _role_page(
        request, at, plain, role, conflict=True
    )


@allowed(Permission.RULES_WRITE)
@require_POST
def check_role(request: Request, key: str, role: str) -> HttpResponse:
    """The sum, the pictures and what is wrong, of the form as it stands; nothing is kept."""
    at = scheme_desk(key)
    if role not in (at.plain.get("roles") or {}):
        raise Http404
    plain = with_role(at.plain, role, plain_of(request.POST.items()))
    form = _form(at, plain, role, values_of_role(request, role, _codes(plain, role)))
    return render(request, "schemes/role.html#live", {"form": form, "oob": True})


@allowed(Permission.RULES_WRITE)
@require_POST
def new_role(request: Request, key: str) -> HttpResponse:
    """One role more, without items yet."""
    at = scheme_desk(key)
    code = position_code(request.POST.get("role", "").strip())
    if not ROLE.fullmatch(code):
        raise InputError("rules.role_name", name=code)
    if code in (at.plain.get("roles") or {}):
        return redirect("scheme_role", key, code)
    word = position_word(code)
    plain = {
        **at.plain,
        "roles": {**(at.plain.get("roles") or {}), code: {"names": {"zh": word, "en": word}, "items": []}},
    }
    at.save(
        request, plain, token=request.POST.get("token", ""), reason=t("新增岗位 {role}", "role {role} added", role=word)
    )
    return redirect("scheme_role", key, code)


@allowed(Permission.RULES_WRITE)
@require_POST
def remove_role(request: Request, key: str, role: str) -> HttpResponse:
    """Without this role; the version before is kept."""
    at = scheme_desk(key)
    roles = {name: each for name, each in (at.plain.get("roles") or {}).items() if name != role}
    word = position_word(role)
    at.save(request, {**at.plain, "roles": roles}, token=request.POST.get("token", ""),
            reason=t("删除岗位 {role}", "role {role} removed", role=word))  # fmt: skip
    messages.success(request, t(
        "已从草稿删除{role}；在“版本”里可以恢复上一版。", "{role} is out of the draft; the version before can be restored.", role=word
    ))  # fmt: skip
    return redirect("scheme", key)


@allowed(Permission.RULES_WRITE)
@require_http_methods(["GET", "POST"])
def rules(request: Request, key: str) -> HttpResponse:
    """Grades, coefficients, gates, vetoes, points and bounds. What changes the questions changes the form only."""
    at = scheme_desk(key)
    if request.method == "GET":
        return _rules_page(request, at, at.plain)
    plain = with_rules(at.plain, plain_of(request.POST.items()))
    if request.POST.get("do", "save") != "save":
        return _rules_page(request, at, plain)
    return _saved(request, at, plain, back=("scheme_rules", key)) or _rules_page(request, at, plain, conflict=True)


def _saved(request: Request, at: SchemeDesk, plain: Plain, *, back: tuple[str, ...]) -> HttpResponse | None:
    """Kept, and back to the form; ``None`` where somebody else saved meanwhile."""
    try:
        made = at.save(request, plain, token=request.POST.get("token", ""))
    except Conflict:
        return None
    wrong = len(at.check(plain).errors)
    if wrong:
        told = t(
            "已存为草稿第 {n} 版，还有 {wrong} 处要改。",
            "Kept as draft {n}; to be mended: {wrong}.",
            n=made.number,
            wrong=wrong,
        )
    else:
        told = t("已存为草稿第 {n} 版，可以试算了。", "Kept as draft {n}; ready to be tried.", n=made.number)
    messages.success(request, told)
    return redirect(*back)


def _codes(plain: Plain, role: str) -> list[str]:
    items = plain["roles"][role].get("items") or []
    return [str(item["indicator"]) for item in items if isinstance(item, dict) and item.get("indicator")]


def _form(at: SchemeDesk, plain: Plain, role: str, values: Values, *, quiet: bool = False) -> RoleForm:
    issues = [i for i in at.check(plain).issues if not (quiet and (".rubric" in i.where or i.where.endswith(".names")))]
    return role_form(plain, role, at.library, issues, values)


def _role_page(
    request: Request, at: SchemeDesk, plain: Plain, role: str, *, conflict: bool = False, begun: bool = False
) -> HttpResponse:
    """The form; a rubric that was ``begun`` just now is not yet told what it lacks."""
    form = _form(at, plain, role, values_of_role(request, role, _codes(plain, role)), quiet=begun)
    context = _context(at, conflict=conflict) | {"form": form, "role": role}
    page = "schemes/role.html#form" if request.htmx else "schemes/role.html"
    return render(request, page, context, status=409 if conflict else 200)


def _rules_page(request: Request, at: SchemeDesk, plain: Plain, *, conflict: bool = False) -> HttpResponse:
    context = _context(at, conflict=conflict) | {"groups": rules_form(plain, at.check(plain).issues, at.library)}
    page = "schemes/rules.html#form" if request.htmx else "schemes/rules.html"
    return render(request, page, context, status=409 if conflict else 200)


def _context(at: SchemeDesk, *, conflict: bool) -> dict[str, object]:
    lines = say_error(Conflict("rules.changed_meanwhile", name=at.title), language()) if conflict else []
    return {"at": at, "roles": [(code, position_word(code)) for code in at.plain.get("roles") or {}], "lines": lines}
