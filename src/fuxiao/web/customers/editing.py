"""Pages that change customers and their contracts."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.service.actions import customers as actions
from fuxiao.service.models import Contract, Customer
from fuxiao.web.access import Request, allowed
from fuxiao.web.customers.forms import ContractForm, CustomerForm, NewContractForm, NewCustomerForm, initial
from fuxiao.web.customers.views import customer_in_reach, day
from fuxiao.web.editing import form_page
from fuxiao.web.words import t


@allowed(Permission.CUSTOMERS_WRITE)
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Somebody new."""
    form = NewCustomerForm(request.POST or None)

    def save() -> str:
        made = actions.add_customer(request.viewer, form.given, at=now(), number=form.cleaned_data["number"])
        return reverse("customer", args=[made.number])

    return form_page(request, form, save, title=t("新增客户", "New customer"), crumbs=_above())


@allowed(Permission.CUSTOMERS_WRITE)
@require_http_methods(["GET", "POST"])
def edit(request: Request, number: str) -> HttpResponse:
    """Change particulars."""
    customer = customer_in_reach(request, number)
    form = CustomerForm(request.POST or None, initial=initial(customer, CustomerForm))

    def save() -> str:
        version = form.cleaned_data["version"]
        actions.change_customer(request.viewer, number, form.given, version=version, at=now())
        return reverse("customer", args=[number])

    return form_page(
        request, form, save, title=t("修改信息", "Edit"), crumbs=_above(customer),
        saved=lambda: initial(Customer.objects.get(pk=customer.pk), CustomerForm),
    )  # fmt: skip


@allowed(Permission.CUSTOMERS_WRITE)
@require_http_methods(["GET", "POST"])
def new_contract(request: Request, number: str) -> HttpResponse:
    """A promise from a day on."""
    customer = customer_in_reach(request, number)
    form = NewContractForm(customer, request.POST or None, initial={"valid_from": day()})

    def save() -> str:
        actions.add_contract(request.viewer, customer, form.cleaned_data["number"], form.given, at=now())
        return reverse("customer", args=[number])

    return form_page(request, form, save, title=t("新增合同", "New contract"), crumbs=_above(customer))


@allowed(Permission.CUSTOMERS_WRITE)
@require_http_methods(["GET", "POST"])
def contract(request: Request, number: str, contract: str) -> HttpResponse:
    """Change or end a contract."""
    customer = customer_in_reach(request, number)
    held = Contract.objects.filter(customer=customer, number=contract).select_related("device").first()
    if held is None:
        raise Http404
    form = ContractForm(customer, request.POST or None, initial=initial(held, ContractForm))

    def save() -> str:
        version = form.cleaned_data["version"]
        actions.change_contract(request.viewer, contract, form.given, version=version, at=now())
        return reverse("customer", args=[number])

    return form_page(request, form, save, title=t("合同 {n}", "Contract {n}", n=contract), crumbs=_above(customer))


def _above(customer: Customer | None = None) -> list[tuple[str, str]]:
    above = [(reverse("customers"), t("客户", "Customers"))]
    return [*above, (reverse("customer", args=[customer.number]), customer.name)] if customer else above
