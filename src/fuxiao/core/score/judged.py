"""Items that people judge: the levels of the rubric in words, who rates by it, how raters are evened out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from fuxiao.core.score.section import Section

CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,29}")
FEWEST_LEVELS, MOST_LEVELS = 2, 7
HIGHEST = Decimal(100)


class Raters(StrEnum):
    """Who rates a person by a rubric."""

    LEAD = "lead"  # whoever reviews the person; there is one rating, the last holds
    PANEL = "panel"  # everybody who may review the person rates; the mean counts


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a rubric: what is seen in words, and the points it is worth."""

    points: Decimal
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rubric:
    """The levels, best first, what the item is called, and who rates."""

    levels: tuple[Level, ...]
    names: Mapping[str, str]
    by: Raters = Raters.LEAD

    @property
    def points(self) -> tuple[Decimal, ...]:
        return tuple(level.points for level in self.levels)

    def above(self, points: Decimal) -> Decimal | None:
        """The points of the next level up; ``None`` at the top."""
        return min((each for each in self.points if each > points), default=None)

    def level_of(self, points: Decimal) -> Level | None:
        """The level that is worth just these points; ``None`` for a mean of several or an evened rating."""
        return next((level for level in self.levels if level.points == points), None)

    def needs_reason(self, points: Decimal) -> bool:
        """Whether a rating is one of the two ends, which are not given without saying what happened."""
        return points in (self.levels[0].points, self.levels[-1].points)


@dataclass(frozen=True, slots=True)
class RatingRule:
    """Whether ratings are brought to one scale, and how many people a rater must have rated for that."""

    calibrate: bool = False
    minimum: int = 8


USUAL = RatingRule()


def read_rubric(row: Section) -> Rubric | None:
    """``rubric: [{points, zh, en}, …]`` with ``names`` and ``rated_by`` beside it; ``None`` for a measured item."""
    if not row.has("rubric"):
        return None
    levels = tuple(_level(part) for part in row.sections("rubric"))
    if not FEWEST_LEVELS <= len(levels) <= MOST_LEVELS:
        row.error("rubric", "scheme.rubric_levels", count=len(levels), fewest=FEWEST_LEVELS, most=MOST_LEVELS)
    points = [level.points for level in levels]
    if len(set(points)) != len(points):
        row.error("rubric", "scheme.rubric_points_twice")
    names = row.section("names").texts()
    if not any(text.strip() for text in names.values()):
        row.error("names", "scheme.rubric_name")
    best_first = tuple(sorted(levels, key=lambda level: -level.points))
    return Rubric(best_first, names, Raters(row.choice("rated_by", tuple(Raters), Raters.LEAD)))


def _level(part: Section) -> Level:
    part.only("points", "zh", "en")
    points = part.number("points")
    if points is not None and not 0 <= points <= HIGHEST:
        part.error("points", "number.out_of_range", lowest=0, highest=HIGHEST, got=points)
    names = {lang: part.text(lang) for lang in ("zh", "en") if part.has(lang)}
    if not names:
        part.error("zh", "scheme.rubric_words")
    return Level(points or Decimal(0), names)


def read_ratings(top: Section) -> RatingRule:
    """``ratings: {calibrate: true, minimum: 8}``."""
    part = top.section("ratings")
    part.only("calibrate", "minimum")
    minimum = part.number_or("minimum", Decimal(USUAL.minimum))
    if minimum < USUAL.minimum:
        part.error("minimum", "scheme.ratings_minimum", got=minimum, least=USUAL.minimum)
    return RatingRule(part.flag("calibrate", default=False), int(minimum))
