"""Pages that show customers: the list and one of them with all that happened."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fuxiao.base.clock import today
from fuxiao.base.permissions import Permission
from fuxiao.service.models import OPEN_STATES, Customer
from fuxiao.service.queries import customers as queries
from fuxiao.service.queries.reach import cases_in_reach
from fuxiao.service.warranties import guarantees
from fuxiao.web.access import Request, allowed
from fuxiao.web.customers.timeline import timeline
from fuxiao.web.pages import page_of
from fuxiao.web.shell.home import organisation

FEW = 20


@allowed(Permission.CASE_READ)
@require_GET
def customers(request: Request) -> HttpResponse:
    """Customers in reach, searched by name, pinyin, number, serial number or the end of the telephone number."""
    search, region = request.GET.get("q", "").strip(), request.GET.get("region", "")
    found = queries.customers(request.viewer, on=day(), search=search, region=region)
    regions = Customer.objects.exclude(region="").order_by("region").values_list("region", flat=True).distinct()
    context = {
        "page": page_of(request, found), "search": search, "region": region, "regions": regions,
        "may_write": request.viewer.may(Permission.CUSTOMERS_WRITE),
        "sees_phones": request.viewer.may(Permission.CUSTOMERS_READ),
    }  # fmt: skip
    return render(request, "customers/customers.html#list" if request.htmx else "customers/customers.html", context)


@allowed(Permission.CASE_READ)
@require_GET
def customer(request: Request, number: str) -> HttpResponse:
    """One customer: how to reach them, devices with their warranty, contracts, open cases, everything in time."""
    found = customer_in_reach(request, number)
    held = list(
        found.devices.select_related("product", "exchanged_from", "exchanged_for__new").order_by("serial")[:FEW]
    )
    covers = guarantees(held, on=day())
    cases = cases_in_reach(request.viewer, on=day()).filter(customer=found, state__in=OPEN_STATES)
    return render(request, "customers/customer.html", {
        "customer": found, "devices": [(each, covers[each.pk]) for each in held], "today": day(),
        "contracts": found.contracts.select_related("device").order_by("-valid_from"), "cases": cases[:FEW],
        "entries": timeline(request.viewer, on=day(), customer=found),
        "sees_contact": queries.sees_contact(request.viewer, found),
        "may_write": request.viewer.may(Permission.CUSTOMERS_WRITE),
        "may_open": request.viewer.may(Permission.CASE_WRITE),
    })  # fmt: skip


def customer_in_reach(request: Request, number: str) -> Customer:
    """The customer, or 404 where there is none or not for this viewer."""
    if (found := queries.customer(request.viewer, number, on=day())) is None:
        raise Http404
    return found


def day() -> date:
    """Today in the organisation's zone."""
    return today(organisation().zone)
