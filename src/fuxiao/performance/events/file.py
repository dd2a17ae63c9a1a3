"""The register's part of ``events.yaml``, which is what every calculation reads. What was written by hand stays."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from fuxiao.base.files import replace_file, stands
from fuxiao.base.plain_yaml import flow
from fuxiao.core.errors import DefinitionError
from fuxiao.performance.decisions import parse, read_decisions
from fuxiao.performance.events.models import ReportedEvent

Row = Mapping[str, Any]
FILE = "events.yaml"
OURS = re.compile(r"- \{register: \d+, ")
"""A line that the register wrote."""
NOTHING = re.compile(r"\[\s*\]")


def hand_rows(home: Path) -> list[Row]:
    """The rows that were written by hand, those that name nobody or nothing left out: no score is made with them."""
    return [row for row in _rows(_text(home)) if row.get("person") and row.get("kind") and not row.get("register")]


def write_events(home: Path, events: Iterable[ReportedEvent]) -> None:
    """Have these, and no others of the register, stand in the file below what was written by hand.

    A line each, so that comments and the form of the other rows stay; where that gives no whole list (a list in one
    line, say), the rows are kept and the form is not. ``DefinitionError`` for a file that is not sound.
    """
    read_decisions(home)
    text, made = _text(home), [row_of(each) for each in events]
    lines = [line for line in text.splitlines() if not OURS.match(line) and not NOTHING.fullmatch(line.strip())]
    wanted = [*hand_rows(home), *made]
    found = _put("\n".join(lines), made)
    if not wanted:
        found += "[]\n"
    replace_file(home / FILE, found if _is(found, wanted) else _put("", wanted))


def row_of(event: ReportedEvent) -> dict[str, Any]:
    """A row as ``read_decisions`` reads it; the case stands before the evidence."""
    row = {
        "register": event.pk, "person": event.person, "kind": event.kind, "count": event.count.normalize(),
        "on": event.on, "confirmed": True, "evidence": " · ".join(filter(None, (event.case, event.evidence))),
        "decided_by": event.reporter, "approved_by": event.approver, "note": event.note,
    }  # fmt: skip
    return {name: value for name, value in row.items() if value != "" and (name != "count" or value != 1)}


def _put(before: str, rows: Iterable[Row]) -> str:
    head = f"{before.rstrip()}\n" if before.strip() else ""
    return head + "".join(f"- {flow(row)}\n" for row in rows)


def _is(text: str, wanted: list[Row]) -> bool:
    """Whether the text is sound and holds these rows."""
    try:
        return _rows(text) == wanted
    except DefinitionError:
        return False


def _text(home: Path) -> str:
    path = home / FILE
    return path.read_text(encoding="utf-8-sig") if stands(path) else ""


def _rows(text: str) -> list[Row]:
    found = parse(text, FILE) if text.strip() else None
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []
