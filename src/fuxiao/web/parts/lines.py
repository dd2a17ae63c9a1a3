"""What people do with a part line: ask, issue, order, fit, give back; from the store and from a visit."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.base.wording import say_error
from fuxiao.core.errors import InputError
from fuxiao.service.actions import parts as actions
from fuxiao.service.models import Location, PartLine
from fuxiao.service.queries.visits import visit_in_reach
from fuxiao.web import words
from fuxiao.web.access import Request, allowed
from fuxiao.web.pages import whole
from fuxiao.web.parts.forms import AskForm
from fuxiao.web.parts.views import day
from fuxiao.web.words import later, t

DONE = {
    "issue": later("已发出", "issued"), "order": later("已转订货", "ordered"), "withdraw": later("已撤回", "withdrawn"),
    "fit": later("已装机", "fitted"), "give-back": later("已退回", "given back"), "old-back": later("已收到旧件", "the old part is back"),
}  # fmt: skip


@allowed(Permission.CASE_WRITE)
@require_POST
def ask(request: Request, number: str) -> HttpResponse:
    """A part is needed for the case; ``visit`` names the visit where it turned out."""
    form = AskForm(request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(str(each) for each in errors))
        return _back(request)
    place = whole(request.POST.get("visit", ""), 0)
    visit = visit_in_reach(request.viewer, number, place, on=day()) if place else None

    def write() -> PartLine:
        part, qty = form.cleaned_data["part"], form.cleaned_data["qty"]
        return actions.ask(request.viewer, number, part, qty, at=now(), visit=visit)

    return _done(request, write, t("已申请。", "Asked for."))


@allowed(Permission.CASE_READ)
@require_POST
def act(request: Request, number: str, what: str) -> HttpResponse:
    """Issue, order, withdraw, fit, give back, or take the old part back; the action checks who may."""
    viewer, at = request.viewer, now()
    acts: dict[str, Callable[[], PartLine]] = {
        "issue": lambda: actions.issue(viewer, number, _place(request), at=at, overdraw=request.POST.get("overdraw", "")),
        "order": lambda: actions.order(viewer, number, at=at),
        "withdraw": lambda: actions.withdraw(viewer, number, at=at),
        "fit": lambda: actions.fit(viewer, number, at=at),
        "give-back": lambda: actions.give_back(
            viewer, number, _place(request), at=at, wrong=request.POST.get("wrong", ""), kind=request.POST.get("kind", "")
        ),
        "old-back": lambda: actions.take_old(viewer, number, at=at),
    }  # fmt: skip
    if what not in acts or not PartLine.objects.filter(number=number).exists():
        raise Http404
    line = PartLine.objects.select_related("part").get(number=number)
    told = t("{part} × {n}：{done}。", "{part} × {n}: {done}.", part=line.part.name, n=line.qty, done=DONE[what])
    return _done(request, acts[what], told)


def _place(request: Request) -> Location:
    """The location that the form names; where none is named, the one that the part came from."""
    key = request.POST.get("location", "")
    found = Location.objects.filter(key=key, active=True).select_related("engineer").first()
    if found is None:
        raise InputError("part.no_location", key=key)
    return found


def _done(request: Request, write: Callable[[], PartLine], words_: str) -> HttpResponse:
    try:
        write()
    except InputError as refused:
        messages.error(request, " ".join(say_error(refused, words.language())))
    else:
        messages.success(request, words_)
    return _back(request)


def _back(request: Request) -> HttpResponse:
    """Where the form stood."""
    address = request.POST.get("next", "")
    own = url_has_allowed_host_and_scheme(address, None)
    return redirect(address if own and address.startswith("/") else "parts")
