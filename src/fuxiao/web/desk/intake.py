"""Cases taken by staff: who calls, about which device, what is the matter."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.base.wording import say_error
from fuxiao.core.errors import FuxiaoError
from fuxiao.service.actions.intake import Intake, NewCustomer, take_in
from fuxiao.service.models import OPEN_STATES, Case, Customer, Device
from fuxiao.service.queries.reach import cases_in_reach
from fuxiao.service.queries.searching import CODE, begins, customer_matching
from fuxiao.service.terms import terms
from fuxiao.web import words
from fuxiao.web.access import Request, allowed
from fuxiao.web.desk.forms import IntakeForm
from fuxiao.web.desk.limits import came_of, forget, once_token, sent_before
from fuxiao.web.desk.reading import people, today
from fuxiao.web.words import t

FOUND = 8
PLAIN = (
    "title",
    "description",
    "priority",
    "case_type",
    "category",
    "channel",
    "region",
    "device",
    "is_test",
    "address",
)


@allowed(Permission.CASE_WRITE)
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Take a case in; it is given out as is said, else as the rules say."""
    form = IntakeForm(request.POST or None, initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        if (number := sent_before(request)) is not None:
            return redirect("desk_case", number) if number else redirect("desk")
        try:
            case = take_in(request.viewer, asked_of(form), at=now())
        except FuxiaoError as refused:
            forget(request)
            for line in say_error(refused, words.language()):
                form.add_error(None, line)
        else:
            came_of(request, case.number)
            messages.success(request, t("已受理 {number}。", "Taken in as {number}.", number=case.number))
            return redirect("desk_case", case.number)
    context = {
        "form": form,
        "people": people(request) if request.viewer.may(Permission.CASE_ASSIGN) else "",
        "may_assign": request.viewer.may(Permission.CASE_ASSIGN),
        "chosen": (chosen := _chosen(form)),
        "open_cases": _open_of(request, chosen),
        "once": request.POST.get("once") or once_token(),
    }
    return render(request, "desk/new.html", context, status=422 if form.errors else 200)


def _initial(request: Request) -> dict[str, str]:
    """A customer or device that was found already, and the priority that is usual."""
    facts = {name: request.GET.get(name, "")[:80] for name in ("customer", "device")}
    facts["priority"] = terms().usual_priority(at=now())
    device = (
        Device.objects.filter(serial=facts["device"]).select_related("customer").first() if facts["device"] else None
    )
    if device is not None and device.customer is not None and not facts["customer"]:
        facts["customer"] = device.customer.number
    return facts


def _chosen(form: IntakeForm) -> Customer | None:
    number = form["customer"].value()
    return Customer.objects.filter(number=number).first() if number else None


def _open_of(request: Request, customer: Customer | None) -> list[Case]:
    """What the customer waits for already, as far as the reader sees it: so that no case is opened twice."""
    if customer is None:
        return []
    found = cases_in_reach(request.viewer, on=today()).filter(state__in=OPEN_STATES, customer=customer)
    return list(found.order_by("-id")[:FOUND])


def asked_of(form: IntakeForm) -> Intake:
    """What the form says."""
    data = form.cleaned_data
    new_name = data["new_name"].strip()
    made = (
        NewCustomer(name=new_name, phone=data["new_phone"], address=data["address"], region=data["region"])
        if new_name
        else None
    )
    return Intake(
        **{name: data[name] for name in PLAIN}, customer=data["customer"], new_customer=made, contact_name=new_name,
        contact_phone=data["new_phone"], owner=data["person"], team=data["team"],
    )  # fmt: skip


@allowed(Permission.CASE_WRITE)
@require_GET
def find(request: Request) -> HttpResponse:
    """Customers and devices that fit what the caller says, with their open cases: so that no case is opened twice."""
    text = request.GET.get("find", "").strip()[:80]
    customers, devices = [], []
    if len(text) >= 2:
        wanted = customer_matching(text)
        if CODE.fullmatch(text):
            devices = list(
                Device.objects.filter(begins("serial", text.upper())).select_related("customer", "product")[:FOUND]
            )
        customers = list(
            Customer.objects.filter(wanted | Q(pk__in=[d.customer_id for d in devices])).order_by("number")[:FOUND]
        )
    open_now = Case.objects.filter(state__in=OPEN_STATES, customer__in=customers).order_by("-id")[:20]
    context = {"customers": customers, "devices": devices, "text": text, "open_cases": list(open_now)}
    return render(request, "desk/found.html", context)
