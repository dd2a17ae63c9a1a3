"""Pages of complaints: the register, taking one in, one with all that happened and what can be done."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.base.wording import say_error
from fuxiao.core.errors import Conflict, FuxiaoError, InputError
from fuxiao.org.models import Person
from fuxiao.service.actions import complaints as actions
from fuxiao.service.models import Complaint, Customer, Validity
from fuxiao.service.queries.complaints import complaints_in_reach
from fuxiao.service.queries.reach import case_in_reach
from fuxiao.web import words
from fuxiao.web.access import Request, allowed
from fuxiao.web.desk.people import known_people
from fuxiao.web.desk.reading import today
from fuxiao.web.editing import form_page, refuse
from fuxiao.web.pages import page_of, whole
from fuxiao.web.voice.exporting import export_complaints, wants_file
from fuxiao.web.voice.forms import ComplaintForm, DecisionForm
from fuxiao.web.voice.words import CHANNELS, PENDING, SEVERITIES, STEPS, VALIDITIES
from fuxiao.web.words import t

SHOWN = {
    "open": Q(resolved_at__isnull=True),
    "undecided": Q(validity=Validity.PENDING),
    "unconfirmed": Q(resolved_at__isnull=False, confirmed__isnull=True),
    "valid": Q(validity=Validity.VALID),
}


@allowed(Permission.COMPLAINTS_READ)
@require_GET
def complaints(request: Request) -> HttpResponse:
    """The register: open ones first in time, with their clocks."""
    found, state = complaints_in_reach(request.viewer), request.GET.get("state", "")
    late = Q(resolved_at__isnull=True, closing_due_at__lt=now()) | Q(
        acknowledged_at__isnull=True, acknowledge_due_at__lt=now()
    )
    counts = found.aggregate(
        open=Count("pk", filter=SHOWN["open"]), late=Count("pk", filter=late),
        undecided=Count("pk", filter=SHOWN["undecided"]), all=Count("pk"),
    )  # fmt: skip
    shown = found.filter(late) if state == "late" else found.filter(SHOWN[state]) if state in SHOWN else found
    if wants_file(request):
        return export_complaints(request, shown)
    context = {
        "page": page_of(request, shown), "state": state, "counts": counts, "now": now(),
        "channels": dict(CHANNELS), "severities": dict(SEVERITIES), "validities": dict(VALIDITIES),
        "may_write": request.viewer.may(Permission.COMPLAINTS_WRITE),
        "states": [
            ("", t("全部", "All")), ("open", t("未办结", "Open")), ("late", t("超时", "Late")),
            ("undecided", str(PENDING)), ("unconfirmed", t("待客户确认", "Customer to agree")),
            ("valid", t("成立", "Valid")),
        ],
    }  # fmt: skip
    return render(request, "voice/complaints.html#found" if request.htmx else "voice/complaints.html", context)


@allowed(Permission.COMPLAINTS_WRITE)
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Take a complaint in."""
    form = ComplaintForm(request.POST or None, initial={"case": request.GET.get("case", "")})

    def save() -> str:
        given = _given(request, form)
        return reverse("complaint", args=[actions.take_complaint(request.viewer, given, at=now()).number])

    return form_page(
        request, form, save, title=t("登记投诉", "New complaint"), crumbs=[(reverse("complaints"), t("投诉", "Complaints"))]
    )  # fmt: skip


def _given(request: Request, form: ComplaintForm) -> actions.Given:
    data = form.cleaned_data
    case = case_in_reach(request.viewer, data["case"], on=today()) if data["case"] else None
    customer = Customer.objects.filter(number=data["customer"]).first() if data["customer"] else None
    first = complaints_in_reach(request.viewer).filter(number=data["repeat_of"]).first() if data["repeat_of"] else None
    for name, found in (("case", case), ("customer", customer), ("repeat_of", first)):
        if data[name] and found is None:
            raise InputError("complaint.no_such", name=data[name])
    return actions.Given(
        text=data["text"], case=case, customer=customer, channel=data["channel"], severity=data["severity"],
        repeat_of=first,
    )  # fmt: skip


def _one(request: Request, number: str) -> Complaint:
    found = complaints_in_reach(request.viewer).filter(number=number).first()
    if found is None:
        raise Http404
    return found


@allowed(Permission.COMPLAINTS_READ)
@require_GET
def complaint(request: Request, number: str) -> HttpResponse:
    """One complaint: its clocks, what happened, and what can be done."""
    return _page(request, _one(request, number), None, 200)


def _page(request: Request, made: Complaint, form: DecisionForm | None, status: int) -> HttpResponse:
    viewer = request.viewer
    accused = bool(viewer.person) and viewer.person in actions.accused(made)
    may_decide = viewer.may(Permission.COMPLAINTS_DECIDE) and not viewer.read_only
    form = form or DecisionForm(initial={
        "version": made.version, "validity": made.validity if made.validity != Validity.PENDING else "",
        "person": made.cause_person.number if made.cause_person else "", "reason": made.decision,
        "team": made.cause_team.key if made.cause_team else "",
    })  # fmt: skip
    return render(request, "voice/complaint.html", {
        "made": made, "now": now(), "channel": dict(CHANNELS)[made.channel], "severity": dict(SEVERITIES)[made.severity],
        "validity": dict(VALIDITIES).get(made.validity), "accused": accused, "may_decide": may_decide, "form": form,
        "may_write": viewer.may(Permission.COMPLAINTS_WRITE) and not viewer.read_only, "people": known_people(on=today()),
        "steps": [(step, STEPS[step.kind]) for step in made.steps.all()], "repeats": list(made.repeats.all()),
    }, status=status)  # fmt: skip


@allowed(Permission.COMPLAINTS_WRITE)
@require_POST
def do(request: Request, number: str, what: str) -> HttpResponse:
    """One step of looking after a complaint."""
    _one(request, number)
    if what not in DO:
        raise Http404
    try:
        DO[what](request, number, whole(request.POST.get("version", ""), 0))
        messages.success(request, t("已保存。", "Saved."))
    except (InputError, Conflict) as refused:
        messages.error(request, say_error(refused, words.language())[0])
    return redirect("complaint", number)


def _acknowledge(request: Request, number: str, version: int) -> None:
    actions.acknowledge(request.viewer, number, version=version, at=now())


def _give(request: Request, number: str, version: int) -> None:
    word = request.POST.get("person", "").strip()
    found = Person.objects.filter(Q(number=word) | Q(name=word)).order_by("number").first()
    if found is None:
        raise InputError("complaint.no_such", name=word)
    actions.give_to(request.viewer, number, found, version=version, at=now())


def _write(request: Request, number: str, version: int) -> None:
    actions.write(request.viewer, number, request.POST.get("text", ""), version=version, at=now())


def _settle(request: Request, number: str, version: int) -> None:
    actions.settle(request.viewer, number, request.POST.get("text", ""), version=version, at=now())


def _confirm(request: Request, number: str, version: int) -> None:
    agrees = request.POST.get("agrees") == "yes"
    actions.confirm(request.viewer, number, agrees=agrees, version=version, at=now())


DO: dict[str, Callable[[Request, str, int], None]] = {
    "acknowledge": _acknowledge, "give": _give, "note": _write, "settle": _settle, "confirm": _confirm,
}  # fmt: skip


@allowed(Permission.COMPLAINTS_DECIDE)
@require_POST
def decide(request: Request, number: str) -> HttpResponse:
    """The liability decision; refused to whoever is accused."""
    made, form = _one(request, number), DecisionForm(request.POST)
    status = 422
    if form.is_valid():
        data = form.cleaned_data
        asked = actions.Decision(
            validity=Validity(data["validity"]), reason=data["reason"], person=data["person"], team=data["team"]
        )
        try:
            actions.decide(request.viewer, number, asked, version=data["version"], at=now())
        except FuxiaoError as refused:
            refuse(form, refused)
            status = 409 if isinstance(refused, Conflict) else 422 if isinstance(refused, InputError) else 403
        else:
            messages.success(request, t("已判责。", "Decided."))
            return redirect("complaint", number)
    return _page(request, made, form, status)
