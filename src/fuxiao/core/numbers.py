"""Numbers as people write them."""

from __future__ import annotations

import re
from decimal import Decimal

WRITTEN = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)\s*")


def written_number(text: str) -> Decimal | None:
    """The number that somebody wrote, -0 as 0; ``None`` for what only programs take for one: 1e9, 1_000, NaN."""
    if not WRITTEN.fullmatch(text):
        return None
    number = Decimal(text)
    return number or number.copy_abs()
