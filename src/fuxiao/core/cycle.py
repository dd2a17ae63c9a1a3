"""The steps of a review cycle and of each person in it: what comes next, and what stands in the way."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fuxiao.core.errors import CalculationError


class Step(StrEnum):
    """Where a cycle stands; each step is left for the next one only."""

    RUNNING = "running"
    CUT_OFF = "cut_off"
    COMPUTED = "computed"
    SELF_REVIEW = "self_review"
    LEAD_REVIEW = "lead_review"
    CALIBRATION = "calibration"
    SHARED = "shared"
    FINAL = "final"
    SEALED = "sealed"


OPTIONAL = (Step.SELF_REVIEW, Step.LEAD_REVIEW, Step.CALIBRATION)
"""Steps that a cycle may do without."""


CLOSED = (Step.FINAL, Step.SEALED)
"""Steps in which the results stand."""


class Place(StrEnum):
    """Where one person stands in a cycle."""

    RUNNING = "running"
    SELF_DUE = "self_due"
    REVIEW_DUE = "review_due"
    WAITING = "waiting"
    TALK_DUE = "talk_due"
    ANSWER_DUE = "answer_due"
    APPEALED = "appealed"
    ACKNOWLEDGED = "acknowledged"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a cycle when somebody wants to take it on.

    ``reviews_missing`` counts people whose lead has not written, ``appeals_open`` undecided appeals; ``window_ends``
    is the last day to appeal, ``None`` before the scorecards were shared; ``recomputing``: a decision is not in the
    scorecards yet; ``pools_missing`` counts pools of the bonus plan whose amount nobody has given; ``undecided`` counts
    other cycles of the period in which something may still be decided.
    """

    today: date
    period_ends: date
    cut_off_on: date
    reviews_missing: int = 0
    appeals_open: int = 0
    window_ends: date | None = None
    recomputing: bool = False
    pools_missing: int = 0
    undecided: int = 0

    def facts(self) -> dict[str, object]:
        """The same for the sentence of a hindrance."""
        window = self.window_ends.isoformat() if self.window_ends else ""
        return {
            "ends": self.period_ends.isoformat(), "cut_off": self.cut_off_on.isoformat(), "window": window,
            "reviews": self.reviews_missing, "appeals": self.appeals_open,
            "pools": self.pools_missing, "undecided": self.undecided,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Done:
    """What one person and their lead have done in a cycle."""

    self_review: bool = False
    lead_review: bool = False
    talk: bool = False
    answered: bool = False
    appeal_open: bool = False


def next_step(step: Step, stages: Collection[Step]) -> Step | None:
    """The step after this one; of the optional ones only those in ``stages``. ``None`` at the end."""
    order = [each for each in Step if each not in OPTIONAL or each in stages or each is step]
    at = order.index(step) + 1
    return order[at] if at < len(order) else None


def hindrances(step: Step, standing: Standing) -> Iterator[str]:
    """Codes of what keeps a cycle in its step; nothing where it may go on."""
    if step is Step.RUNNING and standing.today < standing.period_ends:
        yield "cycle.period_runs"
    elif step is Step.RUNNING and standing.today < standing.cut_off_on:
        yield "cycle.before_cut_off"
    if step is Step.LEAD_REVIEW and standing.reviews_missing:
        yield "cycle.reviews_missing"
    if step in (Step.LEAD_REVIEW, Step.CALIBRATION, Step.SHARED) and standing.recomputing:
        yield "cycle.recomputing"
    if step is Step.SHARED and standing.appeals_open:
        yield "cycle.appeals_open"
    if step is Step.SHARED and standing.pools_missing:
        yield "cycle.pools_missing"
    if step is Step.SHARED and standing.window_ends is not None and standing.today <= standing.window_ends:
        yield "cycle.window_open"
    if step is Step.SHARED and standing.undecided:
        yield "cycle.undecided"


def advanced(step: Step, stages: Collection[Step], standing: Standing) -> Step:
    """The next step; ``CalculationError`` with the first hindrance, or ``cycle.at_end``."""
    found = next(hindrances(step, standing), None)
    if found is not None:
        raise CalculationError(found, **standing.facts())
    after = next_step(step, stages)
    if after is None:
        raise CalculationError("cycle.at_end")
    return after


def place(step: Step, done: Done) -> Place:
    """Where a person stands, from the cycle's step and what was done."""
    if step in CLOSED:
        return Place.FINAL
    if step is Step.SHARED:
        return _after_sharing(done)
    if step is Step.SELF_REVIEW and not done.self_review:
        return Place.SELF_DUE
    if step is Step.LEAD_REVIEW and not done.lead_review:
        return Place.REVIEW_DUE
    return Place.RUNNING if step is Step.RUNNING else Place.WAITING


def _after_sharing(done: Done) -> Place:
    if done.appeal_open:
        return Place.APPEALED
    if done.answered:
        return Place.ACKNOWLEDGED
    return Place.ANSWER_DUE if done.talk else Place.TALK_DUE
