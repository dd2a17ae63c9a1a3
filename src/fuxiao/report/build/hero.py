"""The first row of a scorecard: score, grade, ladder, place among colleagues, trend."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from fuxiao.core.score import Scorecard
from fuxiao.core.score.exact import half_up
from fuxiao.core.score.total import missing_share
from fuxiao.report.build.reporter import Reporter
from fuxiao.report.drawing import charts, small
from fuxiao.report.figures import NOTHING, number, short, signed
from fuxiao.report.model.scorecard import Delta, Hero, Standing
from fuxiao.report.source import PastScore, RankShown

FEWEST_FOR_DISTRIBUTION = 5
UPPER = 50
"""Up to here a percentile is told; below, the own mark in the distribution says enough."""
PERIODS = 8


def make_hero(reporter: Reporter, card: Scorecard) -> Hero:
    """The score and what surrounds it; for somebody not rated the reason instead."""
    w = reporter.words
    total = card.total
    return Hero(
        score=NOTHING if total is None else number(total, 2),
        ring=small.ring(total or Decimal(0)),
        tone=reporter.grade_tone(card),
        grade=card.grade or NOTHING,
        grade_name=reporter.grade_name(card.grade) if card.grade else w("not_rated"),
        coefficient=short(card.coefficient),
        delta=_delta(reporter, card),
        standing=_standing(reporter, card),
        ladder=_ladder(reporter, card),
        ladder_text=_ladder_text(reporter, card),
        distance=_distance(reporter, card),
        unrated=_unrated(reporter, card),
        remark=_remark(reporter, card),
    )


def _delta(reporter: Reporter, card: Scorecard) -> Delta | None:
    past = reporter.source.past.get(card.subject, ())
    before = past[-1] if past and past[-1].period == reporter.source.period.previous() else None
    if before is None or before.score is None or card.total is None:
        return None
    move = card.total - before.score
    way = "up" if move > 0 else "down" if move < 0 else "flat"
    return Delta(signed(move, 2), way, {"up": "ok", "down": "bad", "flat": ""}[way])


def _standing(reporter: Reporter, card: Scorecard) -> Standing | None:
    shown = reporter.source.rank_shown
    if shown is RankShown.NONE or card.rank is None or card.rank_of < FEWEST_FOR_DISTRIBUTION:
        return None
    w, of = reporter.words, card.rank_of
    bars = small.histogram(reporter.bins(card.role.key), card.total)
    share = max(1, int(half_up(100 * Fraction(card.rank) / of, 0)))
    if share > UPPER:  # "top 80 %" would be no kindness, and of the last it would say 100
        told = w("rank.bars_own")
        if shown is RankShown.PERCENTILE:
            return Standing(w("rank.among"), "", w("rank.people", people=of), bars, told)
        return Standing(w("rank.label"), short(card.rank), w("rank.of_all", people=of), bars, told)
    percentile = w("rank.percentile", share=share)
    told = w("rank.bars", percentile=percentile)
    if shown is RankShown.PERCENTILE:
        return Standing(w("rank.label"), percentile, "", bars, told)
    return Standing(w("rank.label"), short(card.rank), w("rank.of", people=of, percentile=percentile), bars, told)


def _bands(reporter: Reporter, card: Scorecard) -> list[tuple[str, str, Decimal]]:
    return [(band.grade, reporter.grade_name(band.grade), band.lower) for band in card.scheme.grades.bands]


def _top(card: Scorecard) -> Decimal:
    """Where the picture of the ladder ends: at 100 as long as the score does not pass it."""
    total = card.total or Decimal(0)
    best = card.scheme.grades.bands[0].lower
    return max(Decimal(100) if best < 100 else best + 10, min(total, card.scheme.limits.highest))


def _ladder(reporter: Reporter, card: Scorecard) -> small.Ladder | None:
    if card.total is None or card.grade is None:
        return None
    return small.ladder(_bands(reporter, card), top=_top(card), score=card.total, grade=card.grade)


def _ladder_text(reporter: Reporter, card: Scorecard) -> str:
    if card.total is None or card.grade is None:
        return ""
    bands = ", ".join(f"{band.grade} ≥ {short(band.lower)}" for band in card.scheme.grades.bands)
    return reporter.words("ladder.text", score=number(card.total, 2), grade=card.grade, bands=bands)


def _distance(reporter: Reporter, card: Scorecard) -> str:
    if card.next_grade is None or card.distance is None:
        return "" if card.total is None else reporter.words(f"distance.{_held(card)}")
    return reporter.words("distance.next", grade=card.next_grade, points=number(card.distance, 2))


def _held(card: Scorecard) -> str:
    return "held" if card.grade_by in ("veto", "gate", "committee") else "top"


def _unrated(reporter: Reporter, card: Scorecard) -> str:
    if card.rated:
        return ""
    missing = half_up(100 * missing_share(card.role.shares, [line.percent for line in card.items]), 0)
    limit = short(card.scheme.limits.missing_share)
    return reporter.words("unrated.why", share=missing, limit=limit, coefficient=short(card.coefficient))


def _remark(reporter: Reporter, card: Scorecard) -> str:
    """How the grade came about where the bands did not decide alone."""
    if card.grade_by in ("bands", "not_rated"):
        return ""
    return reporter.words(f"grade_by.{card.grade_by}", reason=card.grade_reason)


def make_trend(reporter: Reporter, card: Scorecard) -> tuple[charts.Trend | None, str, str]:
    """The picture, its text for those who do not see it, and the remark beside the title."""
    period = reporter.source.period
    now = PastScore(period, card.total, reporter.team_mean(card.team))
    past = [*[*reporter.source.past.get(card.subject, ())][-(PERIODS - 1) :], now]
    points = [charts.TrendPoint(reporter.figures.tick(p.period), p.score, p.team) for p in past]
    picture = charts.trend(points, threshold=_threshold(card))
    known = [p for p in past if p.score is not None]
    if picture is None or known[0].score is None or known[-1].score is None:
        return None, "", ""
    w = reporter.words
    text = w(
        "trend.text",
        start=reporter.figures.period(known[0].period),
        first=number(known[0].score, 1),
        last=number(known[-1].score, 1),
        team=NOTHING if now.team is None else number(now.team, 1),
    )
    return picture, text, w(f"trend.note.{period.kind}", count=len(points))


def _threshold(card: Scorecard) -> tuple[str, Decimal] | None:
    """The next grade's bound, or the own one's at the top of the ladder."""
    grade = card.next_grade or card.grade
    band = next((band for band in card.scheme.grades.bands if band.grade == grade), None)
    return None if band is None else (f"{band.grade} {short(band.lower)}", band.lower)
