"""The warranty of devices as of a day, from what the desk knows of their sale, repairs and exchanges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q

from fuxiao.core.case_life import State as CaseState
from fuxiao.core.warranty import Basis, Claims, Cover, Repair, Terms, claims, cover, terms_as_of, warranty
from fuxiao.service.models import Case, CaseEvent, Device
from fuxiao.service.terms import terms as house

ENDED_OTHERWISE = (CaseState.CANCELLED.value, CaseState.MERGED.value)


@dataclass(frozen=True, slots=True)
class Guarantee:
    """A device on a day: in or out of warranty, the repairs that count, the terms of its sale and what they allow."""

    cover: Cover
    repairs: tuple[Repair, ...]
    terms: Terms | None
    claims: Claims


def guarantee(device: Device, *, on: date, broken: bool = True) -> Guarantee:
    """Of one device. ``broken``: it does not work now."""
    return guarantees([device], on=on, broken=broken)[device.pk]


def covers(wanted: Iterable[tuple[Device, date]]) -> dict[tuple[int, date], Cover]:
    """In or out of warranty, by device id and day; two queries whatever their number."""
    asked = {(device.pk, on): device for device, on in wanted}
    repairs = repairs_of({pk for pk, _ in asked})
    return {
        (pk, on): _guarantee(device, repairs.get(pk, ()), on=on, broken=True).cover
        for (pk, on), device in asked.items()
    }  # fmt: skip


def guarantees(devices: Iterable[Device], *, on: date, broken: bool = True) -> dict[int, Guarantee]:
    """Of several, by their id; two queries whatever their number."""
    known = list(devices)
    repairs = repairs_of([each.pk for each in known])
    return {each.pk: _guarantee(each, repairs.get(each.pk, ()), on=on, broken=broken) for each in known}


def _guarantee(device: Device, repairs: Iterable[Repair], *, on: date, broken: bool) -> Guarantee:
    basis, stays = basis_of(device), tuple(repairs)
    began = basis.exchanged_on or basis.sold_on or basis.installed_on or basis.declared_start
    terms = terms_as_of(began or on)
    found = warranty(basis, stays, on=on, terms=terms)
    rights = claims(
        terms, sold_on=basis.exchanged_on or basis.sold_on, repairs=stays, found=found, on=on, broken=broken
    ) if terms else ()  # fmt: skip
    return Guarantee(cover(found, on=on), stays, terms, rights)


def basis_of(device: Device) -> Basis:
    """What the warranty of the device rests on; select ``product`` and ``exchanged_from`` with it."""
    came = getattr(device, "exchanged_from", None)
    return Basis(
        sold_on=device.sold_on, installed_on=device.installed_on, declared_start=device.warranty_start,
        declared_end=device.warranty_end, exchanged_on=came.on if came else None,
        months=device.product.warranty_months if device.product else None,
    )  # fmt: skip


def repairs_of(devices: Iterable[int]) -> Mapping[int, list[Repair]]:
    """The stays in repair of devices by id: cases in which a fault was found or a part was asked for.

    A case lasts from the local day of its opening to that of its resolution. Advice and installation are no repair.
    """
    found = Case.objects.filter(device_id__in=list(devices), is_test=False).exclude(state__in=ENDED_OTHERWISE)
    faulty = found.filter(Q(fault_code__isnull=False) | Q(part_lines__isnull=False)).distinct()
    rows = list(faulty.order_by("opened_at", "id").values_list("id", "device_id", "opened_at", "resolved_at", "number"))
    waits = _waits([case for case, *_ in rows])
    stays: dict[int, list[Repair]] = defaultdict(list)
    for case, device, opened, resolved, number in rows:
        start, end = local(opened), local(resolved) if resolved else None
        stays[device].append(Repair(start, end, waited=waits.get(case, 0), case=number))
    return stays


def _waits(cases: list[int]) -> dict[int, int]:
    """Whole days without parts of each case, one at least where it waited at all."""
    events = CaseEvent.objects.filter(case_id__in=cases, type__in=("pend_start", "pend_end"), kind="parts")
    began: dict[int, datetime] = {}
    days: dict[int, int] = {}
    for case, type_, at in events.order_by("case_id", "seq").values_list("case_id", "type", "at"):
        days.setdefault(case, 0)
        if type_ == "pend_start":
            began[case] = at
        elif case in began:
            days[case] += (local(at) - local(began.pop(case))).days
    return {case: max(1, waited) for case, waited in days.items()}


def local(at: datetime) -> date:
    """The organisation's day of a moment."""
    return at.astimezone(ZoneInfo(house().settings.zone)).date()
