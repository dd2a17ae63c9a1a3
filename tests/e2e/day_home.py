"""``python -m e2e.day_home HOME``: a small department before its first day, with a sign-in for everybody in it.

Its clock begins at nine on the same Friday whenever it is looked at, and goes on: what is done takes time, and no
midnight or end of a month comes in between.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

DAY = datetime(2026, 11, 6, 1, tzinfo=UTC)
PASSWORD = "fuxiao-demo"
TEAMS = (("D", "服务部", "", None), ("T1", "上门一组", "field", "D"), ("S", "备件库", "parts", "D"))
LEADS = {"D": "E1", "T1": "E2"}
PEOPLE = (
    ("E1", "赵强", "D", "director"), ("E2", "王芳", "T1", "lead"), ("E3", "张伟", "T1", "field_engineer"),
    ("E5", "周敏", "D", "dispatcher"), ("E6", "何平", "S", "parts"), ("E7", "秦岚", "D", "qa"),
)  # fmt: skip
ACCOUNTS = {"manager": "E1", "engineer": "E3", "dispatcher": "E5", "parts": "E6", "checker": "E7"}
RUBRIC = (
    {"key": "a", "zh": "问候", "en": "Greeting", "weight": 40, "critical": ""},
    {"key": "b", "zh": "合规", "en": "Rules kept", "weight": 60, "critical": "compliance"},
)


def main(home: Path) -> None:
    from fuxiao.base.clock import demonstrate, now, ticking
    from fuxiao.cli.server.prepare import SYSTEM, prepare
    from fuxiao.studio.packs import make_home
    from kept_tables import put_tables

    make_home(home, pack="appliance", name="澜川电器", zone="Asia/Shanghai", currency="CNY", language="zh")
    demonstrate(home, DAY, since=ticking())
    put_tables(home)
    prepare(home, at=now())
    from fuxiao.org import actions
    from fuxiao.org.publish import publish
    from fuxiao.service.actions import checks, stock

    actions.adopt(
        SYSTEM, at=now(),
        people=[{"person": who, "name": name, "hired_on": 18_000, "left_on": None, "wage": 500_000}
                for who, name, *_ in PEOPLE],
        teams=[{"team": key, "name": name, "kind": kind, "parent": above, "lead": LEADS.get(key)}
               for key, name, kind, above in TEAMS],
        memberships=[{"person": who, "team": team, "role": role, "valid_from": 18_000, "valid_to": None}
                     for who, _, team, role in PEOPLE],
    )  # fmt: skip
    publish(home, at=now())
    accounts()
    things()
    part = stock.add_part(SYSTEM, "PCB-1", {"name": "主板", "price": 32_000, "return_days": 7}, at=now())
    store = stock.add_location(SYSTEM, stock.Place("main", "中心库", "central"), at=now())
    stock.receive(SYSTEM, part, store, 5, at=now())
    checks.save_rubric(SYSTEM, "service", "服务质检", RUBRIC, pass_mark=Decimal(85), at=now())


def accounts() -> None:
    from fuxiao.base.clock import now
    from fuxiao.org.models import Person, RoleGrant, User

    for role, number in ACCOUNTS.items():
        user = User.objects.create_user(username=role, password=PASSWORD, person=Person.objects.get(number=number))
        RoleGrant.objects.create(user=user, role=role, granted_at=now())


def things() -> None:
    """What a case is made of: a customer with a device, and the choices of a list."""
    from fuxiao.service.models import Category, Choice, Customer, Device, ListKind, Product

    for rank, word in enumerate(("紧急", "普通"), 1):
        Choice.objects.create(kind=ListKind.PRIORITY, key=word, zh=word, en=word, rank=rank)
    Choice.objects.create(kind=ListKind.RESOLUTION_CODE, key="repaired", zh="已修好", en="Repaired")
    category = Category.objects.create(key="空调", zh="空调", en="Air conditioners", case_type="报修")
    product = Product.objects.create(code="KFR-26", name="KFR-26", category=category, warranty_months=36)
    customer = Customer.objects.create(number="K1", name="周女士", phone="13800001234", phone_digits="43210000831")
    Device.objects.create(serial="SN-0001", product=product, customer=customer, installed_on="2026-01-01")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
