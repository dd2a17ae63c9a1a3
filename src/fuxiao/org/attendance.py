"""Attendance of one person as the lake has it, month by month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ibis import _

from fuxiao.core.period import EPOCH
from fuxiao.datasets.store import Store


@dataclass(frozen=True, slots=True)
class Month:
    """A month of work: minutes planned, paid and in training, days of leave by kind (as recorded)."""

    month: str
    days: int
    scheduled: int
    paid: int
    training: int
    leave: Mapping[str, int]


def months_of(store: Store, person: str, *, until: date, count: int = 6) -> list[Month]:
    """The months with records among the last ``count``, newest first; ``until`` is not included."""
    first = until.replace(day=1)
    for _month in range(count - 1):
        first = (first - timedelta(days=1)).replace(day=1)
    table = store.records("attendance")
    wanted = table.filter(
        _.person == person, _.date >= (first - EPOCH).days, _.date < (until - EPOCH).days
    )  # fmt: skip
    months: dict[str, list[dict[str, Any]]] = {}
    for row in store.execute(wanted.order_by(_.date.desc())).to_pylist():
        months.setdefault(f"{EPOCH + timedelta(days=row['date']):%Y-%m}", []).append(row)
    return [_month_of(month, rows) for month, rows in months.items()]


def _month_of(month: str, rows: list[dict[str, Any]]) -> Month:
    def total(column: str) -> int:
        return sum(int(row[column] or 0) for row in rows)

    leave = Counter(str(row["leave"]) for row in rows if row["leave"])
    worked = sum(1 for row in rows if row["paid_min"])
    return Month(month, worked, total("scheduled_min"), total("paid_min"), total("training_min"), dict(leave))
