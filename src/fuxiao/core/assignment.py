"""Who gets the next case: of those who are there and able, whoever has least in hand; and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody of the team: ``load`` open cases in hand, the newest theirs since ``newest`` (epoch seconds)."""

    person: str
    load: int
    newest: int = 0
    present: bool = True
    able: bool = True

    @property
    def fits(self) -> bool:
        return self.present and self.able


def least_loaded(candidates: Iterable[Candidate]) -> Candidate | None:
    """Of those who fit the one with the fewest open cases, then whose newest is oldest; ``None`` where nobody fits.

    >>> least_loaded([Candidate(person="li", load=2), Candidate(person="wang", load=1)]).person
    'wang'
    """
    fitting = [each for each in candidates if each.fits]
    return min(fitting, key=lambda each: (each.load, each.newest, each.person), default=None)
