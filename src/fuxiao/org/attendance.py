"""Attendance of one person as the lake has it, month by month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from ibis import _

from fuxiao.core.period import EPOCH
from fuxiao.datasets.store import Store
from fuxiao.org.leave_rows import PART


@dataclass(frozen=True, slots=True)
class Month:
    """A month of work: days paid, minutes planned, paid and in training, days of leave by kind (as recorded)."""

    month: str
    days: Decimal
    scheduled: int
    paid: int
    training: int
    leave: Mapping[str, Decimal]


def months_of(store: Store, person: str, *, until: date, count: int = 6) -> list[Month]:
    """The months with records among the last ``count``, newest first; ``until`` is not included."""
    first = until.replace(day=1)
    for _month in range(count - 1):
        first = (first - timedelta(days=1)).replace(day=1)
    table = store.records("attendance")
    wanted = table.filter(
        _.person == person, _.date >= (first - EPOCH).days, _.date < (until - EPOCH).days,
        _.scheduled_min.notnull() | _.paid_min.notnull(),
    )  # fmt: skip
    months: dict[str, list[dict[str, Any]]] = {}
    for row in store.execute(wanted.order_by(_.date.desc())).to_pylist():
        months.setdefault(f"{EPOCH + timedelta(days=row['date']):%Y-%m}", []).append(row)
    return [_month_of(month, rows) for month, rows in months.items()]


def _month_of(month: str, rows: list[dict[str, Any]]) -> Month:
    def total(column: str) -> int:
        return sum(int(row[column] or 0) for row in rows)

    leave: dict[str, Decimal] = {}
    for row in rows:
        if row["leave"]:
            leave[row["leave"]] = leave.get(row["leave"], Decimal(0)) + Decimal(row.get(PART) or 1)
    paid = sum(map(_paid, rows), Decimal(0))
    return Month(month, paid, total("scheduled_min"), total("paid_min"), total("training_min"), leave)


def _paid(row: Mapping[str, Any]) -> Decimal:
    """How much of a day was paid, as the roster of a cycle counts it: part of one only where there was leave."""
    paid, due = row["paid_min"] or 0, row["scheduled_min"] or 0
    return Decimal(paid) / Decimal(due) if row["leave"] and paid < due else Decimal(paid > 0)
