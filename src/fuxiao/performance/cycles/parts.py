"""Long work on a cycle by kind, and the parts of each in their order."""

from __future__ import annotations

from enum import StrEnum


class JobKind(StrEnum):
    """What is done: everything computed again and compared, or the cycle sealed."""

    VERIFY = "verification"
    SEAL = "sealing"


class Part(StrEnum):
    """What is being compared or written."""

    ROWS = "rows"
    CARDS = "cards"
    FILES = "files"
    FIGURES = "figures"


PARTS = {
    JobKind.VERIFY: (Part.ROWS, Part.CARDS, Part.FILES, Part.FIGURES),
    JobKind.SEAL: (Part.FIGURES, Part.FILES, Part.ROWS),
}
"""The last two of a verification only where the period is sealed."""
