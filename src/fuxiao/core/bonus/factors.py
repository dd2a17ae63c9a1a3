"""A person's own coefficient and the other factors of a multiplier."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from fuxiao.core.bonus.curve import Knot, knots_issues, read_along
from fuxiao.core.bonus.money import ONE, money_of, shown
from fuxiao.core.bonus.multiplier import limit
from fuxiao.core.bonus.reader import AMOUNT, choice, list_of, map_of, record
from fuxiao.core.errors import Issue, UnknownName
from fuxiao.core.explain import Trace

HUNDRED = Decimal(100)


class CoefficientBy(StrEnum):
    """Where a coefficient comes from when scoring did not give one."""

    GRADE = "grade"
    SCORE = "score"  # score ÷ 100


GRADES = {"S": "1.5", "A": "1.2", "B": "1.0", "C": "0.8", "D": "0.5"}
BANDS = {"S": "95", "A": "85", "B": "70", "C": "60", "D": "0"}


def decimals(texts: Mapping[str, str]) -> dict[str, Decimal]:
    """Exact numbers out of their texts."""
    return {key: Decimal(text) for key, text in texts.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficients:
    """A person's own coefficient: as given by scoring, else by grade (or score) under this table."""

    by: Annotated[CoefficientBy, choice(CoefficientBy)] = CoefficientBy.GRADE
    table: Annotated[Mapping[str, Decimal], map_of(AMOUNT)] = field(default_factory=lambda: decimals(GRADES))
    bands: Annotated[Mapping[str, Decimal], map_of(AMOUNT)] = field(default_factory=lambda: decimals(BANDS))
    not_rated: Annotated[Decimal, AMOUNT] = ONE

    def check(self, where: str) -> Iterator[Issue]:
        """Every band needs a coefficient."""
        for grade in self.bands:
            if grade not in self.table:
                yield Issue(f"{where}.table", "plan.grade_without_coefficient", {"grade": grade})

    def of(self, *, score: Decimal | None, grade: str | None) -> tuple[Decimal, str] | None:
        """The coefficient with its arithmetic; ``None`` where neither score nor grade is known."""
        if self.by is CoefficientBy.SCORE:
            return None if score is None else (score / HUNDRED, f"{shown(score)} ÷ 100")
        if grade is None and score is not None:
            reached = (each for each, low in self.bands.items() if score >= low)
            grade = max(reached, key=lambda each: self.bands[each], default=None)
        if grade is None:
            return None
        if grade not in self.table:
            raise UnknownName("grade", grade, self.table)
        return self.table[grade], grade


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """A multiplier's factor: given with the person, else by curves over indicators, else the default; within limits.

    ``by`` maps an indicator code (or ``score``, ``team_score``) to a curve; several curves are multiplied.
    """

    low: Annotated[Decimal | None, AMOUNT] = None
    high: Annotated[Decimal | None, AMOUNT] = None
    default: Annotated[Decimal, AMOUNT] = ONE
    by: Annotated[Mapping[str, tuple[Knot, ...]], map_of(list_of(record(Knot)))] = field(default_factory=dict)

    def check(self, where: str) -> Iterator[Issue]:
        """Floor under cap, default inside both, curves that rise along the indicator."""
        if self.low is not None and self.high is not None and self.low > self.high:
            yield Issue(f"{where}.low", "plan.floor_over_cap", {"floor": self.low, "cap": self.high})
        elif limit(self.default, floor=self.low, cap=self.high) != self.default:
            params = {"default": self.default, "low": self.low, "high": self.high}
            yield Issue(f"{where}.default", "plan.default_outside_limits", params)
        for code, knots in self.by.items():
            yield from knots_issues(knots, f"{where}.by.{code}")

    def of(self, name: str, given: Decimal | None, known: Callable[[str], Decimal | None]) -> Trace:
        """The factor for one person; ``known`` gives an indicator's value, ``None`` where there is none."""
        if given is not None:
            return self.cut(name, given, shown(given), ())
        seen = ((knots, known(code)) for code, knots in self.by.items())
        read = tuple(read_along(knots, value) for knots, value in seen if value is not None)
        if not read:
            return Trace("bonus.factor", self.default, params={"factor": name, "default": True})
        raw = ONE
        for each in read:
            raw *= money_of(each)
        return self.cut(name, raw, " × ".join(shown(money_of(each)) for each in read), read)

    def cut(self, name: str, raw: Decimal, formula: str, read: tuple[Trace, ...]) -> Trace:
        """The raw factor cut to the limits."""
        value = limit(raw, floor=self.low, cap=self.high)
        limits = {"low": self.low, "high": self.high} if value != raw else {}
        return Trace("bonus.factor", value, formula, {"factor": name, **limits}, read)
