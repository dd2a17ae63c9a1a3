"""What can be chosen on a case: lists of the organisation, begun with what is usual, each change on record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from fuxiao.base.actions import announce, record, require
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.errors import InputError
from fuxiao.service.models import ANSWERED_HERE, Category, Choice, ListKind

CATEGORY = "category"
KINDS = (CATEGORY, *(kind.value for kind in ListKind))
LONGEST = 80
USUAL: dict[str, tuple[tuple[str, str], ...]] = {
    ListKind.CASE_TYPE: (
        ("报修", "Repair"), ("安装", "Installation"), ("保养", "Maintenance"), ("咨询", "Question"),
        ("退换货", "Return or exchange"),
    ),
    ListKind.CHANNEL: (("电话", "Telephone"), ("微信", "WeChat"), ("邮件", "E-mail"), ("门店", "Shop")),
    ListKind.PRIORITY: (("紧急", "Urgent"), ("普通", "Normal"), ("低", "Low")),
    ListKind.RESOLUTION_CODE: (
        ("现场维修", "Repaired on site"), ("更换部件", "Part replaced"), ("远程指导", "Solved remotely"),
        ("安装完成", "Installed"),
        ("退换货办理", "Returned or exchanged"), ("无故障", "No fault found"), ("客户拒修", "Repair declined"),
    ),
    ListKind.ROOT_CAUSE: (
        ("元器件老化", "Worn out"), ("安装不规范", "Faulty installation"), ("使用不当", "Misuse"), ("其他", "Other"),
    ),
}  # fmt: skip
"""What a list begins with, the most urgent first; categories and regions are everybody's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A value in two languages; ``rank`` orders the list, one that is not ``active`` is chosen no more."""

    zh: str
    en: str
    rank: int = 100
    active: bool = True


def rows_of(kind: str) -> QuerySet[Category] | QuerySet[Choice]:
    """The values of a list, those out of use too."""
    if kind not in KINDS:
        raise InputError("desk.what", choices=KINDS)
    if kind == CATEGORY:
        return Category.objects.order_by("key")
    return Choice.objects.filter(kind=kind).order_by("rank", "key")


@transaction.atomic
def save_option(viewer: Viewer, kind: str, key: str, asked: Option, *, at: datetime) -> None:
    """Make a value (no ``key``) or change its words, its place and whether it can be chosen. Cases carry the key, which
    is the first word of it and never changes.
    """
    require(viewer, Permission.DESK_WRITE)
    zh = asked.zh.strip()[:LONGEST] or asked.en.strip()[:LONGEST]
    if not zh:
        raise InputError("desk.option_unnamed")
    found = rows_of(kind).filter(key=key or zh).first()
    if not key and found is not None:
        raise InputError("desk.option_exists", name=zh)
    if key and found is None:
        raise InputError("desk.what", choices=KINDS)
    row = found or (Category(key=zh) if kind == CATEGORY else _choice(kind, zh))
    old = {} if found is None else {name: getattr(row, name) for name in ("zh", "en", "active")}
    row.zh, row.en, row.active = zh, asked.en.strip()[:LONGEST] or zh, asked.active
    if isinstance(row, Choice):
        row.rank = asked.rank
    row.save()
    new = {name: getattr(row, name) for name in ("zh", "en", "active")}
    record(viewer, "desk.option_saved", kind="desk.list", key=kind, label=row.zh, at=at, old=old, new=new)
    announce("desk.rules", at=at)


def begin_with_usual(viewer: Viewer, kinds: Iterable[str], *, at: datetime) -> None:
    """Fill lists that are still empty with what is usual."""
    for kind in kinds:
        if kind in USUAL and not rows_of(kind).exists():
            for place, (zh, en) in enumerate(USUAL[kind], 1):
                save_option(viewer, kind, "", Option(zh=zh, en=en, rank=10 * place), at=at)


def make_way(kind: str, values: Iterable[str]) -> None:
    """What a list was begun with goes where the organisation's own ``values`` come, before there is any case."""
    begun = [key for key, _ in USUAL.get(kind, ())]
    Choice.objects.filter(kind=kind, key__in=begun).exclude(key__in=list(values)).delete()


def _choice(kind: str, key: str) -> Choice:
    return Choice(kind=kind, key=key, visits=kind != ListKind.CASE_TYPE or key.casefold() not in ANSWERED_HERE)
