"""Pages of the catalogues: products and fault codes."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.service.actions import catalogue as actions
from fuxiao.service.models import FaultCode, Product
from fuxiao.service.queries import customers as queries
from fuxiao.web.access import Request, allowed
from fuxiao.web.customers.forms import FaultForm, NewFaultForm, NewProductForm, ProductForm, initial
from fuxiao.web.editing import form_page
from fuxiao.web.pages import page_of
from fuxiao.web.words import t


@allowed(Permission.CASE_READ)
@require_GET
def products(request: Request) -> HttpResponse:
    """The products with how many devices of each are known."""
    search = request.GET.get("q", "").strip()
    context = {
        "page": page_of(request, queries.products(search=search)), "search": search, "tab": "products",
        "may_write": request.viewer.may(Permission.DESK_WRITE),
    }  # fmt: skip
    return render(request, "customers/products.html#list" if request.htmx else "customers/products.html", context)


@allowed(Permission.CASE_READ)
@require_GET
def faults(request: Request) -> HttpResponse:
    """The fault codes with how many cases have each."""
    search = request.GET.get("q", "").strip()
    context = {
        "page": page_of(request, queries.faults(search=search)), "search": search, "tab": "faults",
        "may_write": request.viewer.may(Permission.DESK_WRITE),
    }  # fmt: skip
    return render(request, "customers/faults.html#list" if request.htmx else "customers/faults.html", context)


@allowed(Permission.DESK_WRITE)
@require_http_methods(["GET", "POST"])
def new_product(request: Request) -> HttpResponse:
    """A model that is not known yet."""
    form = NewProductForm(request.POST or None)

    def save() -> str:
        actions.add_product(request.viewer, form.cleaned_data["code"], form.given, at=now())
        return reverse("products")

    return form_page(request, form, save, title=t("新增型号", "New product"), crumbs=_products())


@allowed(Permission.DESK_WRITE)
@require_http_methods(["GET", "POST"])
def product(request: Request, code: str) -> HttpResponse:
    """Change a product."""
    held = Product.objects.select_related("category").filter(code=code).first()
    if held is None:
        raise Http404
    form = ProductForm(request.POST or None, initial=initial(held, ProductForm))

    def save() -> str:
        version = form.cleaned_data["version"]
        actions.change_product(request.viewer, code, form.given, version=version, at=now())
        return reverse("products")

    def saved() -> dict[str, object]:
        return dict(initial(Product.objects.select_related("category").get(pk=held.pk), ProductForm))

    return form_page(request, form, save, title=f"{held.name} {code}", crumbs=_products(), saved=saved)


@allowed(Permission.DESK_WRITE)
@require_http_methods(["GET", "POST"])
def new_fault(request: Request) -> HttpResponse:
    """A fault that is not known yet."""
    form = NewFaultForm(request.POST or None)

    def save() -> str:
        actions.add_fault(request.viewer, form.cleaned_data["code"], form.given, at=now())
        return reverse("faults")

    return form_page(request, form, save, title=t("新增故障代码", "New fault code"), crumbs=_faults())


@allowed(Permission.DESK_WRITE)
@require_http_methods(["GET", "POST"])
def fault(request: Request, code: str) -> HttpResponse:
    """Change a fault code."""
    held = FaultCode.objects.select_related("category").filter(code=code).first()
    if held is None:
        raise Http404
    form = FaultForm(request.POST or None, initial=initial(held, FaultForm))

    def save() -> str:
        actions.change_fault(request.viewer, code, form.given, at=now())
        return reverse("faults")

    return form_page(request, form, save, title=f"{held.zh} {code}", crumbs=_faults())


def _products() -> list[tuple[str, str]]:
    return [(reverse("products"), t("型号与故障", "Products and faults"))]


def _faults() -> list[tuple[str, str]]:
    return [(reverse("faults"), t("型号与故障", "Products and faults"))]
