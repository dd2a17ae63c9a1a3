"""Pages of devices: the list, one with its history and warranty as of a day, changes, exchange."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.service.actions import devices as actions
from fuxiao.service.models import OPEN_STATES, Device, Product
from fuxiao.service.queries import customers as queries
from fuxiao.service.queries.reach import cases_in_reach
from fuxiao.service.warranties import guarantee, guarantees
from fuxiao.web.access import Request, allowed
from fuxiao.web.customers.forms import DeviceForm, ExchangeForm, NewDeviceForm, initial
from fuxiao.web.customers.rights import rights_of, stays_of
from fuxiao.web.customers.timeline import timeline
from fuxiao.web.customers.views import day
from fuxiao.web.editing import form_page
from fuxiao.web.pages import page_of
from fuxiao.web.words import t


@allowed(Permission.CASE_READ)
@require_GET
def devices(request: Request) -> HttpResponse:
    """Devices in reach, searched by serial number, product or customer."""
    search, product = request.GET.get("q", "").strip(), request.GET.get("product", "")
    page = page_of(request, queries.devices(request.viewer, on=day(), search=search, product=product))
    covers = guarantees(page.object_list, on=day())
    context = {
        "page": page, "rows": [(each, covers[each.pk].cover) for each in page.object_list], "search": search,
        "product": product, "products": Product.objects.order_by("name"),
        "may_write": request.viewer.may(Permission.CUSTOMERS_WRITE),
    }  # fmt: skip
    return render(request, "customers/devices.html#list" if request.htmx else "customers/devices.html", context)


@allowed(Permission.CASE_READ)
@require_GET
def device(request: Request, serial: str) -> HttpResponse:
    """One device: what is known, its warranty as of ``?on=``, the rights of its customer, its history."""
    found = device_in_reach(request, serial)
    on = _asked_day(request.GET.get("on", ""))
    cases = cases_in_reach(request.viewer, on=day()).filter(device=found)
    broken = cases.filter(state__in=OPEN_STATES).exists()
    held = guarantee(found, on=on, broken=broken)
    reached = frozenset(cases.values_list("number", flat=True))
    return render(request, "customers/device.html", {
        "device": found, "on": on, "now": held, "rights": rights_of(found, held, reached), "stays": list(stays_of(held, reached, on=on)),
        "came": getattr(found, "exchanged_from", None), "went": getattr(found, "exchanged_for", None),
        "entries": timeline(request.viewer, on=day(), device=found),
        "may_write": request.viewer.may(Permission.CUSTOMERS_WRITE),
        "may_open": request.viewer.may(Permission.CASE_WRITE),
    })  # fmt: skip


@allowed(Permission.CUSTOMERS_WRITE)
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """A device that is not known yet; of ``?customer=`` where that is given."""
    form = NewDeviceForm(request.POST or None, initial={"customer": request.GET.get("customer", "")})

    def save() -> str:
        serial = form.cleaned_data["serial"]
        actions.add_device(request.viewer, serial, form.given, at=now())
        return reverse("device", args=[serial])

    return form_page(request, form, save, title=t("新增设备", "New device"), crumbs=_above())


@allowed(Permission.CUSTOMERS_WRITE)
@require_http_methods(["GET", "POST"])
def edit(request: Request, serial: str) -> HttpResponse:
    """Change what is known of a device."""
    found = device_in_reach(request, serial)
    form = DeviceForm(request.POST or None, initial=initial(found, DeviceForm))

    def save() -> str:
        version = form.cleaned_data["version"]
        actions.change_device(request.viewer, serial, form.given, version=version, at=now())
        return reverse("device", args=[serial])

    def saved() -> dict[str, object]:
        row = Device.objects.select_related("product", "customer").get(pk=found.pk)
        return initial(row, DeviceForm)

    return form_page(request, form, save, title=t("修改设备", "Edit"), crumbs=_above(found), saved=saved)


@allowed(Permission.CUSTOMERS_WRITE)
@require_http_methods(["GET", "POST"])
def exchange(request: Request, serial: str) -> HttpResponse:
    """Hand over another device for this one."""
    found = device_in_reach(request, serial)
    form = ExchangeForm(request.POST or None, initial={"on": day()})

    def save() -> str:
        given = form.cleaned_data
        swap = actions.Swap(given["serial"], given["on"], given["reason"])
        actions.exchange(request.viewer, serial, swap, at=now())
        return reverse("device", args=[given["serial"]])

    return form_page(
        request, form, save, title=t("换货", "Exchange"), crumbs=_above(found), button=t("换货", "Exchange"),
        note=t("新机归这位客户，质保从换货日重新计算。",
               "The new device goes to the customer; its warranty begins anew on that day."),
    )  # fmt: skip


def device_in_reach(request: Request, serial: str) -> Device:
    """The device, or 404 where there is none or not for this viewer."""
    if (found := queries.device(request.viewer, serial, on=day())) is None:
        raise Http404
    return found


def _asked_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return day()


def _above(device: Device | None = None) -> list[tuple[str, str]]:
    above = [(reverse("devices"), t("设备", "Devices"))]
    return [*above, (reverse("device", args=[device.serial]), device.serial)] if device else above
