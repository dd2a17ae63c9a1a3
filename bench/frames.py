"""The same twenty indicators from raw records in polars and in pandas, as an analyst would write them.

They do what these twenty need and no more: columns that only others read are left out, and what holds of the invented
log is taken for granted: no record has two versions, there is one calendar, what the events tell need not be looked
for in the cases, only tests are excluded. Like the product they work out the calendar's sums each time, and cut pauses that overlap. What the three
give is compared by a way of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.data import CUT_OFF
from bench.homes import MEMORY, MONTHS, fact_lookups
from fuxiao.datasets.store import Store

Ints = npt.NDArray[np.int64]

NAMES = ("cases", "case_events", "visits", "surveys", "costs")
NEEDED = {
    "cases": ["case_id", "category", "priority", "customer_id", "device_id", "opened_at", "fault_group", "is_test"],
    "case_events": ["case_id", "seq", "at", "type", "kind", "actor", "to_person"],
    "visits": ["case_id", "visit_no", "engineer", "arrived_at", "outcome"],
    "surveys": ["case_id", "invited_at", "answered_at", "csat"],
    "costs": ["case_id", "spent_at", "kind", "amount"],
}
RESPONSE_LIMIT = {"P1": 1800, "P2": 3600}
RESOLUTION_LIMIT = {"P1": 28_800, "P2": 57_600}
REST = 14_400, 144_000
SETS = {
    "customer": ("customer",),
    "unit": ("customer", "resolved"),
    "person": ("customer", "parts", "third_party", "resolved"),
}
"""What a clock stands still for: that of the first response, of the unit, and of the person."""
WINDOW = 30 * 86_400
SURVEY_WINDOW = 14 * 86_400
FIRST, LAST = MONTHS


@dataclass(frozen=True)
class Work:
    """Working seconds by array look-up."""

    first: int
    pref: Ints
    spans: list[tuple[Ints, Ints]]
    months: Ints

    def before(self, moments: Ints) -> Ints:
        """W of moments."""
        day, second = moments // 86_400 - self.first, moments % 86_400
        total = self.pref[day]
        for start, length in self.spans:
            total = total + np.minimum(np.maximum(second - start[day], 0), length[day])
        return total

    def moment(self, worked: Ints) -> Ints:
        """The earliest moment by which so many seconds have been worked."""
        day = np.searchsorted(self.pref, worked, side="left") - 1
        left = worked - self.pref[day]
        (start0, length0), (start1, _) = self.spans
        inside = np.where(left <= length0[day], start0[day] + left, start1[day] + left - length0[day])
        return (day + self.first) * 86_400 + inside

    def month(self, moments: Ints) -> Ints:
        """Month numbers of local days."""
        return self.months[(moments + 28_800) // 86_400 - self.first]


def read_work(home: Path) -> Work:
    with Store.open(home, memory=MEMORY) as store:
        days = fact_lookups(store).tables["days"]
    columns = {name: days[name].to_numpy() for name in days.column_names}
    first = int(columns["day_key"][0]) % 1_000_000
    every = np.datetime64(0, "D") + np.arange(first, first + len(columns["pref"]))
    months = every.astype("datetime64[M]").astype(np.int64) + 1970 * 12
    return Work(first, columns["pref"], [(columns["s0"], columns["l0"]), (columns["s1"], columns["l1"])], months)


def paths(home: Path) -> dict[str, list[str]]:
    with Store.open(home, memory=MEMORY) as store:
        return {name: [str(path) for path in store.records_paths(name)] for name in NAMES}


def period_end(months: Ints) -> Ints:
    """The last local day of months, as epoch days."""
    after = (months + 1 - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]")
    return after.astype(np.int64) - 1


CUT = CUT_OFF
