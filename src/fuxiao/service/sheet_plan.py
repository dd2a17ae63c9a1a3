"""What a list of customers or devices would change: each line is new, changed, unchanged or refused. Writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Model

from fuxiao.base.actions import record, require
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.errors import InputError, Issue
from fuxiao.datasets.importing.match import rank
from fuxiao.org.sheet_plan import Kind, Refused, read_day
from fuxiao.service.actions.customers import add_customer, change_customer
from fuxiao.service.actions.devices import add_device, change_device
from fuxiao.service.models import Customer, Device, Product

Cells = Mapping[str, str]
NAMES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "customers": {
        "number": ("客户号", "客户编号", "编号", "number", "customer", "customer number", "customer_id"),
        "name": ("名称", "姓名", "客户名称", "客户", "name", "customer name"),
        "phone": ("电话", "手机", "手机号", "联系电话", "phone", "telephone", "mobile"),
        "email": ("邮箱", "电子邮箱", "e-mail", "email"),
        "address": ("地址", "详细地址", "address"),
        "city": ("城市", "city"),
        "region": ("区域", "地区", "大区", "region"),
        "segment": ("客群", "客户类型", "客户级别", "segment"),
    },
    "devices": {
        "serial": ("序列号", "设备序列号", "机身号", "serial", "serial number", "sn"),
        "product": ("型号", "产品型号", "产品", "model", "product"),
        "customer": ("客户号", "客户编号", "客户", "customer", "customer number", "customer_id"),
        "sold_on": ("售出日", "销售日期", "购买日期", "sold on", "sold_at"),
        "installed_on": ("装机日", "安装日期", "装机日期", "installed on", "installed_at"),
        "warranty_start": ("质保开始日", "质保开始", "warranty start", "warranty from"),
        "warranty_end": ("质保结束日", "质保结束", "质保到期", "warranty end", "warranty until"),
    },
}
"""Kind of list → field → what people call its column. The first field is what a line is known by."""
LENGTHS: Final = {"number": 60, "serial": 80, "name": 200, "phone": 40, "address": 400}
DAYS: Final = frozenset({"sold_on", "installed_on", "warranty_start", "warranty_end"})


@dataclass(slots=True)
class Line:
    """A line of a list: what is given, what differs from what is held (field → old, new), what is wrong."""

    line: int
    key: str
    held: Customer | Device | None = None
    given: dict[str, Any] = field(default_factory=dict)
    differs: dict[str, tuple[object, object]] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)

    @property
    def kind(self) -> Kind:
        if self.issues:
            return Kind.REFUSED
        if self.held is None:
            return Kind.NEW
        return Kind.CHANGED if self.differs else Kind.UNCHANGED


def headers_of(what: str, headers: Sequence[str]) -> dict[str, str]:
    """Field → header by what people call it; each header is given away once."""
    found: dict[str, str] = {}
    for name, words in NAMES[what].items():
        ranked = sorted((place, header) for header in headers if (place := rank(header, list(words))) is not None)
        free = [header for _, header in ranked if header not in found.values()]
        if free:
            found[name] = free[0]
    return found


def plan(what: str, rows: Iterable[tuple[int, Cells]]) -> list[Line]:
    """A plan for every line (cells by field, an empty cell leaves its field as it is). Three queries at most."""
    filled = [(line, {name: cell.strip() for name, cell in cells.items() if cell.strip()}) for line, cells in rows]
    key = next(iter(NAMES[what]))
    read = _Reader(what, key, filled)
    often = Counter(cells.get(key) for _, cells in filled)
    lines = [read.line(number, cells) for number, cells in filled]
    for each in lines:
        if each.key and often[each.key] > 1:
            each.issues.append(Issue(key, "sheet.key_twice", {"key": each.key}))
    return lines


class _Reader:
    """Reads lines against what is held now."""

    def __init__(self, what: str, key: str, rows: Sequence[tuple[int, Cells]]) -> None:
        self.what, self.key = what, key
        keys = {cells.get(key, "") for _, cells in rows}
        held: Iterable[Customer | Device]
        if what == "customers":
            held = Customer.objects.filter(number__in=keys)
        else:
            held = Device.objects.filter(serial__in=keys).select_related("product", "customer")
        self.held = {str(getattr(each, key)): each for each in held}
        self.products: dict[str, Product] = {}
        self.customers: dict[str, Customer] = {}
        if what == "devices":
            products = list(Product.objects.all())
            self.products = {each.name: each for each in products} | {each.code: each for each in products}
            wanted = {cells.get("customer", "") for _, cells in rows}
            self.customers = {each.number: each for each in Customer.objects.filter(number__in=wanted)}

    def line(self, number: int, cells: Cells) -> Line:
        found = Line(number, cells.get(self.key, ""))
        found.held = self.held.get(found.key)
        for name, text in cells.items():
            if name != self.key:
                self._read(found, name, text)
        if not found.key or "/" in found.key or len(found.key) > LENGTHS[self.key]:
            found.issues.append(Issue(self.key, "sheet.key_bad"))
        if self.what == "customers" and found.held is None and not found.given.get("name"):
            found.issues.append(Issue("name", "field.missing"))
        for name, value in found.given.items():
            old = getattr(found.held, name) if found.held else None
            if old != value:
                found.differs[name] = (_plain(old), _plain(value))
        return found

    def _read(self, found: Line, name: str, text: str) -> None:
        try:
            found.given[name] = self._value(name, text)
        except Refused as refused:
            found.issues.append(Issue(name, refused.code, refused.params))

    def _value(self, name: str, text: str) -> object:
        if len(text) > LENGTHS.get(name, 80):
            raise Refused("org.cell_too_long", value=text)
        if name in DAYS:
            return read_day(text)
        if name == "email":
            return _email(text)
        if name in ("product", "customer"):
            known: Mapping[str, Product | Customer] = self.products if name == "product" else self.customers
            if text not in known:
                raise Refused("sheet.product_unknown" if name == "product" else "customer.unknown", number=text)
            return known[text]
        return text


def _email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError as error:
        raise Refused("org.not_an_address", value=text) from error
    return text


def _plain(value: object) -> object:
    return str(value) if isinstance(value, Model) else value


@transaction.atomic
def take_over(viewer: Viewer, what: str, lines: Sequence[Line], *, name: str, at: datetime) -> Counter[Kind]:
    """Add and change as planned, all of it or nothing; ``InputError`` where a line was refused."""
    require(viewer, Permission.CUSTOMERS_WRITE)
    counts = Counter(each.kind for each in lines)
    if counts[Kind.REFUSED]:
        raise InputError("org.lines_refused", lines=counts[Kind.REFUSED])
    write = _customer if what == "customers" else _device
    for each in lines:
        if each.kind is not Kind.UNCHANGED:
            write(viewer, each, at)
    told = {kind.value: count for kind, count in sorted(counts.items())}
    record(viewer, "customer.list_imported", kind="service", key=what, label=name, at=at, new=told)
    return counts


def _customer(viewer: Viewer, line: Line, at: datetime) -> None:
    if line.held is None:
        add_customer(viewer, line.given, at=at, number=line.key)
    else:
        change_customer(viewer, line.key, line.given, version=line.held.version, at=at)


def _device(viewer: Viewer, line: Line, at: datetime) -> None:
    if line.held is None:
        add_device(viewer, line.key, line.given, at=at)
    else:
        change_device(viewer, line.key, line.given, version=line.held.version, at=at)
