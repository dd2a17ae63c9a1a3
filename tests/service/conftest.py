"""The desk of a small department: lists, a customer with a device, and accounts to act with."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from fuxiao.base.permissions import Role, Viewer
from fuxiao.org.models import Person, Team
from fuxiao.org.queries import viewer_of
from fuxiao.service.models import Category, Choice, Customer, Device, ListKind, Product
from web.conftest import NOW, _today, account, home, org, signed_in

__all__ = ["_today", "home", "org"]

ACCOUNTS = {
    "owner": ((Role.OWNER,), None), "manager": ((Role.MANAGER,), "E1"), "lead": ((Role.LEAD,), "E2"),
    "engineer": ((Role.ENGINEER,), "E3"), "other": ((Role.ENGINEER,), "E4"), "dispatcher": ((Role.DISPATCHER,), None),
    "checker": ((Role.CHECKER,), None), "parts": ((Role.PARTS,), None), "hr": ((Role.HR,), None),
    "finance": ((Role.FINANCE,), None), "auditor": ((Role.AUDITOR,), None),
}  # fmt: skip


def minutes(count: int):
    return NOW + timedelta(minutes=count)


@pytest.fixture
def desk(org):
    return furnished()


def furnished() -> SimpleNamespace:
    """Viewers by name, and what cases are made of."""
    users = {name: account(name, *roles, person=person) for name, (roles, person) in ACCOUNTS.items()}
    viewers: dict[str, Viewer] = {name: viewer_of(user, on=NOW.date()) for name, user in users.items()}
    for rank, (key, english) in enumerate((("紧急", "urgent"), ("普通", "normal")), 1):
        Choice.objects.create(kind=ListKind.PRIORITY, key=key, zh=key, en=english, rank=rank)
    Choice.objects.create(kind=ListKind.RESOLUTION_CODE, key="repaired", zh="已修好", en="Repaired")
    category = Category.objects.create(key="空调", zh="空调", en="Air conditioners", case_type="报修")
    product = Product.objects.create(code="KFR-26", name="KFR-26", category=category)
    customer = Customer.objects.create(
        number="K1", name="周女士", plain="zhounvshi", initials="zns", phone="13800001234", phone_digits="43210000831",
        address="天河路 1 号", region="天河区",
    )  # fmt: skip
    device = Device.objects.create(serial="SN-0001", product=product, customer=customer)
    return SimpleNamespace(
        **viewers, users=users, clients={name: signed_in(user) for name, user in users.items()}, category=category,
        product=product, customer=customer, device=device,
        people={number: Person.objects.get(number=number) for number in ("E1", "E2", "E3", "E4")},
        teams={key: Team.objects.get(key=key) for key in ("D", "T1", "T2")},
    )  # fmt: skip
