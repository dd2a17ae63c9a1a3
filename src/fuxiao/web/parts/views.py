"""Pages of the storekeeper: requests, stock, old parts, movements, the catalogue."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from fuxiao.base.clock import now, today
from fuxiao.base.permissions import Permission
from fuxiao.service.actions import stock as actions
from fuxiao.service.models import Part
from fuxiao.service.queries import parts as queries
from fuxiao.web.access import Request, allowed
from fuxiao.web.editing import form_page
from fuxiao.web.pages import page_of
from fuxiao.web.parts.forms import LocationForm, NewPartForm, PartForm, StockForm, initial_part
from fuxiao.web.shell.home import organisation
from fuxiao.web.words import t

LATEST = 20
"""So many old parts that came back are listed."""


@allowed(Permission.PARTS_READ)
@require_GET
def requests(request: Request) -> HttpResponse:
    """What was asked for and waits, with where it lies."""
    page = page_of(request, queries.waiting(request.viewer, on=day()))
    places = queries.places_with(each.part_id for each in page.object_list)
    rows = [(each, places.get(each.part_id, [])) for each in page.object_list]
    return _list(request, "requests", {"page": page, "rows": rows})


@allowed(Permission.PARTS_READ)
@require_GET
def stock(request: Request) -> HttpResponse:
    """What lies where; with ``?low=1`` what runs low."""
    search, low, place = request.GET.get("q", "").strip(), request.GET.get("low") == "1", request.GET.get("at", "")
    found = queries.stock(search=search, low=low, location=place)
    context = {"search": search, "low": low, "place": place, "locations": queries.locations()}
    return _list(request, "stock", {"page": page_of(request, found), **context})


@allowed(Permission.PARTS_READ)
@require_GET
def returns(request: Request) -> HttpResponse:
    """Old parts that have to come back."""
    page = page_of(request, queries.old_parts_due(request.viewer, on=day()))
    back = queries.old_parts_back(request.viewer, on=day())[:LATEST]
    return _list(request, "returns", {"page": page, "now": now(), "back": back})


@allowed(Permission.PARTS_READ)
@require_GET
def catalogue(request: Request) -> HttpResponse:
    """The parts with how many lie anywhere."""
    search = request.GET.get("q", "").strip()
    return _list(request, "catalogue", {"page": page_of(request, queries.parts(search=search)), "search": search})


@allowed(Permission.PARTS_READ)
@require_GET
def moves(request: Request, number: str) -> HttpResponse:
    """Every movement of a part."""
    part = _part(number)
    held = queries.stock().filter(part=part)
    return _list(request, "moves", {"page": page_of(request, queries.moves(part)), "part": part, "held": held})


@allowed(Permission.PARTS_WRITE)
@require_http_methods(["GET", "POST"])
def new_part(request: Request) -> HttpResponse:
    """A part that is not known yet."""
    form = NewPartForm(request.POST or None)

    def save() -> str:
        actions.add_part(request.viewer, form.cleaned_data["number"], form.given, at=now())
        return reverse("parts_catalogue")

    return form_page(request, form, save, title=t("新增备件", "New part"), crumbs=_above())


@allowed(Permission.PARTS_WRITE)
@require_http_methods(["GET", "POST"])
def part(request: Request, number: str) -> HttpResponse:
    """Change what is known of a part."""
    held = _part(number)
    form = PartForm(request.POST or None, initial=initial_part(held))

    def save() -> str:
        version = form.cleaned_data["version"]
        actions.change_part(request.viewer, number, form.given, version=version, at=now())
        return reverse("parts_catalogue")

    return form_page(
        request, form, save, title=f"{held.name} {number}", crumbs=_above(), saved=lambda: initial_part(_part(number))
    )


@allowed(Permission.PARTS_WRITE)
@require_http_methods(["GET", "POST"])
def new_location(request: Request) -> HttpResponse:
    """Somewhere parts may lie."""
    form = LocationForm(request.POST or None)

    def save() -> str:
        actions.add_location(request.viewer, form.place, at=now())
        return reverse("parts_stock")

    return form_page(request, form, save, title=t("新增库位", "New location"), crumbs=_above())


@allowed(Permission.PARTS_WRITE)
@require_http_methods(["GET", "POST"])
def change(request: Request) -> HttpResponse:
    """Receive, transfer, count, or set a minimum."""
    given = {name: request.GET.get(name, "") for name in ("what", "part", "location")}
    form = StockForm(request.POST or None, initial=given)

    def save() -> str:
        data = form.cleaned_data
        viewer, part, location, qty, at = request.viewer, data["part"], data["location"], data["qty"], now()
        if data["what"] == "receive":
            actions.receive(viewer, part, location, qty, at=at, reason=data["reason"])
        elif data["what"] == "transfer":
            actions.transfer(viewer, part, location, data["target"], qty, at=at)
        elif data["what"] == "count":
            actions.count(viewer, part, location, qty, at=at, reason=data["reason"])
        else:
            actions.set_minimum(viewer, part, location, qty, at=at)
        return reverse("parts_stock")

    return form_page(request, form, save, title=t("库存变动", "Change stock"), crumbs=_above())


def _list(request: Request, tab: str, context: dict[str, object]) -> HttpResponse:
    context |= {"tab": tab, "may_write": request.viewer.may(Permission.PARTS_WRITE)}
    return render(request, f"parts/{tab}.html", context)


def _part(number: str) -> Part:
    if (found := Part.objects.filter(number=number).first()) is None:
        raise Http404
    return found


def _above() -> list[tuple[str, str]]:
    return [(reverse("parts"), t("备件", "Parts"))]


def day() -> date:
    return today(organisation().zone)
