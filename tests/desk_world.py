"""A few cases of the service desk as its tables hold them, and their figures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from fuxiao.core.period import parse_period
from fuxiao.datasets.store import Store
from fuxiao.metrics.library import built_in
from fuxiao.metrics.values import Request, compute_values
from fuxiao.org.models import Person, Team
from fuxiao.service import feed
from fuxiao.service.models import Case, CaseEvent, Category, Customer, Device, FaultCode, Product

MONDAY = datetime(2026, 11, 2, 1, tzinfo=UTC)
"""Nine o'clock in Shanghai."""
FIGURES = ("RES", "TTR", "FRT", "REO", "TRF", "WOC", "BKL", "VOL")


def hour(hours: float) -> datetime:
    return MONDAY + timedelta(hours=hours)


def things() -> tuple[Customer, Device]:
    """A customer with a device of some product."""
    customer, _ = Customer.objects.get_or_create(number="K1", defaults={"name": "陈先生", "phone": "13800000001"})
    product, _ = Product.objects.get_or_create(code="AC-1", defaults={"name": "空调一号"})
    device, _ = Device.objects.get_or_create(
        serial="S1", defaults={"product": product, "customer": customer, "warranty_end": "2027-01-01"}
    )
    device.refresh_from_db()
    return customer, device


@transaction.atomic
def case(
    number: str, opened: float, owner: str, *, resolved: float | None = None, reopened: float | None = None
) -> Case:
    """A case of team T1: taken by ``owner`` after half an hour, answered after one; hours after Monday's start."""
    person, team = Person.objects.get(number=owner), Team.objects.get(key="T1")
    customer, device = things()
    category, _ = Category.objects.get_or_create(
        key="cooling",
        defaults={"zh": "不制冷", "en": "no cooling", "standard_minutes": 60, "difficulty": Decimal("1.2")},
    )
    fault, _ = FaultCode.objects.get_or_create(
        code="F1", defaults={"group": "compressor", "zh": "压缩机", "en": "compressor"}
    )
    made = Case.objects.create(
        number=number, title="不制冷", channel="phone", case_type="repair", category=category, priority="P2",
        customer=customer, device=device, fault_code=fault, team=team, owner=person, state="accepted",
        opened_at=hour(opened), last_at=hour(opened), assigned_at=hour(opened + 0.5), accepted_at=hour(opened + 0.5),
        first_response_at=hour(opened + 1),
    )  # fmt: skip
    event(made, "created", opened, to_team=team)
    event(made, "accepted", opened + 0.5, actor=person)
    event(made, "responded", opened + 1, actor=person)
    if resolved is not None:
        resolve(made, resolved)
    if reopened is not None:
        event(made, "reopened", reopened, actor=person)
        made.state, made.reopened, made.resolved_at = "assigned", 1, None
        made.save()
    noted(made)
    return made


@transaction.atomic
def resolve(made: Case, when: float) -> Case:
    event(made, "resolved", when, actor=made.owner)
    made.state, made.resolved_at, made.resolution_code = "resolved", hour(when), "repaired"
    made.save()
    noted(made)
    return made


def event(made: Case, kind: str, when: float, **given: Any) -> None:
    made.events_seen += 1
    made.last_at = hour(when)
    CaseEvent.objects.create(
        case=made, seq=made.events_seen, at=hour(when), recorded_at=hour(when), type=kind, source="desk", **given
    )


def noted(made: Case) -> None:
    for dataset in ("cases", "case_events"):
        feed.note(dataset, made.number, at=made.last_at)


def figures(store: Store, *codes: str, by: str = "person") -> dict[tuple[str, str], Any]:
    """Numerator, denominator and n of November, by indicator and subject."""
    month = parse_period("2026-11")
    asked = Request(
        indicators=built_in().select(codes or FIGURES),
        first=month,
        last=month,
        by=(by,),
        spreads=False,
        exclusions=False,
    )
    found = compute_values(store, asked, as_of=hour(96).date())
    return {(each.indicator, each.subject): (each.numerator, each.denominator, each.n, each.value) for each in found}
