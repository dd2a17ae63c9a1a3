"""Records of the lake become the desk's: customers, devices, lists, and the cases that are still of interest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Any, TypeVar

from django.db import models, transaction
from ibis import _

from fuxiao.base.actions import announce, record, require
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.case_life import Happened
from fuxiao.core.clock import PauseKind
from fuxiao.datasets.store import Store
from fuxiao.org.actions import day
from fuxiao.org.models import Person, Team
from fuxiao.org.pinyin import initials, plain
from fuxiao.service import history
from fuxiao.service.actions.intake import backwards
from fuxiao.service.actions.options import make_way
from fuxiao.service.actions.writing import settle
from fuxiao.service.models import (
    ANSWERED_HERE,
    Case,
    CaseEvent,
    CaseTitle,
    Category,
    Choice,
    Customer,
    Device,
    FaultCode,
    ListKind,
    Product,
)
from fuxiao.service.signs import index
from fuxiao.service.terms import terms

RECENT = timedelta(days=14)
BATCH = 1_000
Rows = Sequence[Mapping[str, Any]]
Made = TypeVar("Made", bound=models.Model)
LISTS = {
    ListKind.CHANNEL: "channel", ListKind.CASE_TYPE: "case_type", ListKind.PRIORITY: "priority",
    ListKind.RESOLUTION_CODE: "resolution_code", ListKind.ROOT_CAUSE: "root_cause", ListKind.REGION: "region",
}  # fmt: skip
ROW = ("channel", "case_type", "priority", "difficulty", "region", "resolution_code", "root_cause")


@transaction.atomic
def adopt_desk(viewer: Viewer, store: Store, *, at: datetime, recent: timedelta = RECENT) -> int:
    """Take over what the lake knows and the desk does not: how many cases that were.

    Cases that are open or were touched within ``recent`` come with their events; what is there already stays as it is,
    so that doing it twice changes nothing. Nothing goes to the feed: it came from the lake.
    """
    require(viewer, Permission.DESK_WRITE)
    cases = [row for row in _cases(store, since=int((at - recent).timestamp())) if row["opened_at"] <= at.timestamp()]
    _lists(store)
    _customers(_rows(store, "customers"))
    _devices(_rows(store, "devices"))
    known = set(Case.objects.values_list("number", flat=True))
    new = [row for row in cases if row["case_id"] not in known]
    made = _adopt_cases(new, _events(store, [row["case_id"] for row in new]), at=at)
    if made:
        record(viewer, "desk.adopted", kind="desk", key="lake", at=at, new={"cases": made})
        announce("cases", at=at)
    return made


def _rows(store: Store, name: str) -> Rows:
    found: Rows = store.execute(store.records(name)).to_pylist()
    return found


def _cases(store: Store, *, since: int) -> Rows:
    table = store.records("cases")
    last = [table[name] for name in ("opened_at", "resolved_at", "closed_at")]
    over = table.closed_at.notnull() | table.cancelled_at.notnull() | table.duplicate_of.notnull()
    touched = [each.fill_null(0) >= since for each in last]
    wanted = ~over | touched[0] | touched[1] | touched[2]
    found: Rows = store.execute(table.filter(wanted).order_by(_.opened_at, _.case_id)).to_pylist()
    return found


def _events(store: Store, cases: Sequence[str]) -> dict[str, Rows]:
    table = store.records("case_events").filter(_.case_id.isin(cases)).order_by(_.case_id, _.at, _.seq)
    rows: Rows = store.execute(table).to_pylist() if cases else []
    return {case: list(found) for case, found in groupby(rows, key=lambda row: str(row["case_id"]))}


def _lists(store: Store) -> None:
    table = store.records("cases")
    for kind, column in LISTS.items():
        counted = table.filter(table[column].notnull()).group_by(column).agg(n=_.count()).order_by(_.n.desc())
        values = [str(row[column]) for row in store.execute(counted).to_pylist()]
        if values and not Case.objects.exists():
            make_way(kind, values)
        known = set(Choice.objects.filter(kind=kind).values_list("key", flat=True))
        _create(Choice, (
            Choice(
                kind=kind, key=value[:80], zh=value[:120], en=value[:120], rank=10 * rank,
                visits=kind != ListKind.CASE_TYPE or value.casefold() not in ANSWERED_HERE,
            )
            for rank, value in enumerate(values, 1) if value[:80] not in known
        ))  # fmt: skip
    _categories(store)


def _categories(store: Store) -> None:
    table = store.records("cases")
    names = store.execute(table.filter(table.category.notnull()).select("category").distinct()).to_pylist()
    known = set(Category.objects.values_list("key", flat=True))
    words = sorted({str(row["category"])[:80] for row in names} - known)
    _create(Category, (Category(key=word, zh=word, en=word) for word in words))
    faults = table.filter(table.fault_code.notnull()).select("fault_code", "fault_group").distinct()
    codes = {str(row["fault_code"])[:80]: row["fault_group"] or "" for row in store.execute(faults).to_pylist()}
    there = set(FaultCode.objects.values_list("code", flat=True))
    _create(FaultCode, (
        FaultCode(code=code, group=group, zh=group or code, en=group or code)
        for code, group in sorted(codes.items()) if code not in there
    ))  # fmt: skip
    models_ = table.filter(table.product.notnull()).select("product", "category").distinct()
    by_key = {category.key: category for category in Category.objects.all()}
    products = {
        str(row["product"])[:80]: by_key.get(str(row["category"])) for row in store.execute(models_).to_pylist()
    }
    held = set(Product.objects.values_list("code", flat=True))
    _create(Product, (
        Product(code=code, name=code, category=category)
        for code, category in sorted(products.items()) if code not in held
    ))  # fmt: skip


def _customers(rows: Rows) -> None:
    known = set(Customer.objects.values_list("number", flat=True))
    _create(Customer, (
        Customer(
            number=row["customer_id"], name=row["name"] or row["customer_id"], phone=row["phone"] or "",
            phone_digits=backwards(row["phone"] or ""), city=row["city"] or "", region=row["region"] or "",
            segment=row["segment"] or "", **_spoken(row["name"] or row["customer_id"]),
        )
        for row in rows if row["customer_id"] not in known
    ))  # fmt: skip


@lru_cache(maxsize=4_096)
def _spoken(name: str) -> dict[str, str]:
    return {"plain": plain(name), "initials": initials(name)}


def _devices(rows: Rows) -> None:
    known = set(Device.objects.values_list("serial", flat=True))
    products = _ids(Product, "code")
    customers = _ids(Customer, "number")
    missing = sorted({str(row["model"])[:80] for row in rows if row["model"]} - products.keys())
    _create(Product, (Product(code=code, name=code) for code in missing))
    products |= _ids(Product, "code") if missing else {}
    _create(Device, (
        Device(
            serial=row["serial"], product_id=products.get(str(row["model"])),
            customer_id=customers.get(row["customer_id"]), sold_on=day(row["sold_at"]),
            installed_on=day(row["installed_at"]), **_warranty(row),
        )
        for row in rows if row["serial"] not in known
    ))  # fmt: skip


def _warranty(row: Mapping[str, Any]) -> dict[str, date | None]:
    start, end = day(row["warranty_start"]), day(row["warranty_end"])
    return {"warranty_start": start, "warranty_end": None if start and end and end < start else end}


def _adopt_cases(rows: Rows, events: Mapping[str, Rows], *, at: datetime) -> int:
    people = {f"person:{person.number}": person for person in Person.objects.all()}
    teams = {f"team:{team.key}": team for team in Team.objects.all()}
    links: dict[str, dict[str, int]] = {
        "customer_id": _ids(Customer, "number"), "device_id": _ids(Device, "serial"),
        "fault_code_id": _ids(FaultCode, "code"), "product_id": _ids(Product, "code"),
        "category_id": _ids(Category, "key"),
    }  # fmt: skip
    made = []
    for row in rows:
        past = [each for each in events.get(row["case_id"], ()) if each["at"] <= at.timestamp()]
        lived = [_happened(each) for each in past] if past and past[0]["type"] == "created" else []
        if lived:
            made.append((_case(row, links, at=at), past, lived))
    known = people | teams
    for case, _past, lived in made:
        settle(case, lived, known, at=at)
    Case.objects.bulk_create([case for case, _past, _lived in made], batch_size=BATCH)
    index(CaseTitle, ((case.pk, case.title) for case, _past, _lived in made))
    _create(CaseEvent, (event for case, past, lived in made for event in _event_rows(case, past, lived, known)))
    return len(made)


def _case(row: Mapping[str, Any], links: Mapping[str, Mapping[str, int]], *, at: datetime) -> Case:
    names = {"customer_id": "customer_id", "device_id": "device_id", "fault_code_id": "fault_code",
             "product_id": "product", "category_id": "category"}  # fmt: skip
    found = {field: links[field].get(str(row[column])) for field, column in names.items()}
    case = Case(
        number=row["case_id"], title=(row["title"] or row["case_id"])[:200], is_test=bool(row["is_test"]), opened_at=at,
        last_at=at, **{name: row[name] or ("" if name != "difficulty" else None) for name in ROW}, **found,
    )  # fmt: skip
    policy = terms().policy(
        opened_at=history.moment(row["opened_at"]), priority=case.priority, case_type=case.case_type, contract=None
    )  # fmt: skip
    case.policy = policy.key if policy else ""
    return case


def _happened(row: Mapping[str, Any]) -> Happened:
    return Happened(
        type=row["type"], at=row["at"], actor=row["actor"], to_person=row["to_person"], from_unit=row["from_unit"],
        to_unit=row["to_unit"], kind=PauseKind(row["kind"]) if row["kind"] else None, activity=row["activity"] or "",
        wrong=bool(row["wrong"]), self_picked=bool(row["self_picked"]), template=bool(row["template"]),
    )  # fmt: skip


def _event_rows(
    case: Case, past: Rows, lived: Iterable[Happened], known: Mapping[str, Any]
) -> Iterator[CaseEvent]:  # fmt: skip
    """Events with the numbers and moments of record that they have in the lake."""
    made = history.event_rows(case, lived, first=1, known=known, at=case.last_at, source="lake")
    for row, event in zip(past, made, strict=True):
        event.seq, event.recorded_at = row["seq"], history.moment(row["recorded_at"] or row["at"])
        yield event


def _ids(model: type[models.Model], field: str) -> dict[str, int]:
    return dict(model._default_manager.values_list(field, "pk"))  # noqa: SLF001 - Django's public name for it


def _create(model: type[Made], rows: Iterable[Made]) -> None:
    model._default_manager.bulk_create(rows, batch_size=BATCH)  # noqa: SLF001
