"""What pages with a form have in common: a refusal beside its field, two versions beside each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from fuxiao.base.wording import say_error
from fuxiao.core.errors import Conflict, FuxiaoError, InputError
from fuxiao.web import words
from fuxiao.web.access import Request
from fuxiao.web.words import t


def refuse(form: forms.BaseForm, error: FuxiaoError, field: str | None = None) -> None:
    """What the action refused, beside the field that it is about."""
    for line in say_error(error, words.language()):
        form.add_error(field, line)


def form_page(
    request: Request, form: forms.BaseForm, save: Callable[[], str], *, title: str, crumbs: list[tuple[str, str]],
    button: str = "", saved: Callable[[], Mapping[str, object]] | None = None, note: str = "", people: str = "",
) -> HttpResponse:  # fmt: skip
    """A page with one form: ``save`` writes what was given and returns the address to go to.

    Refusals stand in the form; where somebody else changed the row meanwhile, ``saved`` (field → value now) stands
    beside what was given (409). ``crumbs`` are the address and name of the pages above, ``people`` the options of fields
    that ask for somebody.
    """
    context: dict[str, Any] = {
        "form": form, "title": title, "crumbs": crumbs, "button": button or t("保存", "Save"), "note": note,
        "people": people,
        "many": any(isinstance(field.widget, forms.FileInput) for field in form.fields.values()),
    }  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            address = save()
        except Conflict as conflict:
            return _two_versions(request, form, saved() if saved else {}, conflict, context)
        except InputError as refused:
            refuse(form, refused)
        else:
            messages.success(request, t("已保存。", "Saved."))
            return redirect(address)
    return render(request, "components/form_page.html", context, status=422 if form.errors else 200)


def _two_versions(
    request: Request, form: forms.BaseForm, saved: Mapping[str, object], conflict: Conflict, context: dict[str, Any]
) -> HttpResponse:
    """Mine and theirs, field by field; mine can still be saved over it, knowingly."""
    theirs = {name: "" if value is None else str(value) for name, value in saved.items()}
    fields = [
        (form.fields[name].label, mine, theirs.get(name, ""), mine != theirs.get(name, ""))
        for name in form.fields if name != "version" for mine in [str(form[name].value() or "")]
    ]  # fmt: skip
    again = form.__class__({**request.POST.dict(), "version": theirs.get("version", "")})
    lines = say_error(conflict, words.language())
    return render(
        request, "components/conflict.html", context | {"fields": fields, "form": again, "lines": lines}, status=409
    )
