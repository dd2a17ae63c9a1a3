"""Customers and devices as records."""

from __future__ import annotations

from collections.abc import Collection

from fuxiao.service.models import Customer, Device
from fuxiao.service.records.shape import Record, day_number


def customer_rows(numbers: Collection[str]) -> list[Record]:
    return [
        {
            "customer_id": each.number, "name": each.name, "phone": each.phone or None, "city": each.city or None,
            "region": each.region or None, "segment": each.segment or None,
        }
        for each in Customer.objects.filter(number__in=numbers).order_by("number")
    ]  # fmt: skip


def device_rows(serials: Collection[str]) -> list[Record]:
    found = Device.objects.filter(serial__in=serials).select_related("product", "customer").order_by("serial")
    return [
        {
            "serial": each.serial, "model": each.product.code if each.product else None,
            "customer_id": each.customer.number if each.customer else None, "sold_at": day_number(each.sold_on),
            "installed_at": day_number(each.installed_on), "warranty_start": day_number(each.warranty_start),
            "warranty_end": day_number(each.warranty_end),
        }
        for each in found
    ]  # fmt: skip
