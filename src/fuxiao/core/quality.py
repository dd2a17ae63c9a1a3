"""Quality checks: the score of one, which cases a seed draws, and how far checkers agree."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from fuxiao.core.errors import InputError

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that is looked at; ``critical`` is the kind of error that failing it is, empty for none."""

    key: str
    weight: int
    critical: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the marks add up to: 0 to 100, the gravest critical error (empty: none), whether it is good enough."""

    score: Decimal
    critical: str
    passed: bool


GRAVEST = ("compliance", "customer", "business")
"""Kinds of critical errors, the gravest first."""


def judged(criteria: Sequence[Criterion], marks: Mapping[str, bool | None], *, pass_mark: Decimal) -> Judged:
    """The share of the weight that was met, of what applies (``None`` does not); a critical error never passes.

    ``InputError``: ``check.not_marked`` where a criterion has no mark, ``check.nothing_applies`` where none applies.
    """
    if missing := [each.key for each in criteria if each.key not in marks]:
        raise InputError("check.not_marked", criteria=", ".join(missing))
    applying = [each for each in criteria if marks[each.key] is not None]
    whole = sum(each.weight for each in applying)
    if not whole:
        raise InputError("check.nothing_applies", count=len(criteria))
    met = sum(each.weight for each in applying if marks[each.key])
    failed = {each.critical for each in applying if not marks[each.key]}
    critical = next((kind for kind in GRAVEST if kind in failed), "")
    score = (Decimal(met * 100) / whole).quantize(CENT, ROUND_HALF_UP)
    return Judged(score, critical, not critical and score >= pass_mark)


def drawn(numbers: Iterable[str], *, seed: str, count: int) -> list[str]:
    """``count`` of these, the same for whoever knows the seed: those with the least SHA-256 of seed and number."""
    return sorted(set(numbers), key=lambda number: hashlib.sha256(f"{seed}|{number}".encode()).hexdigest())[:count]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far checkers agree on the same cases: criteria marked alike, of all that both marked, in so many checks."""

    alike: int
    marked: int
    checks: int

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.alike, self.marked) if self.marked else None


def agreement(pairs: Iterable[tuple[Mapping[str, bool | None], Mapping[str, bool | None]]]) -> Agreement:
    """Over pairs of marks for the same case under the same criteria."""
    alike = marked = checks = 0
    for first, second in pairs:
        both = first.keys() & second.keys()
        alike += sum(first[key] == second[key] for key in both)
        marked += len(both)
        checks += 1
    return Agreement(alike, marked, checks)
