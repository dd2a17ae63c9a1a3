"""Which of the own scorecards a reader is shown first, which others wait for them, and what is still being worked out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from fuxiao.base.clock import demonstrated
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.cycle import Place, Step
from fuxiao.core.period import parse_period
from fuxiao.performance.cycles import queries
from fuxiao.performance.cycles.models import Cycle, CycleMember
from fuxiao.performance.cycles.turns import DUE, turns
from fuxiao.web.lake import lake
from fuxiao.web.performance.live import is_begun, live_cards
from fuxiao.web.performance.presenters import cycle_title, place_word
from fuxiao.web.words import t

RECENT = 6
"""So many last cycles are looked through."""
MINE_TO_DO = (Place.SELF_DUE, Place.ANSWER_DUE, Place.TALK_DUE)
"""Places that wait for the person: of a shared result before the talk as well, for the days to appeal run."""
LIVE = (Step.RUNNING, Step.CUT_OFF)
OPEN = frozenset(Step) - {Step.FINAL, Step.SEALED}


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another cycle at work: which, what is to be done there, and the way to it."""

    title: str
    word: str
    tone: str
    href: str


def recent(viewer: Viewer) -> list[CycleMember]:
    """The last cycles that the reader is in, newest first."""
    return list(queries.own_memberships(viewer).defer("scorecard__result")[:RECENT])


def running_card(viewer: Viewer) -> CycleMember | None:
    """The own scorecard that still moves with every record: of the newest cycle that runs."""
    return next((each for each in recent(viewer) if each.cycle.at in LIVE), None)


def is_ready(viewer: Viewer, own: Sequence[CycleMember]) -> bool:
    """Whether the page can be made at once: the first live score of a day takes many times as long as any other.

    What is older than the newest score that is stored is not asked for.
    """
    if _waiting(own) is not None:
        return True
    stored = (at for at, each in enumerate(own) if each.cycle.at not in LIVE and _is_scored(viewer, each))
    newer = own[: next(stored, len(own))]
    with lake() as store:
        return all(is_begun(store, each.cycle) for each in newer if each.cycle.at in LIVE)


def first_of(viewer: Viewer, own: Sequence[CycleMember]) -> CycleMember:
    """The newest that waits for its person, or else the newest with a score: a month that has begun rates nobody yet."""
    return _waiting(own) or next((each for each in own if _is_scored(viewer, each)), own[0])


def _waiting(own: Sequence[CycleMember]) -> CycleMember | None:
    due = (each for each in own if queries.place_of(each) in MINE_TO_DO and each.answered_at is None)
    return next(due, None)


def _is_scored(viewer: Viewer, member: CycleMember) -> bool:
    if member.cycle.at not in LIVE:
        return queries.held_cards(viewer, member).filter(score__isnull=False).exists()
    with lake() as store:
        card = live_cards(store, member.cycle).get(member.person)
    return card is not None and card.rated


def elsewhere(viewer: Viewer, own: Sequence[CycleMember], shown: CycleMember) -> list[Elsewhere]:
    """The other own cycles that are not over, and those in which the reader has others to review or to talk to."""
    return [
        *(_own(each) for each in own if each.pk != shown.pk and each.cycle.at in OPEN),
        *_led(viewer),
    ]


def _own(member: CycleMember) -> Elsewhere:
    word, tone = place_word(queries.place_of(member))
    href = reverse("scorecard", args=[member.cycle_id, member.person])
    return Elsewhere(cycle_title(member.cycle), word, tone, href)


def _led(viewer: Viewer) -> Iterator[Elsewhere]:
    if not viewer.may(Permission.CYCLES_READ):
        return
    for cycle in queries.cycles(viewer).filter(step__in=DUE)[:RECENT]:
        due = turns(viewer, cycle)
        if due is not None and due.left:
            word = (
                t("等您写评语 {n} 人", "reviews waiting for you: {n}", n=due.left)
                if cycle.at is Step.LEAD_REVIEW
                else t("等您面谈 {n} 人", "talks waiting for you: {n}", n=due.left)
            )
            yield Elsewhere(cycle_title(cycle), word, "near", reverse("cycle", args=[cycle.pk]))


def coming(own: Sequence[CycleMember], *, on: date) -> list[str]:
    """What is being worked out, and by when; so that nobody takes what is not there yet for what there is."""
    if not own and demonstrated() and not queries.cycles_exist():
        return [t(
            "演示公司的考核正在后台准备，约一分钟；好了这里会自动更新。",
            "The review cycles of the demonstration are being prepared, which takes about a minute; this page follows by itself.",
        )]  # fmt: skip
    return [word for each in own if (word := _being_made(each.cycle, on))]


def _being_made(cycle: Cycle, on: date) -> str:
    """Empty where nothing is under way: the period runs, or the scores are there."""
    told = {"period": cycle_title(cycle), "day": cycle.cut_off_on.isoformat()}
    if cycle.at is Step.RUNNING and parse_period(cycle.period).end <= on < cycle.cut_off_on:
        return t("{period}已结束：数据 {day} 截止，当天算分；到那时前得分还会变。",
                 "{period} is over: its data closes on {day} and is scored that day; until then the score may move.", **told)  # fmt: skip
    if cycle.at is Step.CUT_OFF or (cycle.at is Step.RUNNING and parse_period(cycle.period).end <= on):
        return t("{period}正在后台算分，一般几分钟内完成；算好后本页自动更新。",
                 "{period} is being scored in the background, usually within minutes; this page follows by itself.", **told)  # fmt: skip
    return ""
