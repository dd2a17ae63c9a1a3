"""The field of the demonstration company on its morning: warranties, stock, visits of two days, parts and costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from fuxiao.cli.server.prepare import SYSTEM
from fuxiao.simulate.catalogue import PRODUCTS

if TYPE_CHECKING:
    from fuxiao.base.permissions import Viewer
    from fuxiao.org.models import Person
    from fuxiao.service.models import Case, Location, Part, Visit

FIELD, REPAIR, BUSY = "field_engineer", "报修", 4
WARRANTY = {"空调": 72, "冰箱": 36, "洗衣机": 36, "热水器": 72, "油烟机": 60, "商用空调": 24}
"""Months by the name of the category."""
PARTS = {
    "空调": (("KT-PCB-26", "室内机主板", 28000, 7), ("KT-FAN-12", "贯流风机", 16500, None)),
    "冰箱": (("BX-CMP-08", "变频压缩机", 68000, 7), ("BX-SEAL-3", "门封条", 7800, None)),
    "洗衣机": (("XY-PMP-02", "排水泵", 6500, None), ("XY-PCB-10", "电脑板", 21000, 7)),
    "热水器": (("RS-VLV-05", "燃气比例阀", 18500, 7), ("RS-IGN-01", "点火针", 3200, None)),
    "油烟机": (("YJ-MTR-18", "风机电机", 19800, 7), ("YJ-LED-02", "照明灯组", 2600, None)),
    "商用空调": (("SK-PCB-45", "外机主控板", 156000, 7), ("SK-SNS-04", "压力传感器", 9800, None)),
}
"""Number, name, price in minor units and days until the old part is due, by the name of the category."""
SCARCE = ("GY-INV-90", "变频驱动模块", 42000, 7)
"""A part that lies nowhere."""
WINDOWS = tuple((time(start, 30), time(start + 2, 30)) for start in (8, 10, 13, 15))


def fill_field(*, at: datetime) -> int:
    """Play the morning through the field's own actions; how many visits. Nothing where there are visits already."""
    from django.db import transaction

    from fuxiao.service.models import Visit

    people = _engineers(at)
    if Visit.objects.exists() or not people:
        return 0
    with transaction.atomic():
        _warranties(at)
        _faults(at)
        store = _stock(people, at=at - timedelta(days=2))
        visits = _planned(people, at=at)
        _under_way(visits, people[0], at=at)
        _parts(visits, people[0], store, at=at)
        _costs(visits, at=at)
    return len(visits)


def _engineers(at: datetime) -> list[Person]:
    from fuxiao.org.models import Membership
    from fuxiao.org.queries import current

    held = current(Membership.objects.filter(position=FIELD), on=at.date())
    return [each.person for each in held.select_related("person").order_by("person__number")]


def _as(person: Person | None) -> Viewer:
    return replace(SYSTEM, name=person.name, person=person.number) if person else SYSTEM


def _warranties(at: datetime) -> None:
    from fuxiao.service.actions.catalogue import change_product
    from fuxiao.service.models import Product

    for product in Product.objects.filter(warranty_months=None, category__zh__in=WARRANTY).select_related("category"):
        months = WARRANTY[product.category.zh] if product.category else None
        change_product(SYSTEM, product.code, {"warranty_months": months}, version=product.version, at=at)


def _faults(at: datetime) -> None:
    """The codes say what is broken, in words and by the kind of product."""
    from fuxiao.service.actions.catalogue import change_fault
    from fuxiao.service.models import Category, FaultCode

    known = set(FaultCode.objects.values_list("code", flat=True))
    categories = {each.zh: each for each in Category.objects.all()}
    for product in PRODUCTS:
        for code, _, words in product.faults:
            if code in known:
                given = {"zh": words, "category": categories.get(product.name)}
                change_fault(SYSTEM, code, given, at=at)


def _stock(people: list[Person], *, at: datetime) -> Location:
    """A central store with everything, and the vans of the first engineers with a little; the central store."""
    from fuxiao.service.actions.stock import Place, add_location, add_part, receive, set_minimum
    from fuxiao.service.models import LocationKind

    store = add_location(SYSTEM, Place("WH-01", "中心备件仓", LocationKind.CENTRAL), at=at)
    near = add_location(SYSTEM, Place("WH-11", "城南前置仓", LocationKind.LOCAL), at=at)
    vans = [
        add_location(SYSTEM, Place(f"VAN-{each.number}", f"{each.name}的服务车", LocationKind.VAN, each), at=at)
        for each in people[:4]
    ]
    rows = [row for each in PARTS.values() for row in each]
    parts = [
        add_part(SYSTEM, number, {"name": name, "price": price, "return_days": back}, at=at)
        for number, name, price, back in (*rows, SCARCE)
    ]
    for place, part in enumerate(parts[:-1]):
        receive(SYSTEM, part, store, 6 + place % 5 * 3, at=at, reason="月初入库")
        set_minimum(SYSTEM, part, store, 9, at=at)
        if place % 2:
            receive(SYSTEM, part, near, 2 + place % 3, at=at, reason="月初入库")
            set_minimum(SYSTEM, part, near, 3, at=at)
        receive(SYSTEM, part, vans[place % len(vans)], 1 + place % 2, at=at, reason="随车备件")
    return store


def _planned(people: list[Person], *, at: datetime) -> list[Visit]:
    """The first engineer has a full day; everybody else goes to their first case today, to the others tomorrow."""
    from fuxiao.service.actions.visits import Slot, plan
    from fuxiao.service.terms import terms

    zone = ZoneInfo(terms().settings.zone)
    today = at.astimezone(zone).date()
    taken: dict[tuple[str, bool], int] = {}
    made: list[Visit] = []
    for case in _open(people, at=at):
        if case.owner is None:
            continue
        soon = case.owner == people[0] or (case.owner.number, True) not in taken
        place = taken.setdefault((case.owner.number, soon), 0 if case.owner == people[0] else len(made) % 3)
        taken[case.owner.number, soon] += 1
        start, end = WINDOWS[place % len(WINDOWS)]
        day = today if soon else today + timedelta(days=1)
        slot = Slot(case.owner, datetime.combine(day, start, zone), datetime.combine(day, end, zone))
        made.append(plan(SYSTEM, case.number, slot, at=at - timedelta(minutes=50)))
    return made


def _open(people: list[Person], *, at: datetime) -> list[Case]:
    """Repairs that wait for nothing, after the first engineer was given some more, those of the own team first."""
    from fuxiao.core.case_life import State, Verb
    from fuxiao.service.actions.life import Act, act
    from fuxiao.service.models import Case

    found = list(
        Case.objects.select_related("owner", "team").order_by("number")
        .filter(owner__in=people, case_type=REPAIR, pause="", state__in=(State.ASSIGNED, State.ACCEPTED))
    )  # fmt: skip
    own = [case for case in found if case.owner == people[0]]
    home = own[0].team if own else None
    others = sorted((case for case in found if case not in own), key=lambda case: case.team != home)
    for case in others[: max(0, BUSY - len(own))]:
        verb = Verb.ASSIGN if case.state == State.ASSIGNED else Verb.TRANSFER
        asked = Act(verb=verb, person=people[0], reason="" if verb is Verb.ASSIGN else "就近安排")
        act(SYSTEM, case.number, asked, at=at - timedelta(minutes=55))
        case.owner = people[0]
    return found


def _under_way(visits: list[Visit], first: Person, *, at: datetime) -> None:
    """The first engineer and another one stand at the door; somebody is done already, somebody was put off."""
    from fuxiao.service.actions.visits import Came, Moved, Slot, arrive, leave, move
    from fuxiao.service.models import Mover

    early = {each.engineer: each for each in reversed(visits) if each.window_start <= at}
    soon = sorted(early.values(), key=lambda each: (each.engineer != first, each.case.number))
    for minutes, visit in zip((25, 40, 45), soon, strict=False):
        arrive(_as(visit.engineer), visit.key, at=at - timedelta(minutes=minutes))
    for visit in soon[2:3]:
        came = Came(
            outcome="fixed", note="更换后试机正常", resolution_code="现场维修", signed_by="客户本人",
            travel_min=Decimal(25),
        )  # fmt: skip
        leave(_as(visit.engineer), visit.key, came, at=at - timedelta(minutes=6))
    for visit in [each for each in visits if each.window_start > at and each.engineer != first][:1]:
        later = timedelta(hours=1)
        slot = Slot(visit.engineer, visit.window_start + later, visit.window_end + later)
        why = Moved(Mover.CUSTOMER, "客户上午有事")
        move(SYSTEM, visit.key, slot, why, version=visit.version, at=at - timedelta(minutes=30))


def _parts(visits: list[Visit], first: Person, store: Location, *, at: datetime) -> None:
    """A few requests wait, one part is in the engineer's hands and one whose old part comes back, one is on order."""
    from fuxiao.service.actions.parts import ask, issue, order
    from fuxiao.service.models import Part

    mine = [each for each in visits if each.engineer == first and each.arrived_at is None]
    others = [each for each in visits if each.engineer != first and each.window_start > at]
    lines = [
        ask(_as(visit.engineer), visit.case.number, part, 1, at=at - timedelta(minutes=20 + place), visit=visit)
        for place, visit in enumerate((*mine[:2], *others[:3]))
        if (part := _part_for(visit)) is not None
    ]
    back = [line for line in lines[2:] if line.part.return_days][:1]
    for line in (*lines[:1], *back):
        issue(SYSTEM, line.number, store, at=at - timedelta(minutes=12))
    for visit in (others[3:] or others)[:1]:
        scarce = Part.objects.get(number=SCARCE[0])
        line = ask(_as(visit.engineer), visit.case.number, scarce, 1, at=at - timedelta(minutes=19), visit=visit)
        order(SYSTEM, line.number, at=at - timedelta(minutes=10))


def _part_for(visit: Visit) -> Part | None:
    from fuxiao.service.models import Part

    rows = PARTS.get(visit.case.category.zh if visit.case.category else "")
    return Part.objects.get(number=rows[0][0]) if rows else None


def _costs(visits: list[Visit], *, at: datetime) -> None:
    """Two costs above their limits wait for somebody else's approval; a fare is within its limit."""
    from fuxiao.service.actions.costs import Asked, NewLimit, add_limit, propose

    since = at.date().replace(month=1, day=1)
    for kind, amount in (("travel", 12000), ("refund", 10000)):
        add_limit(SYSTEM, NewLimit(kind, amount, since), at=at - timedelta(days=2))
    asked = (
        Asked("refund", 26000, "同一故障三个月内第二次上门，客户要求退回上次维修费"),
        Asked("compensation", 15000, "拆机时划伤地板，客户要求赔偿", at + timedelta(days=2)),
        Asked("travel", 3800, "往返过桥费"),
    )
    spread = visits[:: max(1, len(visits) // 3)]
    for place, (visit, each) in enumerate(zip(spread, asked, strict=False)):
        propose(_as(visit.engineer), visit.case.number, each, at=at - timedelta(minutes=15 - place))
