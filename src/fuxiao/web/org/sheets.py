"""People as a sheet: what is on the screen as XLSX or CSV, in the form that the import reads back."""

from __future__ import annotations

import csv
import io
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse

from fuxiao.base.permissions import Viewer
from fuxiao.datasets.export import Cell, defused, write_workbook
from fuxiao.org.changes import PAY, PERSONAL
from fuxiao.org.models import Membership, Person, Team
from fuxiao.org.sheet_file import FIELDS
from fuxiao.web.org.labels import LABELS, major, may_see
from fuxiao.web.org.positions import position_word
from fuxiao.web.words import t

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def sheet_response(viewer: Viewer, people: QuerySet[Person], kind: str, *, on: date) -> HttpResponse:
    """The people as a file, with the columns that the viewer may see; of somebody else's contacts, an empty cell."""
    columns = [name for name in FIELDS if may_see(viewer, name, own=True)]
    names = team_names()
    held = Prefetch("memberships", Membership.objects.select_related("team").order_by("valid_from"))
    rows = [
        [_cell(viewer, person, column, post_of(person, on=on), names) for column in columns]
        for person in people.select_related("manager").prefetch_related(held)
    ]
    return download(t("人员", "people"), [str(LABELS[name]) for name in columns], rows, kind, stamp=on)


def post_of(person: Person, *, on: date) -> Membership | None:
    """The post that a sheet tells of: the newest that began by this day, else the first to come."""
    held = [each for each in person.memberships.all() if each.valid_to != each.valid_from]
    begun = [each for each in held if each.valid_from <= on]
    return begun[-1] if begun else next(iter(held), None)


def team_names() -> dict[str, str]:
    """How each team, by key, is written in a sheet: its name, or the key where several have that name."""
    teams = list(Team.objects.values_list("key", "name"))
    often = Counter(name for _, name in teams)
    return {key: name if often[name] == 1 else key for key, name in teams}


def _cell(viewer: Viewer, person: Person, column: str, post: Membership | None, teams: dict[str, str]) -> Cell:
    if column in PERSONAL and not may_see(viewer, column, own=viewer.person == person.number):
        return None
    if column in ("team", "position", "since"):
        return None if post is None else _of_post(post, column, teams)
    value: Any = getattr(person, column)
    if column in PAY:
        return major(value)
    if column == "manager":
        return value.number if value else None
    return value.isoformat() if isinstance(value, date) else value or None


def _of_post(post: Membership, column: str, teams: dict[str, str]) -> str:
    if column == "team":
        return teams[post.team.key]
    return position_word(post.position) if column == "position" else post.valid_from.isoformat()


def download(
    name: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]], kind: str, *, stamp: date
) -> HttpResponse:
    """Headings and rows as a file to save."""
    content = _xlsx(name, headings, rows) if kind == "xlsx" else _csv(headings, rows)
    response = HttpResponse(content, content_type=KINDS[kind])
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{name}-{stamp}.{kind}')}"
    return response


def _xlsx(name: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheet.xlsx"
        write_workbook(path, {name: (headings, rows)})
        return path.read_bytes()


def _csv(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    # The byte order mark makes Excel read UTF-8.
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows(["" if cell is None else defused(str(cell)) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
