"""One case: what is known, what can be done, what happened, its clocks; and everything one does with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fuxiao.base.clock import now
from fuxiao.base.models import AuditEntry
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.base.queries import history_of as audit_of
from fuxiao.base.wording import say_error
from fuxiao.base.written import written_once
from fuxiao.core.case_life import Verb, life_of, possible
from fuxiao.core.errors import Conflict, FuxiaoError, InputError
from fuxiao.service import history
from fuxiao.service.actions.editing import edit as edit_case
from fuxiao.service.actions.life import Act, act
from fuxiao.service.actions.writing import check_right
from fuxiao.service.models import Case
from fuxiao.service.queries.belonging import belonging
from fuxiao.service.queries.cases import likely_same
from fuxiao.service.queries.reach import cases_in_reach
from fuxiao.service.rights import is_owner, may_act, may_edit, sees_contact
from fuxiao.service.warranties import local
from fuxiao.web import words
from fuxiao.web.access import Request, allowed
from fuxiao.web.desk import labels
from fuxiao.web.desk.clocks import ledgers, ticking
from fuxiao.web.desk.forms import ASKED, EditForm, VerbForm, initial_of
from fuxiao.web.desk.reading import asked_back, case_or_404, people, teams, today, way_back, words_known
from fuxiao.web.desk.timeline import timeline, why_chosen
from fuxiao.web.shell.kept import known
from fuxiao.web.undo import Undo, tell
from fuxiao.web.visits.panel import field_of
from fuxiao.web.voice.panel import voice_of
from fuxiao.web.words import t


@dataclass(frozen=True, slots=True)
class Button:
    """Something that can be done with the case now; without a form it is done at once."""

    verb: str
    word: str
    icon: str
    key: str
    form: SafeString | None
    primary: bool


@allowed(Permission.CASE_READ)
@require_GET
def case(request: Request, number: str) -> HttpResponse:
    """The page of a case."""
    found = case_or_404(request, number)
    context = context_of(request, found)
    part = "desk/case.html#whole" if request.htmx else "desk/case.html"
    return render(request, part, context)


def context_of(request: Request, found: Case) -> dict[str, Any]:
    rows, held = history.events_of(found), belonging(found)
    events = [history.happened(event) for event in rows]
    life, at = life_of(events), now()
    offered = [verb for verb in possible(life) if may_act(request.viewer, found, verb)] if life else []
    links, merged = _links(found, held), list(found.duplicates.all()[:20]) if "duplicates" in held else []
    return {
        "case": found, "buttons": buttons(request, found, offered), "may_answer": Verb.RESPOND in offered,
        "clocks": ticking(found, events, now=at), "ledgers": ledgers(found, events, now=at),
        "timeline": timeline(found, rows, held), "why": why_chosen(found), "now": int(at.timestamp()),
        "tasks": list(found.tasks.select_related("assignee", "done_by")) if "tasks" in held else [],
        "links": links, "duplicates": merged, "readable": _readable(request.viewer, found, [*merged, *(other for other, _ in links)]),
        "files": list(found.attachments.all()) if "attachments" in held else [],
        "sees_contact": sees_contact(request.viewer, found),
        "may_edit": may_edit(request.viewer, found), "may_write": request.viewer.may(Permission.CASE_WRITE),
        "words": labels.words_on(found, words_known(request)), "people": people(request),
        "alike": alike(request, found) if Verb.MERGE in offered else [],
        "changes": _changes(request, found.number),
    } | field_of(request, found, held) | voice_of(request, found, held)  # fmt: skip


def _links(found: Case, held: Collection[str]) -> list[tuple[Case, str]]:
    """The cases that belong to this one, and how: as this one says it, and as the other does."""
    named = (
        [(each.other, labels.LINKS[each.kind]) for each in found.links.select_related("other")]
        if "links" in held
        else []
    )
    if "linked_from" in held:
        named += [(each.case, labels.LINKED_FROM[each.kind]) for each in found.linked_from.select_related("case")]
    return [(other, str(word)) for other, word in named]


def _readable(viewer: Viewer, found: Case, others: Iterable[Case]) -> frozenset[int]:
    """Which of the cases named beside this one the reader may open; of the rest the number is told and no more."""
    named = {each.pk for each in others} | {found.duplicate_of_id or 0} - {0}
    if not named:
        return frozenset()
    return frozenset(cases_in_reach(viewer, on=today()).filter(pk__in=named).values_list("pk", flat=True))


def alike(request: Request, found: Case) -> list[tuple[str, str]]:
    """What the case may be merged into: numbers, and what tells them apart."""
    likely = likely_same(request.viewer, found, on=today())
    return [
        (each.number, f"{each.title} · {local(each.opened_at):%m-%d} · {labels.state_word(each.state)}")
        for each in likely
    ]


def _changes(request: Request, number: str) -> list[AuditEntry]:
    """Who changed what, for those who read the audit trail."""
    return _newest_changes(number=number) if request.viewer.may(Permission.AUDIT_READ) else []


@written_once
def _newest_changes(*, number: str) -> QuerySet[AuditEntry]:
    return audit_of("service.case", number)[:20]


def buttons(request: Request, found: Case, offered: Sequence[Verb]) -> list[Button]:
    """What can be done, what usually comes next before the rest; answering and recoding have places of their own."""
    gives = request.viewer.may(Permission.CASE_ASSIGN) and not is_owner(request.viewer, found)
    first = next((verb for verb in (labels.GIVING_OUT if gives else labels.FIRST) if verb in offered), None)
    ordered = [first, *(verb for verb in offered if verb is not first)] if first else list(offered)
    shown = [verb for verb in ordered if verb not in {Verb.RESPOND, Verb.RECODE}]
    return [
        Button(
            verb.value, labels.verb_word(verb), labels.ICONS[verb], labels.KEYS.get(verb, ""), _asked(request, verb),
            verb is first,
        )
        for verb in shown
    ]  # fmt: skip


def _asked(request: Request, verb: Verb) -> SafeString | None:
    """What the verb asks for, beside its button, the same for every case; ``None`` where it asks for nothing."""
    if verb not in ASKED:
        return None

    def shown() -> SafeString:
        form = VerbForm(verb, auto_id=f"{verb.value}_%s")
        form.propose(teams(request))
        return render_to_string("components/fields.html", {"form": form})

    return known(request, ("verb", verb, words.language()), shown)


@allowed(Permission.CASE_WRITE)
@require_http_methods(["GET", "POST"])
def do(request: Request, number: str, verb: str) -> HttpResponse:
    """Do something with the case. Where it changed meanwhile, both versions (409)."""
    found = case_or_404(request, number)
    wanted = Verb(verb) if verb in set(Verb) else None
    if wanted is None or wanted in {Verb.CREATE, Verb.RESPOND, Verb.RECODE}:
        raise InputError("life.not_now", verb=verb, state=found.state, possible=())
    check_right(request.viewer, found, wanted)
    form = VerbForm(wanted, request.POST or None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        undo = _opposite(found, wanted)
        try:
            made = act(request.viewer, number, form.act, at=now(), version=form.cleaned_data["version"])
        except Conflict as conflict:
            return _conflict(request, found, form, say_error(conflict, words.language()))
        except InputError as refused:
            for line in say_error(refused, words.language()):
                form.add_error(None, line)
        else:
            _told(request, made, wanted, undo)
            return redirect(_after(request, number))
    context = {"case": found, "form": form, "title": labels.verb_word(wanted), "act": wanted.value, "people": people(request),
               "alike": alike(request, found) if wanted is Verb.MERGE else [], "back": asked_back(request)}  # fmt: skip
    return render(request, "desk/do.html", context, status=422 if form.errors else 200)


def _opposite(found: Case, verb: Verb) -> tuple[Verb, tuple[tuple[str, str], ...]] | None:
    """What takes the verb back, as the case stands before it; nothing where that would count against somebody."""
    if verb is Verb.PEND:
        return Verb.RESUME, ()
    if verb is Verb.RESUME:
        last = next((each for each in reversed(history.events_of(found)) if each.type == "pend_start"), None)
        if last is not None:
            return Verb.PEND, (("kind", last.kind), ("reason", last.reason or t("继续等待", "still waiting")))
    return None


def _told(
    request: Request, made: Case, verb: Verb, opposite: tuple[Verb, tuple[tuple[str, str], ...]] | None
) -> None:  # fmt: skip
    """Say what was done; from a board or list also with which case, and how to take it back."""
    word, back = labels.verb_word(verb), asked_back(request)
    text = t("已{verb}。", "Done: {verb}.", verb=word)
    if back:
        text = t("{number} 已{verb}。", "{number}: {verb}.", number=made.number, verb=word)
    undo = None
    if opposite and may_act(request.viewer, made, opposite[0]):
        fields = (*opposite[1], ("version", str(made.version)), ("back", back))
        undo = Undo(reverse("desk_do", args=[made.number, opposite[0].value]), fields)
    tell(request, text, undo)


def _after(request: Request, number: str) -> str:
    """Back to the board or list where it was done from, else to the case."""
    return way_back(request, otherwise=reverse("desk_case", args=[number]))


def _conflict(request: Request, found: Case, form: VerbForm | EditForm, lines: list[str]) -> HttpResponse:
    """What was wanted, and how the case stands now; it can be asked for again, knowingly."""
    fresh = case_or_404(request, found.number)
    saved = {name: "" if value is None else str(value) for name, value in initial_of(fresh).items()}
    saved |= {"person": str(fresh.owner or ""), "team": str(fresh.team or ""), "kind": fresh.pause}
    fields = [
        (str(form.fields[name].label), str(form[name].value() or ""), saved.get(name, ""))
        for name in form.fields if name != "version"
    ]  # fmt: skip
    context = {
        "case": fresh, "lines": lines, "fields": fields, "action": request.path,
        "hidden": [(name, value) for name, value in request.POST.items() if name not in {"version", "csrfmiddlewaretoken"}],
        "state": labels.state_word(fresh.state), "changes": timeline(fresh, history.events_of(fresh), belonging(fresh))[:5],
    }  # fmt: skip
    return render(request, "desk/conflict.html", context, status=409)


@allowed(Permission.CASE_WRITE)
@require_http_methods(["GET", "POST"])
def edit(request: Request, number: str) -> HttpResponse:
    """Change the particulars; where somebody else did meanwhile, both versions (409)."""
    found = case_or_404(request, number)
    form = EditForm(request.POST or None, initial=initial_of(found))
    if request.method == "POST" and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name not in {"version", "reason"}}
        if given["device"] is not None and given["device"].customer is not None:
            given["customer"] = given["device"].customer
        try:
            edit_case(
                request.viewer, number, given, version=form.cleaned_data["version"], at=now(),
                reason=form.cleaned_data["reason"],
            )  # fmt: skip
        except Conflict as conflict:
            return _conflict(request, found, form, say_error(conflict, words.language()))
        except FuxiaoError as refused:
            code_field = "reason" if refused.code == "life.no_reason" else None
            for line in say_error(refused, words.language()):
                form.add_error(code_field, line)
        else:
            messages.success(request, t("已保存。", "Saved."))
            return redirect("desk_case", number)
    return render(request, "desk/edit.html", {"case": found, "form": form}, status=422 if form.errors else 200)


@allowed(Permission.CASE_WRITE)
@require_POST
def accept(request: Request, number: str) -> HttpResponse:
    """Take the case: the one thing that is done from lists and boards without looking."""
    act(request.viewer, case_or_404(request, number).number, Act(verb=Verb.ACCEPT), at=now())
    return redirect(_after(request, number))
