"""What a person has to see of a file to say what its columns mean: samples, how full they are, the evidence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from fuxiao.core.errors import DefinitionError
from fuxiao.datasets.importing.archives import table_names, unpack
from fuxiao.datasets.importing.dates import DAY_FIRST, MONTH_FIRST, DateEvidence, in_order
from fuxiao.datasets.importing.layout import UNKNOWN, Layout, is_pattern
from fuxiao.datasets.importing.mapping import Mapping as FileMapping
from fuxiao.datasets.importing.mapping_read import parse_draft, parse_mapping
from fuxiao.datasets.importing.mapping_write import mapping_text
from fuxiao.datasets.importing.profile import FEW, Profile, why_useless
from fuxiao.datasets.importing.progress import QUIET, Watch
from fuxiao.datasets.importing.propose import propose
from fuxiao.datasets.importing.sheets import first_rows, sheet_names
from fuxiao.datasets.importing.sql import Connection
from fuxiao.datasets.importing.tables import lacking
from fuxiao.datasets.importing.workspace import workspace

SAMPLES = 3
LONGEST = 120
TOP_ROWS, TOP_CELLS = 8, 8


@dataclass(frozen=True, slots=True)
class ColumnLook:
    """One column of a file.

    ``formats`` are those of its dates (empty: none), ``turned`` the same with day and month in the other order where no
    cell proves either; ``evidence`` says why (``read``, ``filled``, ``order``,
    ``against``, ``ambiguous``); ``useless`` is a code; ``values`` are all of them where they are few.
    """

    header: str
    filled: int
    distinct: int
    samples: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    turned: tuple[str, ...] = ()
    evidence: Mapping[str, Any] | None = None
    useless: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """A file as it was found. ``top`` are the first rows of the sheet, ``saved`` names the mapping that fits it.

    ``sheet`` and ``member`` may say that several are read as one: ``parts`` are their names and rows, ``unread`` those
    of the others; ``lacking`` names those that the mapping could not read, and the columns they do not have.
    """

    rows: int
    columns: tuple[ColumnLook, ...]
    sheets: tuple[str, ...] = ()
    sheet: str = ""
    member: str = ""
    members: tuple[str, ...] = ()
    parts: tuple[tuple[str, int], ...] = ()
    unread: tuple[tuple[str, int], ...] = ()
    lacking: tuple[tuple[str, str], ...] = ()
    header: int = 1
    top: tuple[tuple[str, ...], ...] = ()
    saved: str = ""
    notes: Mapping[str, list[str]] = field(default_factory=dict)
    codes: Mapping[str, list[str]] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return asdict(self)

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Look:
        """From plain data."""
        columns = tuple(ColumnLook(**each) for each in raw["columns"])
        return cls(**{**raw, "columns": columns})

    def column(self, header: str) -> ColumnLook:
        """The column of that name; an empty one where the file has none."""
        return next((each for each in self.columns if each.header == header), ColumnLook(header, 0, 0))


def look_at(
    connection: Connection, path: Path, *, layout: Layout = UNKNOWN, saved: Iterable[tuple[str, str]] = (),
    watch: Watch = QUIET,
) -> tuple[Look, str]:  # fmt: skip
    """The file, and the text of the mapping to begin with: a saved one that fits it, or else a proposal.

    ``saved`` are names and texts of mappings. Raises ``InputError`` where the file cannot be read.
    """
    found = propose(connection, path, layout=layout, watch=watch)
    raw, said = found.raw, found.mapping.file
    members = table_names(path) if path.suffix.casefold() == ".zip" else ()
    sheets, top = ((), ()) if is_pattern(said.member) else _sheets(path, said)
    name, fitting = _fitting(saved, path.stem, raw.headers) if layout == UNKNOWN else ("", "")
    text = _of_these(fitting, found.mapping, sheets) or found.text
    mapping, _ = parse_draft(text)
    lacks = {part.name: columns for part in raw.parts if (columns := lacking(mapping, part.headers))}
    look = Look(
        rows=raw.rows, columns=tuple(map(_column, found.columns.values())), sheets=sheets, sheet=said.sheet,
        member=said.member, members=members,
        parts=tuple((part.name, part.rows) for part in raw.parts if part.name not in lacks),
        unread=tuple((each.name, each.rows) for each in raw.unread), header=raw.header_line,
        lacking=tuple((name, ", ".join(columns)) for name, columns in lacks.items()),
        top=tuple(row[:TOP_CELLS] for row in top), saved=name, notes=found.remarks.notes, codes=found.remarks.codes,
    )  # fmt: skip
    return look, text


def _sheets(path: Path, layout: Layout) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The names of a workbook's sheets, and the first rows of the one that is read."""
    with workspace() as folder:
        file = unpack(path, folder, member=layout.member)
        if file.kind != "sheet":
            return (), ()
        top = () if is_pattern(layout.sheet) else first_rows(file.path, layout.sheet, most=TOP_ROWS)
        return sheet_names(file.path), top


def _of_these(text: str, proposed: FileMapping, sheets: Collection[str]) -> str:
    """A saved mapping, with the tables of this file where it says nothing of several or names a sheet of another."""
    if not text:
        return ""
    saved, meant = parse_mapping(text), proposed.file
    if saved.file.several or not (meant.several or saved.file.sheet not in {"", *sheets}):
        return text
    return mapping_text(replace(saved, file=replace(saved.file, sheet=meant.sheet, member=meant.member)))


def _column(profile: Profile) -> ColumnLook:
    dates = profile.dates if profile.may_be_dates else None
    samples = tuple(value[:LONGEST] for value in profile.values[:SAMPLES])
    evidence = None
    if dates is not None:
        names = ("read", "filled", "order", "against", "ambiguous")
        evidence = {name: getattr(dates, name) for name in names}
    return ColumnLook(
        profile.header, profile.filled, profile.distinct, samples,
        formats=dates.formats if dates else (), turned=_turned(dates), evidence=evidence, useless=why_useless(profile),
        values=profile.values if profile.distinct <= FEW else (),
    )  # fmt: skip


def _turned(dates: DateEvidence | None) -> tuple[str, ...]:
    if dates is None or not dates.ambiguous:
        return ()
    return in_order(dates, MONTH_FIRST if dates.order == DAY_FIRST else DAY_FIRST).formats


def _fitting(saved: Iterable[tuple[str, str]], stem: str, headers: Iterable[str]) -> tuple[str, str]:
    """The saved mapping that reads only columns this file has: the one of its name, or else that of most columns."""
    there = set(headers)
    best: tuple[tuple[bool, int], str, str] | None = None
    for name, text in saved:
        used = _sources(text)
        if used and used <= there and (best is None or ((name == stem), len(used)) > best[0]):
            best = ((name == stem, len(used)), name, text)
    return best[1:] if best else ("", "")


def _sources(text: str) -> set[str]:
    try:
        mapping = parse_mapping(text)
    except DefinitionError:
        return set()
    return {header for table in mapping.tables for header in table.sources()}
