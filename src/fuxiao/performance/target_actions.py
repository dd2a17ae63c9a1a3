"""Writes of targets: a row is added or ended, checked with all the others, and whoever is concerned is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from fuxiao.base.actions import notify
from fuxiao.base.permissions import Viewer
from fuxiao.base.plain_yaml import plain_yaml
from fuxiao.core.errors import DefinitionError, InputError, Issue
from fuxiao.core.target import Level
from fuxiao.metrics.models import RuleKind, RuleVersion
from fuxiao.metrics.rule_actions import Named, publish, save_draft
from fuxiao.metrics.rule_files import TARGETS, rule_text
from fuxiao.metrics.rule_queries import find_rule
from fuxiao.org.models import User
from fuxiao.performance.decisions import parse, read_targets

Row = dict[str, Any]
Names = Mapping[str, Mapping[str, str]]


def target_rows(home: Path) -> list[Row]:
    """The rows of ``targets.yaml``; none of a file that is empty."""
    return rows_in(rule_text(home, RuleKind.TARGETS, TARGETS))


def rows_in(text: str) -> list[Row]:
    found = parse(text, "targets.yaml") if text.strip() else []
    return [dict(row) for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []


def level_of(row: Mapping[str, Any]) -> tuple[str, str]:
    """For whom a row is: ``role``, ``team`` or ``person``, and which."""
    return next(((name, str(row[name])) for name in ("person", "team", "role") if row.get(name)), ("", ""))


def is_late(row: Mapping[str, Any], today: date) -> bool:
    """Whether the month that the row starts in has begun: then a reason is due, and people are told."""
    start = row.get("valid_from")
    return isinstance(start, date) and start.replace(day=1) <= today


@transaction.atomic
def set_target(
    viewer: Viewer, home: Path, row: Row, *, names: Names, token: str, today: date, at: datetime
) -> RuleVersion:
    """Have this target hold; the one before of the same subject ends where it starts. ``names`` are those
    of the indicators by code and language, for who hears of it.

    ``InputError`` (``target.late_without_reason``) for one whose month has begun without a reason,
    ``DefinitionError`` with what is wrong with the numbers.
    """
    if is_late(row, today) and not str(row.get("reason") or "").strip():
        raise InputError("target.late_without_reason", day=str(today), start=str(row["valid_from"].replace(day=1)))
    made = {**{name: each for name, each in row.items() if each not in (None, "")}, "decided_on": today}
    rows = [*(_ended(each, made) for each in target_rows(home) if not _same_day(each, made)), made]
    version = _write(viewer, home, rows, token=token, today=today, at=at, reason=str(row.get("reason") or ""))
    tell(viewer, made, names, at=at)
    return version


@transaction.atomic
def end_target(
    viewer: Viewer, home: Path, place: int, *, names: Names, token: str, today: date, at: datetime,
    reason: str,
) -> RuleVersion:  # fmt: skip
    """End the row from today on; one that has not begun goes. The version before is kept."""
    rows = target_rows(home)
    if not 0 <= place < len(rows):
        raise InputError("rules.target_gone")
    row = rows[place]
    start = row.get("valid_from")
    kept = [] if isinstance(start, date) and start >= today else [{**row, "valid_to": today}]
    version = _write(
        viewer, home, [*rows[:place], *kept, *rows[place + 1 :]], token=token, today=today, at=at, reason=reason
    )
    tell(
        viewer, {**row, "valid_from": max(start, today) if isinstance(start, date) else today}, names, at=at, ended=True
    )
    return version


@transaction.atomic
def restore_targets(
    viewer: Viewer, home: Path, number: int, *, token: str, today: date, at: datetime, reason: str
) -> RuleVersion:
    """Have the targets of an earlier version hold again, as a new version."""
    found = find_rule(home, RuleKind.TARGETS, TARGETS).version(number)
    return _write(viewer, home, rows_in(found.text), token=token, today=today, at=at, reason=reason)


def _write(
    viewer: Viewer, home: Path, rows: Sequence[Row], *, token: str, today: date, at: datetime, reason: str
) -> RuleVersion:
    _book, issues = read_targets(rows)
    if issues:
        raise DefinitionError("decisions", [Issue("", each.code, each.params) for each in issues])
    rule = Named(home, RuleKind.TARGETS, TARGETS)
    save_draft(viewer, rule, plain_yaml(list(rows)) if rows else "[]\n", token=token, at=at, reason=reason)
    again = find_rule(home, RuleKind.TARGETS, TARGETS)
    return publish(viewer, rule, token=again.token, issues=(), since=today, today=today, at=at, reason=reason or "—")


def _same_day(old: Row, new: Row) -> bool:
    """A row that the new one takes the place of: same subject, same first day."""
    return _subject(old) == _subject(new) and old.get("valid_from") == new.get("valid_from")


def _ended(old: Row, new: Row) -> Row:
    """An earlier row of the same subject ends where the new one starts."""
    start, end, since = old.get("valid_from"), old.get("valid_to"), new.get("valid_from")
    if not (isinstance(start, date) and isinstance(since, date)) or _subject(old) != _subject(new):
        return old
    return {**old, "valid_to": since} if start < since and (end is None or end > since) else old


def _subject(row: Row) -> tuple[str, str, str]:
    return (str(row.get("indicator")), *level_of(row))


def tell(viewer: Viewer, row: Mapping[str, Any], names: Names, *, at: datetime, ended: bool = False) -> None:
    """Those whom a target is for hear of it: what holds from that day, or that it ended then."""
    (level, subject), code = level_of(row), str(row.get("indicator"))
    facts = {"by": viewer.name, "day": str(row.get("valid_from")), "target": str(row.get("target", "")),
             "indicator": dict(names[code]) if code in names else code}  # fmt: skip
    told, link = concerned(level, subject), f"/library/{code}/"
    if ended:
        notify(told, "rules.target_ended", at=at, link=link, **facts)
    else:
        notify(told, "rules.target_changed", at=at, link=link, **facts)


def concerned(level: str, subject: str) -> Iterable[int]:
    """The accounts of the people of a role or team today, or of the one person."""
    if level == Level.PERSON.name.lower():
        return _accounts(User.objects.filter(person__number=subject))
    now = Q(person__memberships__valid_to__isnull=True)
    where = (
        {"person__memberships__team__key": subject} if level == "team" else {"person__memberships__position": subject}
    )
    return _accounts(User.objects.filter(now, **where))


def _accounts(users: QuerySet[User]) -> list[int]:
    return list(users.order_by("pk").values_list("pk", flat=True).distinct())
