"""Writes of the catalogues: products that are sold and faults that they have."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from fuxiao.base.actions import require
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.base.versioned import Fields, at_version
from fuxiao.core.errors import InputError
from fuxiao.service.actions.rows import plain, record_row, set_fields
from fuxiao.service.models import FaultCode, Product

TOPIC = "catalogue"


@transaction.atomic
def add_product(viewer: Viewer, key: str, given: Fields, *, at: datetime) -> Product:
    """A model that is not known yet. ``InputError`` for a code that is taken."""
    require(viewer, Permission.DESK_WRITE)
    if Product.objects.filter(code=key).exists():
        raise InputError("catalogue.taken", key=key)
    made = Product.objects.create(code=key, **given)
    new = {name: plain(name, value) for name, value in given.items()}
    record_row(viewer, "product.added", "service.product", key, label=made.name, at=at, old={}, new=new, topic=TOPIC)
    return made


@transaction.atomic
def change_product(viewer: Viewer, key: str, given: Fields, *, version: int | None, at: datetime) -> Product:
    """Change a product. ``Conflict`` where somebody else did meanwhile."""
    require(viewer, Permission.DESK_WRITE)
    held = Product.objects.select_for_update().filter(code=key).first()
    if held is None:
        raise InputError("catalogue.unknown", key=key)
    at_version(held, version)
    old, new = set_fields(held, given)
    if new:
        record_row(
            viewer, "product.changed", "service.product", key, label=held.name, at=at, old=old, new=new, topic=TOPIC
        )
    return held


@transaction.atomic
def add_fault(viewer: Viewer, key: str, given: Fields, *, at: datetime) -> FaultCode:
    """A fault that is not known yet. ``InputError`` for a code that is taken."""
    require(viewer, Permission.DESK_WRITE)
    if FaultCode.objects.filter(code=key).exists():
        raise InputError("catalogue.taken", key=key)
    made = FaultCode.objects.create(code=key, **given)
    new = {name: plain(name, value) for name, value in given.items()}
    record_row(viewer, "fault.added", "service.fault", key, label=made.zh, at=at, old={}, new=new, topic=TOPIC)
    return made


@transaction.atomic
def change_fault(viewer: Viewer, key: str, given: Fields, *, at: datetime) -> FaultCode:
    """Change a fault code."""
    require(viewer, Permission.DESK_WRITE)
    held = FaultCode.objects.select_for_update().filter(code=key).first()
    if held is None:
        raise InputError("catalogue.unknown", key=key)
    old = {name: getattr(held, name) for name in given if getattr(held, name) != given[name]}
    for name in old:
        setattr(held, name, given[name])
    if old:
        held.save()
        before = {name: plain(name, value) for name, value in old.items()}
        after = {name: plain(name, given[name]) for name in old}
        record_row(
            viewer, "fault.changed", "service.fault", key, label=held.zh, at=at, old=before, new=after, topic=TOPIC
        )
    return held
