"""The engineer's own day: visits in order, arrive, leave; made for a phone with a bad connection."""

from __future__ import annotations

from uuid import uuid4

from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from fuxiao.base.clock import now, today
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.errors import InputError
from fuxiao.service.actions import visits as actions
from fuxiao.service.models import OPEN_STATES, PartLine, Place, Visit
from fuxiao.service.queries.customers import sees_contact
from fuxiao.service.queries.parts import with_vans
from fuxiao.service.queries.visits import own_visits
from fuxiao.service.rights import leads, needed_to_plan
from fuxiao.service.warranties import guarantee
from fuxiao.web.access import Request, allowed
from fuxiao.web.editing import refuse
from fuxiao.web.parts.known import known_parts
from fuxiao.web.shell.home import organisation
from fuxiao.web.visits.board import day_of, visit_of
from fuxiao.web.visits.forms import ArriveForm, LeaveForm

ABOUT = {"visit.no_reason": "reason", "case.no_result": "resolution_code"}
"""The field that a refusal is about; at the top of the form for others."""


@allowed(Permission.CASE_WRITE)
@require_GET
def my_visits(request: Request) -> HttpResponse:
    """What the viewer has to do today, in order."""
    day = day_of(request.GET.get("day", ""))
    return render(request, "visits/mine.html", {"visits": own_visits(request.viewer, day), "day": day})


@allowed(Permission.CASE_READ)
@require_GET
def visit(request: Request, number: str, place: int) -> HttpResponse:
    """One visit: where, when, what; arriving and leaving where it is the viewer's."""
    return _page(request, visit_of(request, number, place))


@allowed(Permission.CASE_WRITE)
@require_POST
def arrive(request: Request, number: str, place: int) -> HttpResponse:
    """The engineer stands at the door."""
    found, form = visit_of(request, number, place), ArriveForm(request.POST)
    if not form.is_valid():
        return _page(request, found, arriving=form)
    at = now()
    try:
        actions.arrive(
            request.viewer, found.key, at=at, here=form.here, sending=form.cleaned_data["sending"],
            happened_at=form.happened(at=at),
        )  # fmt: skip
    except InputError as refused:
        refuse(form, refused)
        return _page(request, found, arriving=form)
    return redirect("visit", number, place)


@allowed(Permission.CASE_WRITE)
@require_POST
def leave(request: Request, number: str, place: int) -> HttpResponse:
    """The visit is over."""
    found, form = visit_of(request, number, place), LeaveForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, found, leaving=form)
    at = now()
    try:
        actions.leave(
            request.viewer, found.key, form.came, at=at, sending=form.cleaned_data["sending"],
            happened_at=form.happened(at=at),
        )  # fmt: skip
    except InputError as refused:
        refuse(form, refused, ABOUT.get(refused.code))
        return _page(request, found, leaving=form)
    return redirect("visit", number, place)


def _page(
    request: Request, found: Visit, *, arriving: ArriveForm | None = None, leaving: LeaveForm | None = None
) -> HttpResponse:  # fmt: skip
    case, viewer, on = found.case, request.viewer, today(organisation().zone)
    fresh = {"sending": uuid4()}
    mine = found.engineer.number == viewer.person or leads(viewer)
    works = viewer.may(Permission.CASE_WRITE)
    customer = case.customer
    return render(request, "visits/visit.html", {
        "visit": found, "case": case, "works": works, "mine": mine and works and not viewer.read_only,
        "may_plan": viewer.may(needed_to_plan(viewer, found)) and not viewer.read_only,
        "arriving": arriving or ArriveForm(initial=fresh), "leaving": leaving or LeaveForm(initial=fresh),
        "sees_contact": _contact(viewer, found), "phone": case.contact_phone or (customer.phone if customer else ""),
        "address": case.address or (customer.address if customer else ""),
        "knows_place": customer is not None and Place.objects.filter(customer=customer).exists(),
        "guarantee": guarantee(case.device, on=on) if case.device else None, "moves": found.moves.select_related("engineer"),
        "photos": found.photos.all(), "parts": with_vans(viewer, PartLine.objects.filter(
            case=case, cancelled_at__isnull=True
        ).select_related("part", "location").order_by("id")),
        "known_parts": known_parts(request),
        "last": Visit.objects.filter(case=case).aggregate(last=Max("number"))["last"],
        "open": case.state in OPEN_STATES, "case_href": f"/desk/{case.number}/", "home": reverse("my_visits"),
    }, status=422 if arriving or leaving else 200)  # fmt: skip


def _contact(viewer: Viewer, found: Visit) -> bool:
    """Telephone and address are for whoever goes there, and for those who see them anyway."""
    if found.engineer.number == viewer.person and found.cancelled_at is None and found.left_at is None:
        return True
    return found.case.customer is not None and sees_contact(viewer, found.case.customer)
