"""A log of somebody who has never seen the program, and what is made of it unassisted."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fuxiao.datasets.importing.propose import propose
from fuxiao.datasets.importing.run import ImportReport
from fuxiao.datasets.store import Store
from importing_tools import bring, put, records

N = 40
OPENED = [datetime(2026, 3, 20, 9, 0, tzinfo=UTC) + timedelta(hours=7 * n) for n in range(N)]
HEAD = ["Ticket No", "Created"]


def log(header: Sequence[str], cells: Sequence[Sequence[object]], mark: str = ",") -> str:
    """Forty tickets, a line each: number and opening, then the cells given for it (again from the first)."""
    out = io.StringIO()
    lines = csv.writer(out, delimiter=mark, lineterminator="\n")
    lines.writerow([*HEAD, *header])
    lines.writerows([f"T{n:03d}", f"{at:%Y-%m-%d %H:%M}", *cells[n % len(cells)]] for n, at in enumerate(OPENED))
    return out.getvalue()


def proposed(store: Store, path: Path) -> str:
    return propose(store.scratch(), path).text


def unassisted(store: Store, content: str | bytes, name: str = "log.csv") -> ImportReport:
    path = put(store, name, content)
    return bring(store, path, proposed(store, path))


def first(store: Store, *columns: str) -> tuple[object, ...]:
    return records(store, "cases", "case_id", *columns)[0][1:]


def flow(store: Store, steps: Sequence[tuple[str, str]]) -> str:
    """The mapping proposed for an event log of forty cases with these steps, an hour each, and who took them."""
    rows = "".join(
        f"T{n:03d},{at + timedelta(hours=hours):%Y-%m-%d %H:%M},{step},{who.format(n % 3)}\n"
        for n, at in enumerate(OPENED)
        for hours, (step, who) in enumerate(steps)
    )
    return proposed(store, put(store, "flow.csv", "工单编号,操作时间,环节,操作人\n" + rows))
