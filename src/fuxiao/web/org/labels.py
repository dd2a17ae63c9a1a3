"""What fields of people and teams are called, and how their values read in lists and histories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from fuxiao.base.models import AuditEntry
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.bonus.money import MINOR_UNITS
from fuxiao.org.changes import PAY, PERSONAL
from fuxiao.web.org.positions import position_word
from fuxiao.web.shell.home import organisation
from fuxiao.web.words import later, t

LABELS: Mapping[str, Any] = {
    "number": later("工号", "Number"),
    "name": later("姓名", "Name"),
    "team": later("班组", "Team"),
    "position": later("岗位", "Position"),
    "since": later("任职开始日", "In post since"),
    "valid_from": later("任职开始日", "In post since"),
    "valid_to": later("任职结束日（不含）", "In post until"),
    "shift": later("班次", "Shift"),
    "shift_since": later("班次开始日", "On the shift since"),
    "hired_on": later("入职日", "Hired on"),
    "left_on": later("离职日", "Left on"),
    "manager": later("直属主管", "Manager"),
    "phone": later("电话", "Telephone"),
    "email": later("邮箱", "E-mail"),
    "wage": later("固定工资", "Base wage"),
    "bonus_base": later("奖金基数", "Bonus base"),
    "parent": later("上级班组", "Parent team"),
    "lead": later("负责人", "Lead"),
    "kind": later("职能", "Function"),
    "closed_on": later("停用日", "Closed on"),
    "person": later("人员", "Person"),
    "kind_of_leave": later("请假类别", "Kind of leave"),
    "first": later("第一天", "First day"),
    "last": later("最后一天", "Last day"),
    "from_noon": later("第一天从下午起", "From noon on the first day"),
    "to_noon": later("最后一天到中午", "Until noon on the last day"),
    "paid": later("带薪", "Paid"),
    "note": later("说明", "Note"),
    "answer": later("答复", "Answer"),
    "state": later("状态", "State"),
}
LEAVE_KINDS: Mapping[str, Any] = {
    "annual": later("年假", "Annual leave"), "sick": later("病假", "Sick leave"),
    "personal": later("事假", "Personal leave"), "time_off": later("调休", "Time off in lieu"),
    "marriage": later("婚假", "Marriage leave"), "maternity": later("产假", "Maternity leave"),
    "paternity": later("陪产假", "Paternity leave"), "bereavement": later("丧假", "Bereavement leave"),
    "injury": later("工伤假", "Work injury leave"), "other": later("其他假", "Other leave"),
}  # fmt: skip
LEAVE_STATES: Mapping[str, Any] = {
    "asked": later("待批准", "Waiting"), "granted": later("已批准", "Granted"),
    "refused": later("未批准", "Refused"), "withdrawn": later("已撤销", "Withdrawn"),
}  # fmt: skip
CALENDARS: Mapping[str, Any] = {
    "standard": later("标准工时", "Standard hours"), "office": later("办公时间", "Office hours"),
    "field": later("上门服务时间", "Field service hours"), "service": later("客服时间", "Service hours"),
    "always": later("全天候", "Around the clock"),
}  # fmt: skip
"""Those that packs and the demonstration bring."""


def calendar_name(key: str) -> str:
    """What a calendar is called: others than those of packs as the organisation called them."""
    return str(CALENDARS.get(key, key))


def may_see(viewer: Viewer, field: str, *, own: bool = False) -> bool:
    """Whether the viewer may see this field of somebody (``own``: of themselves)."""
    if field in PAY:
        return viewer.may(Permission.PAY_READ)
    return field not in PERSONAL or own or viewer.may(Permission.PERSONAL_READ)


def digits() -> int:
    """Decimals of the organisation's currency."""
    return MINOR_UNITS.get(organisation().currency, 2)


def major(amount: int | None) -> Decimal | None:
    """An amount in minor units as people write it."""
    return None if amount is None else Decimal(amount).scaleb(-digits())


def minor(amount: Decimal | None) -> int | None:
    """The amount in minor units; the caller has seen to it that there are no more decimals than the currency has."""
    return None if amount is None else int(amount.scaleb(digits()))


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a change: its name, what it was and what it is, as people read them."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """An entry of a record's history."""

    entry: AuditEntry
    fields: tuple[Difference, ...]


def change_of(viewer: Viewer, entry: AuditEntry) -> Change:
    """The entry with its fields old → new, without those that are not the viewer's to see."""
    names = [name for name in LABELS if name in entry.old or name in entry.new]
    return Change(entry, tuple(
        Difference(label_of(entry, name), shown(name, entry.old.get(name)), shown(name, entry.new.get(name)))
        for name in names if may_see(viewer, name)
    ))  # fmt: skip


def label_of(entry: AuditEntry, name: str) -> str:
    """What a field of the entry's record is called; a team's name is not said as a person's is."""
    if (entry.kind, name) == ("org.leave", "kind"):
        name = "kind_of_leave"
    return t("名称", "Name") if (entry.kind, name) == ("org.team", "name") else str(LABELS.get(name, name))


def shown(field: str, value: object) -> str:
    """A value of the audit trail as people read it."""
    if value in (None, ""):
        return t("空", "empty")
    if field in PAY and isinstance(value, int):
        return f"{major(value):,f}"
    if isinstance(value, bool):
        return t("是", "yes") if value else t("否", "no")
    if field == "position":
        return position_word(str(value))
    words = {"kind": LEAVE_KINDS, "state": LEAVE_STATES}.get(field, {})
    return str(words.get(str(value), value))
