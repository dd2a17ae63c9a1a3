"""Pages that change people: take on, particulars, transfer and its undo, leaving."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.base.wording import say_error
from fuxiao.core.errors import Conflict, FuxiaoError, InputError
from fuxiao.org import person_actions
from fuxiao.org.models import Person
from fuxiao.org.person_actions import posts
from fuxiao.web import words
from fuxiao.web.access import Request, allowed
from fuxiao.web.org.forms import EditForm, LeaveForm, NewPersonForm, PostForm, initial_of, initial_post
from fuxiao.web.org.labels import LABELS
from fuxiao.web.org.people import day, person_in_reach
from fuxiao.web.org.positions import known_positions
from fuxiao.web.words import t


@allowed(Permission.ORG_WRITE)
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Take somebody on."""
    form = NewPersonForm(request.viewer, request.POST or None, initial={"hired_on": day()})
    if request.method == "POST" and form.is_valid():
        try:
            number = form.cleaned_data["number"]
            person_actions.add_person(request.viewer, number, form.given, at=now(), post=form.post)
        except InputError as refused:
            refuse(form, refused)
        else:
            messages.success(request, t("已新增{name}。", "{name} was added.", name=form.cleaned_data["name"]))
            return redirect("person", number)
    return _page(request, form, t("新增人员", "New person"), t("保存", "Save"))


@allowed(Permission.ORG_WRITE)
@require_http_methods(["GET", "POST"])
def edit(request: Request, number: str) -> HttpResponse:
    """Change particulars; where somebody else did meanwhile, both versions beside each other (409)."""
    person, own = person_in_reach(request, number), request.viewer.person == number
    form = EditForm(request.viewer, request.POST or None, own=own, initial=initial_of(person))
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            person_actions.change_person(request.viewer, number, form.given, version=version, at=now())
        except Conflict as conflict:
            return _conflict(request, person, form, conflict)
        except InputError as refused:
            refuse(form, refused)
        else:
            messages.success(request, t("已保存。", "Saved."))
            return redirect("person", number)
    return _page(request, form, t("修改信息", "Edit"), t("保存", "Save"), person)


@allowed(Permission.ORG_WRITE)
@require_http_methods(["GET", "POST"])
def transfer(request: Request, number: str) -> HttpResponse:
    """A new post from a day on."""
    person = person_in_reach(request, number)
    form = PostForm(request.viewer, request.POST or None, initial=initial_post(posts(person).last()))
    if request.method == "POST" and form.is_valid():
        try:
            made = person_actions.transfer(request.viewer, person, form.post, at=now())
        except InputError as refused:
            refuse(form, refused, "since")
        else:
            told = {"name": person.name, "team": made.team.name, "day": made.valid_from}
            messages.success(request, t("{name} 从 {day} 起调入{team}。", "{name} moves to {team} on {day}.", **told))
            return redirect("person", number)
    return _page(request, form, t("调动", "Transfer"), t("调动", "Transfer"), person)


@allowed(Permission.ORG_WRITE)
@require_POST
def undo_transfer(request: Request, number: str) -> HttpResponse:
    """Take the newest post back."""
    person = person_in_reach(request, number)
    before = person_actions.undo_transfer(request.viewer, number, at=now())
    messages.success(request, t(
        "已撤销，{name} 仍在{team}。", "Undone: {name} stays in {team}.", name=person.name, team=before.team.name
    ))  # fmt: skip
    return redirect("person", number)


@allowed(Permission.ORG_WRITE)
@require_http_methods(["GET", "POST"])
def leave(request: Request, number: str) -> HttpResponse:
    """Somebody leaves; an empty day takes it back."""
    person = person_in_reach(request, number)
    form = LeaveForm(request.POST or None, initial={"left_on": person.left_on or day()})
    form.fields["left_on"].required = person.left_on is None
    if request.method == "POST" and form.is_valid():
        try:
            person_actions.leave(request.viewer, number, form.cleaned_data["left_on"], at=now())
        except InputError as refused:
            refuse(form, refused, "left_on")
        else:
            messages.success(request, t("已保存。", "Saved."))
            return redirect("person", number)
    return _page(request, form, t("离职", "Leaving"), t("保存", "Save"), person)


def refuse(form: forms.Form, error: FuxiaoError, field: str | None = None) -> None:
    """What the action refused, beside the field that it is about."""
    for line in say_error(error, words.language()):
        form.add_error(field, line)


def _page(
    request: Request, form: forms.Form, title: str, button: str, person: Person | None = None
) -> HttpResponse:  # fmt: skip
    context = {"form": form, "title": title, "button": button, "person": person, "positions": known_positions()}
    status = 422 if form.errors else 200
    return render(request, "org/person_form.html", context, status=status)


def _conflict(request: Request, person: Person, form: EditForm, conflict: Conflict) -> HttpResponse:
    """Mine and theirs, field by field; mine can still be saved over it, knowingly."""
    theirs = initial_of(Person.objects.select_related("manager").get(pk=person.pk))
    saved = {name: "" if value is None else str(value) for name, value in theirs.items()}
    fields = [
        (str(LABELS[name]), given, saved[name], given != saved[name])
        for name in form.fields if name != "version" for given in [str(form[name].value() or "")]
    ]  # fmt: skip
    again = {**request.POST.dict(), "version": str(theirs["version"])}
    mine = EditForm(request.viewer, again, own=request.viewer.person == person.number)
    lines = say_error(conflict, words.language())
    context = {"person": person, "fields": fields, "form": mine, "lines": lines}
    return render(request, "org/conflict.html", context, status=409)
