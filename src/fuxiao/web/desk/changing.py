"""Cases changed from the list: many at once, taken back as long as that counts against nobody, or one in place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.base.wording import say_error
from fuxiao.core.case_life import State, Verb
from fuxiao.core.errors import FuxiaoError, InputError, NotPermitted
from fuxiao.service.actions.editing import edit
from fuxiao.service.actions.life import Act, act
from fuxiao.service.models import Case, ListKind
from fuxiao.service.queries.reach import case_in_reach
from fuxiao.web import words
from fuxiao.web.access import Request, allowed, sent_from
from fuxiao.web.desk import labels
from fuxiao.web.desk.people import person_named
from fuxiao.web.desk.reading import case_or_404, today, way_back
from fuxiao.web.pages import whole
from fuxiao.web.undo import Undo, tell
from fuxiao.web.words import t

MOST = 200
"""So many cases can be changed at once."""

LASTING = {
    "queue": ("从队列派出的不能撤销：退回队列要记一次转派。派错了请改派给对的人。",
              "What came out of the queue stays given out: going back would count as a hand-over. Assign it to the right person instead."),
    "accepted": ("已接单的工单是转派，不能撤销：转回去要再记一次转派。",
                 "What somebody had accepted was handed over: handing it back would count as another hand-over."),
    "closed": ("结案不能撤销：再打开要记一次重开。没解决的请在工单里重开并写明原因。",
               "Closing stays: opening again would count as a reopening. Where it is not solved, reopen it in the case and say why."),
}  # fmt: skip
"""Why some changes of many cases at once cannot be taken back."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A case that was changed; ``was`` is what it had before, ``None`` where that cannot come back: ``lasting`` says
    which way back is an event that counts, one of ``LASTING``."""

    made: Case
    was: str | None
    lasting: str = ""


@allowed(Permission.CASE_WRITE)
@require_POST
def bulk(request: Request) -> HttpResponse:
    """Do the same with many cases, back to the list; what was refused is listed with its reason, the rest is done."""
    numbers, what = request.POST.getlist("case")[:MOST], request.POST.get("what", "")
    return _many(request, {number: partial(_each, request, number, what) for number in numbers}, what)


@allowed(Permission.CASE_WRITE)
@require_POST
def take_back(request: Request) -> HttpResponse:
    """Give cases again what they had; those that changed since are refused."""
    what = request.POST.get("what", "")
    held = zip(*(request.POST.getlist(name)[:MOST] for name in ("case", "version", "was")), strict=False)
    return _many(
        request, {number: partial(_back, request, number, version, what, was) for number, version, was in held}
    )


def _many(request: Request, doings: Mapping[str, Callable[[], Changed]], what: str = "") -> HttpResponse:
    """Do it with each; ``what`` was done is offered to be taken back where that can be."""
    done: list[Changed] = []
    refused: list[tuple[str, str]] = []
    for number, doing in doings.items():
        try:
            done.append(doing())
        except FuxiaoError as error:
            refused.append((number, say_error(error, words.language())[0]))
    back = way_back(request, otherwise=reverse("desk"))
    if done:
        _tell(request, done, what, back)
    if done and not refused:
        return redirect(back)
    context = {"done": done, "refused": refused, "back": back}
    return render(request, "desk/bulk.html", context, status=422 if refused and not done else 200)


def _tell(request: Request, done: Sequence[Changed], what: str, back: str) -> None:
    """Say how many were done; those of them that can be are taken back together."""
    text, held = t("完成 {n} 张。", "Done: {n}.", n=len(done)), [each for each in done if each.was is not None]
    why = [t(*both) for lasting, both in LASTING.items() if any(each.lasting == lasting for each in done)]
    if not (what and held):
        tell(request, " ".join([text, *why]))
        return
    if len(held) < len(done):
        text = t(
            "完成 {n} 张，其中 {m} 张可以撤销。", "Done: {n}; {m} of them can be undone.", n=len(done), m=len(held)
        )
    text = " ".join([text, *why])
    fields = [("what", what), ("back", back)]
    for each in held:
        fields += [("case", each.made.number), ("version", str(each.made.version)), ("was", each.was or "")]
    tell(request, text, Undo(reverse("desk_bulk_undo"), tuple(fields)))


def _each(request: Request, number: str, what: str) -> Changed:
    viewer, at = request.viewer, now()
    if what == "assign":
        person = person_named(request.POST.get("person", ""))
        case = _seen(request, number)
        verb = Verb.ASSIGN if case.state in {State.NEW, State.ASSIGNED} else Verb.TRANSFER
        reason = t("批量派工", "given out together") if verb is Verb.TRANSFER else ""
        was = case.owner.number if verb is Verb.ASSIGN and case.owner else None
        made = act(viewer, number, Act(verb=verb, person=person, reason=reason), at=at, version=case.version)
        return Changed(made, was, "accepted" if verb is Verb.TRANSFER else "" if was else "queue")
    if what == "priority":
        case = _seen(request, number)
        made = edit(
            viewer, number, {"priority": _priority(request.POST.get("priority", ""))}, version=case.version, at=at
        )
        return Changed(made, case.priority if case.priority in labels.words_of(ListKind.PRIORITY) else None)
    if what == "close":
        return Changed(act(viewer, number, Act(verb=Verb.CLOSE), at=at), None, "closed")
    raise InputError("desk.what", choices=("assign", "priority", "close"))


def _back(request: Request, number: str, version: str, what: str, was: str) -> Changed:
    viewer, at, seen = request.viewer, now(), whole(version, 0)
    if what == "assign":
        return Changed(act(viewer, number, Act(verb=Verb.ASSIGN, person=person_named(was)), at=at, version=seen), None)
    if what == "priority":
        return Changed(edit(viewer, number, {"priority": _priority(was)}, version=seen, at=at), None)
    raise InputError("desk.what", choices=("assign", "priority"))


def _seen(request: Request, number: str) -> Case:
    found = case_in_reach(request.viewer, number, on=today())
    if found is None:
        raise NotPermitted("case.not_yours", number=number)
    return found


def _priority(given: str) -> str:
    if given not in labels.words_of(ListKind.PRIORITY):
        raise InputError("desk.what", choices=tuple(labels.words_of(ListKind.PRIORITY)))
    return given


@allowed(Permission.CASE_WRITE)
@require_POST
def set_field(request: Request, number: str) -> HttpResponse:
    """Change owner or priority in place; what is refused is said beside it."""
    case = case_or_404(request, number)
    try:
        if "priority" in request.POST:
            version = whole(request.POST.get("version", str(case.version)), 0)
            edit(
                request.viewer,
                number,
                {"priority": _priority(request.POST.get("priority", ""))},
                version=version,
                at=now(),
            )
        else:
            _each(request, number, "assign")
    except FuxiaoError as error:
        messages.error(request, say_error(error, words.language())[0])
    else:
        messages.success(request, t("已保存。", "Saved."))
    page = sent_from(request)
    return redirect(page if page.startswith(reverse("desk")) else reverse("desk_case", args=[number]))
