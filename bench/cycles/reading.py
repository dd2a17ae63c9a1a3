"""Pages of a closed cycle under many readers, and the bare framework's beside them."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from bench.web.beside import ANEW, compared
from bench.web.site import signed_in

SCORECARD = "/performance/cycles/1/P0007/"
PAGES = (
    ("a scorecard", SCORECARD, ""),
    ("what stands behind a row", f"{SCORECARD}item/FRS/", ""),
    ("the board of the cycle", "/performance/cycles/1/", ""),
    (f"{ANEW}a scorecard", f"{SCORECARD}?n={{n}}", ""),
    (f"{ANEW}what stands behind a row", f"{SCORECARD}item/FRS/?n={{n}}", ""),
)


def read(asked: argparse.Namespace, home: Path) -> Iterator[str]:
    """A line a page."""
    yield from compared(asked, home, signed_in(), PAGES)
