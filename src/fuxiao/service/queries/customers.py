"""Reads of customers and devices: which ones somebody sees, how they are searched, who may see how to reach them."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db.models import Count, F, Q, QuerySet

from fuxiao.base.permissions import Permission, Viewer
from fuxiao.org.pinyin import folded
from fuxiao.service.models import OPEN_STATES, Case, Customer, Device, FaultCode, Product, Visit
from fuxiao.service.queries.reach import cases_in_reach

FEWEST: Final = 4
"""A search by fewer digits than these of a telephone number would only list strangers."""


def customers(viewer: Viewer, *, on: date, search: str = "", region: str = "") -> QuerySet[Customer]:
    """The customers in reach: all, or those of the cases in reach. ``devices_held`` and ``open_cases`` come with each.

    ``search`` finds by name, pinyin, initials, number, serial number, or the end of the telephone number.
    """
    found = Customer.objects.all()
    if not viewer.may(Permission.CUSTOMERS_READ):
        found = found.filter(pk__in=_of_cases(viewer, on=on).values("customer_id"))
    if search.strip():
        found = found.filter(_matching(viewer, search))
    if region:
        found = found.filter(region=region)
    return found.annotate(
        devices_held=Count("devices", distinct=True),
        open_cases=Count("cases", filter=Q(cases__state__in=OPEN_STATES), distinct=True),
    ).order_by("number")


def customer(viewer: Viewer, number: str, *, on: date) -> Customer | None:
    """The customer of that number; ``None`` where there is none, or not for this viewer."""
    return customers(viewer, on=on).filter(number=number).first()


def devices(viewer: Viewer, *, on: date, search: str = "", product: str = "") -> QuerySet[Device]:
    """The devices in reach, by serial number; ``search`` finds by part of it, product or customer."""
    found = Device.objects.select_related("product", "customer", "exchanged_from", "exchanged_for__new")
    if not viewer.may(Permission.CUSTOMERS_READ):
        found = found.filter(pk__in=_of_cases(viewer, on=on).values("device_id"))
    if wanted := search.strip():
        spoken = folded(wanted).replace(" ", "")
        found = found.filter(
            Q(serial__icontains=folded(wanted)) | Q(product__name__icontains=wanted)
            | Q(customer__name__icontains=wanted) | Q(customer__initials__startswith=spoken)
            | Q(customer__plain__startswith=spoken)
        )  # fmt: skip
    return (found.filter(product__code=product) if product else found).order_by("serial")


def device(viewer: Viewer, serial: str, *, on: date) -> Device | None:
    """The device of that serial number; ``None`` where there is none, or not for this viewer."""
    return devices(viewer, on=on).filter(serial=serial).first()


def products(*, search: str = "") -> QuerySet[Product]:
    """The products, those on sale first; ``devices_known`` comes with each."""
    found = Product.objects.select_related("category").annotate(devices_known=Count("devices"))
    wanted = search.strip()
    found = found.filter(Q(code__icontains=wanted) | Q(name__icontains=wanted)) if wanted else found
    return found.order_by(F("active").desc(), "code")


def faults(*, search: str = "") -> QuerySet[FaultCode]:
    """The fault codes; ``used`` tells how many cases have each."""
    found = FaultCode.objects.select_related("category").annotate(used=Count("cases"))
    if wanted := search.strip():
        found = found.filter(
            Q(code__icontains=wanted) | Q(zh__icontains=wanted) | Q(en__icontains=wanted) | Q(group__icontains=wanted)
        )  # fmt: skip
    return found.order_by(F("active").desc(), "code")


def sees_contact(viewer: Viewer, customer: Customer) -> bool:
    """Whether telephone, e-mail and address are shown: to whoever keeps customers, has their case or goes there."""
    if viewer.may(Permission.CUSTOMERS_READ):
        return True
    if viewer.person is None:
        return False
    own = Case.objects.filter(customer=customer, owner__number=viewer.person, state__in=OPEN_STATES)
    going = Visit.objects.filter(case__customer=customer, engineer__number=viewer.person, left_at__isnull=True)
    return own.exists() or going.filter(cancelled_at__isnull=True).exists()


def _of_cases(viewer: Viewer, *, on: date) -> QuerySet[Case]:
    """The cases in reach as a plain subquery."""
    return cases_in_reach(viewer, on=on).select_related(None).order_by()


def _matching(viewer: Viewer, search: str) -> Q:
    wanted = folded(search)
    spoken = wanted.replace(" ", "")
    found = (
        Q(number__icontains=wanted) | Q(name__icontains=search.strip()) | Q(initials__startswith=spoken)
        | Q(plain__startswith=spoken) | Q(devices__serial__iexact=wanted)
    )  # fmt: skip
    digits = "".join(sign for sign in wanted if sign.isdigit())
    by_phone = len(digits) >= FEWEST and viewer.may(Permission.CUSTOMERS_READ)
    return found | Q(phone_digits__startswith=digits[::-1]) if by_phone else found
