"""Cases come in: taken by staff, asked for on the public page, or by the code on a device."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q

from fuxiao.base.actions import notify, require
from fuxiao.base.permissions import Permission, Reach, Role, Viewer
from fuxiao.core.case_life import Do, Verb, step
from fuxiao.core.errors import InputError
from fuxiao.org.models import Person, RoleGrant, Team
from fuxiao.org.pinyin import initials, plain
from fuxiao.service import assigning, history
from fuxiao.service.actions.life import Act, done
from fuxiao.service.actions.writing import add_events, notify_people, own_person, plain_state, save_case
from fuxiao.service.models import Case, CaseNumbers, CaseTitle, Category, Contract, Customer, Device, Product
from fuxiao.service.signs import index
from fuxiao.service.terms import terms

CUSTOMER = Viewer(account=None, name="customer", reach=Reach.OWN, permissions=frozenset({Permission.CASE_WRITE}))
"""Who asks on the public page: nobody of the organisation."""
RULES = Viewer(
    account=None, name="rules", roles=frozenset({Role.DISPATCHER}), reach=Reach.ALL,
    permissions=frozenset({Permission.CASE_READ, Permission.CASE_WRITE, Permission.CASE_ASSIGN}),
)  # fmt: skip
"""Who gives out cases by rule, and escalates what is about to be missed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCustomer:
    """Somebody who is not known yet."""

    name: str
    phone: str = ""
    email: str = ""
    address: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What is known of a request. ``new_customer`` is made where no customer of that telephone and name exists."""

    title: str
    description: str = ""
    channel: str = ""
    case_type: str = ""
    category: Category | None = None
    priority: str = ""
    difficulty: Decimal | None = None
    region: str = ""
    customer: Customer | None = None
    new_customer: NewCustomer | None = None
    device: Device | None = None
    product: Product | None = None
    contact_name: str = ""
    contact_phone: str = ""
    address: str = ""
    team: Team | None = None
    owner: Person | None = None
    is_test: bool = False
    own: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def take_in(viewer: Viewer, asked: Intake, *, at: datetime, source: str = "desk") -> Case:
    """Open a case and give it out: to whom is named, else as the rules say, else into nobody's queue."""
    require(viewer, Permission.CASE_WRITE)
    if not asked.title.strip():
        raise InputError("case.no_title", number="")
    on = terms().day(at)
    taker = own_person(viewer)
    case = _filled(asked, number=next_number(on), at=at)
    case.opened_by = taker
    _promised(case, on=on)
    proposal = assigning.proposal_for(case, on=on) if asked.team is None and asked.owner is None else None
    team = asked.team or (proposal.team if proposal else None)
    _, made = step(None, Do(
        verb=Verb.CREATE, at=int(at.timestamp()), actor=taker.number if taker else None,
        to_unit=team.key if team else None,
    ))  # fmt: skip
    case.opened_at = case.last_at = history.moment(made[0].at)
    case.save(force_insert=True)
    index(CaseTitle, [(case.pk, case.title)])
    add_events(case, [], made, involved=(taker, team), at=at, source=source)
    save_case(viewer, "case.create", case, at=at, old={}, new=plain_state(case) | {"title": case.title})
    _give(viewer, case, asked, proposal, at=at)
    return case


def next_number(on: date) -> str:
    """The next case number of the month, ``2611-00042``. Must run inside the transaction that uses it."""
    month = f"{on:%y%m}"
    return f"{month}-{next_of(month):05d}"


def next_customer_number() -> str:
    """The next free number of a customer. Must run inside the transaction that uses it."""
    return f"N{next_of('CUST'):06d}"


def next_of(series: str) -> int:
    """The next number of a series of four signs. Must run inside the transaction that uses it."""
    CaseNumbers.objects.get_or_create(month=series)
    counter = CaseNumbers.objects.select_for_update().get(month=series)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


def _filled(asked: Intake, *, number: str, at: datetime) -> Case:
    """The row of the request, not saved; what the category, device and customer say fills what was left open."""
    customer = asked.customer or (asked.device.customer if asked.device else None)
    if customer is None and asked.new_customer is not None:
        customer = customer_of(asked.new_customer)
    product = asked.product or (asked.device.product if asked.device else None)
    category = asked.category or (product.category if product else None)
    return Case(
        number=number, title=asked.title.strip()[:200], description=asked.description, channel=asked.channel,
        case_type=asked.case_type or (category.case_type if category else ""), category=category,
        priority=asked.priority, difficulty=asked.difficulty or (category.difficulty if category else None),
        region=asked.region or (customer.region if customer else ""), customer=customer, device=asked.device,
        product=product, contact_name=asked.contact_name,
        contact_phone=asked.contact_phone, address=asked.address, is_test=asked.is_test, opened_at=at, last_at=at,
    )  # fmt: skip


def customer_of(new: NewCustomer) -> Customer:
    """The customer of that telephone and name, made where there is none."""
    digits = backwards(new.phone)
    if digits and (known := Customer.objects.filter(phone_digits=digits, name=new.name).first()) is not None:
        return known
    return Customer.objects.create(
        number=next_customer_number(), name=new.name, plain=plain(new.name), initials=initials(new.name),
        phone=new.phone, phone_digits=digits, email=new.email, address=new.address, region=new.region,
    )  # fmt: skip


def backwards(phone: str) -> str:
    """The digits of a telephone number from the last to the first: a search for its end is one for a beginning."""
    return "".join(sign for sign in phone if sign.isdigit())[::-1][:40]


def contract_level(customer: Customer | None, device: Device | None, *, on: date) -> str | None:
    """The level of the contract that holds on a day; one for the device comes before one for all."""
    if customer is None:
        return None
    held = Contract.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), customer=customer, valid_from__lte=on)
    found = sorted(held.filter(Q(device=device) | Q(device__isnull=True)), key=lambda each: each.device_id is None)
    return found[0].level if found else None


def _promised(case: Case, *, on: date) -> None:
    level = contract_level(case.customer, case.device, on=on)
    policy = terms().policy(
        opened_at=case.opened_at, priority=case.priority, case_type=case.case_type, contract=level
    )  # fmt: skip
    case.policy = policy.key if policy else ""


def _give(
    viewer: Viewer, case: Case, asked: Intake, proposal: assigning.Proposal | None, *, at: datetime
) -> None:  # fmt: skip
    """Assign to whoever was named or chosen, and keep why."""
    if asked.owner is not None:
        by = viewer if viewer.may(Permission.CASE_ASSIGN) or asked.owner.number == viewer.person else RULES
        done(by, case, Act(verb=Verb.ASSIGN, person=asked.owner, team=asked.team), at=at)
    elif proposal is not None:
        if proposal.person is not None:
            done(RULES, case, Act(verb=Verb.ASSIGN, person=proposal.person, team=proposal.team), at=at, source="rule")
        case.assigned_why = proposal.why
        case.save(update_fields=["assigned_why"])
    if case.owner is None:
        _waits(viewer, case, at=at)


def _waits(viewer: Viewer, case: Case, *, at: datetime) -> None:
    """Tell who hands it out: the lead of its team, else the dispatchers."""
    if case.team is not None and case.team.lead is not None:
        notify_people([case.team.lead], "case.waiting", case, at=at, by=viewer)
        return
    accounts = RoleGrant.objects.filter(role=Role.DISPATCHER, user__is_active=True).exclude(user=viewer.account)
    notify(
        list(accounts.values_list("user_id", flat=True)), "case.waiting", at=at, link=f"/desk/{case.number}/",
        number=case.number, title=case.title, by=viewer.name,
    )  # fmt: skip
