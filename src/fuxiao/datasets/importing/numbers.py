"""Reads numbers as people write them, as SQL over text cells, and tells a decimal comma from one between thousands."""

from __future__ import annotations

import re
from collections.abc import Iterable

from fuxiao.datasets.importing import sql

SPACES = " \u00a0\u202f'"
"""What stands between thousands besides the mark that is not the decimal one."""
DECIMAL = "decimal(18,4)"
NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)*\s*%?")
PROOFS = {
    ",": re.compile(r"[-+]?(?:\d{1,3}(?:\.\d{3})+|\d+),(?:\d{1,2}|\d{4,})\s*%?|[-+]?\d{1,3}(?:\.\d{3})+,\d+\s*%?"),
    ".": re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)\.(?:\d{1,2}|\d{4,})\s*%?|[-+]?\d{1,3}(?:,\d{3})+\.\d+\s*%?"),
}
"""Numbers that can be read in one way only; in ``1,234`` the mark may be either."""


def amount(cell: str, decimal: str) -> str:
    """The cell as a DECIMAL, null where it is no bare number; marks between thousands stand only there."""
    mark = "." if decimal == "," else ","
    between, point = re.escape(mark) + SPACES.replace("'", "''"), re.escape(decimal)
    grouped = f"[-+]?[0-9]{{1,3}}([{between}][0-9]{{3}})+({point}[0-9]*)?"
    bare = f"translate({cell}, {sql.text(mark + SPACES)}, '')"
    plain = f"(case when regexp_full_match({cell}, '{grouped}') then {bare} else {cell} end)"
    if decimal == ",":
        return f"try_cast(replace({plain}, ',', '.') as {DECIMAL})"
    return sql.first_of([f"try_cast({cell} as {DECIMAL})", f"try_cast({plain} as {DECIMAL})"])


def decimal_mark(columns: Iterable[Iterable[str]]) -> str:
    """The decimal mark that more columns of numbers prove; a point where none proves anything."""
    proofs = dict.fromkeys(PROOFS, 0)
    for values in columns:
        cells = list(values)
        if cells and sum(NUMBER.fullmatch(cell) is not None for cell in cells) >= 0.8 * len(cells):
            for mark, proof in PROOFS.items():
                proofs[mark] += any(proof.fullmatch(cell) for cell in cells)
    return "," if proofs[","] > proofs["."] else "."
