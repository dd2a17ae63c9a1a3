"""Cells as no spreadsheet takes them for a formula, which could call out or run something; and back, without a loss."""

from __future__ import annotations

import re
from dataclasses import replace

from fuxiao.datasets.export import DANGEROUS
from fuxiao.datasets.importing import sql
from fuxiao.datasets.importing.raw import TABLE, Raw
from fuxiao.datasets.importing.sql import Connection

APOSTROPHE = "'"
RISKY = f"^'*[{DANGEROUS}]"
"""How a cell begins that is a formula to a spreadsheet, or that would read like one that was made inert."""
INERT = f"^'+[{DANGEROUS}]"


def inert(cell: str) -> str:
    """The cell, an expression of SQL, with an apostrophe before it where it is risky; a number stays one."""
    risky = f"regexp_matches({cell}, {sql.text(RISKY)}) and try_cast({cell} as double) is null"
    return f"case when {risky} then {sql.text(APOSTROPHE)} || {cell} else {cell} end"


def inert_text(text: str) -> str:
    return f"{APOSTROPHE}{text}" if re.match(RISKY, text) else text


def as_meant(connection: Connection, raw: Raw) -> Raw:
    """The rows of a file whose cells were made inert, with the cells as they were."""
    for cell in raw.cells:
        made = f"regexp_matches({cell}, {sql.text(INERT)})"
        connection.execute(f"update {TABLE} set {cell} = substr({cell}, 2) where {made}")
    ragged = tuple(replace(row, cells=tuple(map(_meant, row.cells))) for row in raw.ragged)
    return replace(raw, headers=tuple(map(_meant, raw.headers)), ragged=ragged)


def _meant(text: str) -> str:
    return text[1:] if re.match(INERT, text) else text
