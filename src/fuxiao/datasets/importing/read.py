"""Reads a file of any known kind into the scratch table of raw cells."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from fuxiao.core.errors import InputError
from fuxiao.datasets.importing.archives import Unpacked, unpack
from fuxiao.datasets.importing.columnar import read_json, read_parquet
from fuxiao.datasets.importing.contents import must_hold
from fuxiao.datasets.importing.delimited import read_delimited
from fuxiao.datasets.importing.inert import as_meant
from fuxiao.datasets.importing.layout import MARKS, Layout
from fuxiao.datasets.importing.progress import Watch
from fuxiao.datasets.importing.raw import (
    Beside,
    Raw,
    nothing_beside,
    without_empty_and_duplicates,
    without_headings,
)
from fuxiao.datasets.importing.sheets import Book, open_book, read_sheet
from fuxiao.datasets.importing.sql import Connection

MENDED_FILE = re.compile(b"[,;\t]".join(map(str.encode, MARKS)))
"""As the importer writes it; a spreadsheet of another country writes other delimiters, and quotes."""


def read_raw(
    connection: Connection, path: Path, workspace: Path, layout: Layout, *, watch: Watch,
    beside: Beside = nothing_beside,
) -> Raw:  # fmt: skip
    """The file's rows without empty ones and exact repetitions; of a delimited file with values ``beside`` the cells.

    A file of rejected rows is always read as it was written, whatever the layout says of the file it came from.
    """
    file = unpack(path, workspace, member="" if is_mended_file(path) else layout.member)
    raw = read_one(connection, file, workspace, layout, watch=watch, beside=beside)
    return without_empty_and_duplicates(connection, raw)


def read_one(
    connection: Connection, file: Unpacked, workspace: Path, layout: Layout, *, watch: Watch,
    beside: Beside = nothing_beside, book: Book | None = None,
) -> Raw:  # fmt: skip
    """All rows of one table; of a workbook that is open already with ``book``. Raises ``InputError``."""
    if book is not None:
        raw = read_sheet(connection, book, layout, watch=watch)
    else:
        must_hold(file.path, file.kind, name=file.name)
        if file.kind == "csv" and is_mended_file(file.path):
            raw = _read(connection, file, workspace, Layout(), watch=watch, beside=nothing_beside)
        else:
            raw = _read(connection, file, workspace, layout, watch=watch, beside=beside)
    raw = without_headings(connection, raw)
    if set(MARKS) <= set(raw.headers):
        raw = as_meant(connection, raw)
    if not raw.data_headers:
        raise InputError("file.empty", path=file.name)
    return raw


def _read(
    connection: Connection, file: Unpacked, workspace: Path, layout: Layout, *, watch: Watch, beside: Beside
) -> Raw:
    if file.kind == "sheet":
        with open_book(file.path) as book:
            return read_sheet(connection, book, layout, watch=watch)
    if file.kind == "parquet":
        return read_parquet(connection, file.path, watch=watch)
    if file.kind == "json":
        return read_json(connection, file.path, workspace, layout, watch=watch)
    if file.name.casefold().endswith((".tsv", ".tab")) and not layout.delimiter:
        layout = replace(layout, delimiter="\t")
    return read_delimited(connection, file.path, workspace, layout, watch=watch, beside=beside)


def is_mended_file(path: Path) -> bool:
    """Whether this is a file of rejected rows that the importer wrote, as it wrote it or as a spreadsheet saved it."""
    with path.open("rb") as file:
        return MENDED_FILE.search(file.readline(1 << 20).translate(None, b'\0"')) is not None
