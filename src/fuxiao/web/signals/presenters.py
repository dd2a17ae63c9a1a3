"""Signals in the words and figures that pages show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fuxiao.base.wording import say
from fuxiao.core.bonus.money import MINOR_UNITS
from fuxiao.core.gaming.learning import SIDE
from fuxiao.core.gaming.words import SHEETS
from fuxiao.performance.reviews.models import Outcome, SignalReview
from fuxiao.web.metrics.wording import formats
from fuxiao.web.shell.home import organisation
from fuxiao.web.words import language, t

OUTCOMES: Mapping[str, tuple[str, str, str]] = {
    Outcome.OPEN: ("待复核", "To be reviewed", "near"), Outcome.CONFIRMED: ("属实", "Confirmed", "bad"),
    Outcome.EXPLAINED: ("有合理解释", "Explained", "good"), Outcome.FALSE_ALARM: ("误报", "False alarm", "good"),
}  # fmt: skip
SHARES = ("share", "usual", "gap", "shown", "real", "excess", "effective_share", "reopened_share_of_late")
"""Evidence that is a part of a whole, written as a percentage; so is all that begins with ``share_``."""
BESIDE = {
    "share": "usual", "share_picked": "share_offered", "mean_picked": "mean_offered", "share_good": "share_bad",
    "share_own": "share_peers", "real": "shown", "closed_late": "expected", "parts": "expected", "paid": "expected",
    "last_stretch": "stretch_before",
}  # fmt: skip
"""Which evidence is to be read beside which."""
WIDTH, LEFT, RIGHT, MIDDLE = 640, 12, 628, 34


def outcome_word(outcome: str) -> tuple[str, str]:
    """The outcome with its tone."""
    zh, en, tone = OUTCOMES[outcome]
    return t(zh, en), tone


def detector_word(detector: str) -> str:
    return say(f"detector.{detector}", language())


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a kind of signal is: its name, what it means, what cures it."""

    code: str
    name: str
    meaning: str
    cure: str


def sheet_of(code: str) -> Sheet:
    found = SHEETS[code]
    return Sheet(code, *(each.of(language()) for each in (found.name, found.meaning, found.cure)))


@dataclass(frozen=True, slots=True)
class Fact:
    """One number of the evidence; ``beside`` what it is compared with, in words."""

    name: str
    text: str
    beside: str = ""


def evidence_of(review: SignalReview) -> list[Fact]:
    """The evidence, each figure beside what it is compared with; what stands beside is not listed again."""
    given: Mapping[str, float] = review.evidence
    pairs = {name: other for name, other in BESIDE.items() if name in given and other in given}
    compared = set(pairs.values())
    return [
        Fact(_word(name), _text(review.code, name, number), _beside(review, pairs.get(name)))
        for name, number in given.items()
        if name not in compared or name in pairs
    ]


def _beside(review: SignalReview, other: str | None) -> str:
    return f"{_word(other)} {_text(review.code, other, review.evidence[other])}" if other else ""


def _word(name: str) -> str:
    return say(f"evidence.{name}", language())


def _text(code: str, name: str, number: float) -> str:
    """Shares as percentages, amounts in the currency's own unit, counts whole."""
    if code == "P3" and name in ("paid", "expected"):
        places = MINOR_UNITS.get(organisation().currency, 2)
        return formats().money(Decimal(round(number)).scaleb(-places))
    if name in SHARES or name.startswith("share_"):
        return f"{100 * number:.1f}%"
    return f"{number:,.0f}" if float(number).is_integer() else f"{number:,.2f}"


def strength_text(strength: float) -> str:
    return "> 1,000" if strength > 1000 else f"{strength:.1f}×"


def chance_text(chance: float | None) -> str:
    if chance is None:
        return ""
    return "< 0.0001" if chance < 0.0001 else f"{chance:.4f}"


@dataclass(frozen=True, slots=True)
class Strip:
    """Everybody who was compared as dots on one line: the threshold, and the one this is about."""

    dots: Sequence[float]
    threshold: float
    own: float
    spoken: str
    width: int = WIDTH
    left: int = LEFT
    right: int = RIGHT
    middle: int = MIDDLE


def strip_of(review: SignalReview) -> Strip | None:
    """``None`` where nobody else was compared."""
    if len(review.peers) < 2:
        return None
    most = max(2.0, min(review.strength, 12.0)) * 1.05

    def at(strength: float) -> float:
        return round(LEFT + (RIGHT - LEFT) * max(0.0, min(strength, most)) / most, 1)

    over = sum(each >= 1 for each in review.peers)
    spoken = t(
        "比较了 {n} 个对象，{over} 个到了门槛；这一个是门槛的 {s}。",
        "{n:was/were} compared and {over:is/are} at the threshold or past it; this one is {s} of it.",
        n=len(review.peers), over=over, s=strength_text(review.strength),
    )  # fmt: skip
    return Strip([at(each) for each in review.peers], at(1), at(review.strength), spoken)


def threshold_words(numbers: Mapping[str, float]) -> list[tuple[str, str]]:
    """The main thresholds by name, as they are written."""
    return [
        (say(f"threshold.{name}", language()), f"{number:g}") for name, number in numbers.items() if name not in SIDE
    ]
