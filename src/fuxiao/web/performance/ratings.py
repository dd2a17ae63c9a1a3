"""Ratings on pages: the rubric to choose from in a review, what was given behind a row, how strict each rater is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import fmean, stdev

from django.http import QueryDict

from fuxiao.base.permissions import Viewer
from fuxiao.core.numbers import written_number
from fuxiao.core.score import Scheme
from fuxiao.core.score.judged import Raters, Rubric
from fuxiao.performance.cycles import queries
from fuxiao.performance.cycles.actions.rating import Given, judged_items
from fuxiao.performance.cycles.models import Cycle, CycleMember, Rating
from fuxiao.performance.decisions import read_scheme_text
from fuxiao.performance.scoring import indicator_infos
from fuxiao.web.lake import lake
from fuxiao.web.metrics.figures import library_of
from fuxiao.web.words import language, t

UNREADABLE = Decimal(-1)
"""Stands for points that are no number; no level is worth them."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A level to choose."""

    points: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A judged item as a form asks for it."""

    item: str
    name: str
    panel: bool
    levels: Sequence[Choice]
    reason: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A rating as it is read: by whom, which level, why, and what it counts where raters were evened."""

    rater: str
    points: str
    text: str
    reason: str
    adjusted: str
    how: str


@dataclass(frozen=True, slots=True)
class Hand:
    """How a rater rates an item, before and after evening."""

    rater: str
    item: str
    people: int
    mean: str
    spread: str
    evened: str


def scheme_of(cycle: Cycle) -> Scheme:
    """The scheme that the cycle was opened with."""
    with lake() as store:
        return read_scheme_text(cycle.scheme_text, indicator_infos(library_of(store).indicators))


def questions(
    viewer: Viewer, member: CycleMember, scheme: Scheme, sent: QueryDict, *, beside: bool = False
) -> list[Question]:
    """What the reviewer is asked, or a panel ``beside`` them, with what was sent or what they rated before."""
    mine = {each.item: each for each in member.ratings.all() if each.rater == _key(viewer)}
    asked = judged_items(scheme, member.position, beside=beside)
    return [_question(item, rubric, mine.get(item), sent) for item, rubric in asked.items()]


def _key(viewer: Viewer) -> str:
    return viewer.person or f"@{viewer.account}"


def _question(item: str, rubric: Rubric, held: Rating | None, sent: QueryDict) -> Question:
    chosen = sent.get(f"rate-{item}", f"{held.points.normalize():f}" if held else "")
    levels = [Choice(f"{each.points:f}", words_of(each.names), f"{each.points:f}" == chosen) for each in rubric.levels]
    reason = sent.get(f"why-{item}", held.reason if held else "")
    return Question(item, words_of(rubric.names), rubric.by is Raters.PANEL, levels, reason)


def words_of(names: Mapping[str, str]) -> str:
    """A text in the reader's language, else in the other."""
    return names.get(language()) or next(iter(names.values()), "")


def given(sent: QueryDict, member: CycleMember, scheme: Scheme) -> list[Given]:
    """The ratings of a form; an item without a level chosen is left out."""
    return [
        Given(item, _number(sent.get(f"rate-{item}", "")), sent.get(f"why-{item}", "")[:2000])
        for item in judged_items(scheme, member.position)
        if sent.get(f"rate-{item}")
    ]


def _number(text: str) -> Decimal:
    number = written_number(text)
    return UNREADABLE if number is None else number


def panel_of(member: CycleMember) -> list[tuple[str, bool]]:
    """The colleagues who were asked to rate, and whether they did."""
    rated = set(member.ratings.values_list("rater", flat=True))
    return [(each.name, each.person in rated) for each in member.panel.all()]


def shown(viewer: Viewer, member: CycleMember, item: str, rubric: Rubric) -> list[Shown]:
    """What was given on one item, to whoever may see it by now; the person is not told which colleague gave what."""
    if queries.is_untold(viewer, member):
        return []
    found = list(member.ratings.filter(item=item))
    if viewer.person != member.person:
        return [_shown(each, rubric, each.rater_name) for each in found]
    asked = set(member.panel.values_list("person", flat=True))
    named = [_shown(each, rubric, each.rater_name) for each in found if each.rater not in asked]
    unnamed = sorted((each for each in found if each.rater in asked), key=lambda each: (-each.points, each.reason))
    return [*named, *(_shown(each, rubric, t("同事", "A colleague")) for each in unnamed)]


def _shown(rating: Rating, rubric: Rubric, rater: str) -> Shown:
    level = rubric.level_of(rating.points)
    adjusted = f"{rating.adjusted:.2f}" if rating.adjusted is not None and rating.how else ""
    text = words_of(level.names) if level else ""
    return Shown(rater, f"{rating.points.normalize():f}", text, rating.reason, adjusted, rating.how)


def hands(ratings: Sequence[Rating], scheme: Scheme) -> list[Hand]:
    """Raters side by side, item by item; the mildest first."""
    groups: dict[tuple[str, str], list[Rating]] = {}
    for each in ratings:
        groups.setdefault((each.item, each.rater), []).append(each)
    order = sorted(groups.items(), key=lambda pair: (pair[0][0], -fmean(each.points for each in pair[1])))
    return [_hand(scheme.rubrics[item], mine) for (item, _), mine in order if item in scheme.rubrics]


def _hand(rubric: Rubric, mine: Sequence[Rating]) -> Hand:
    points = [float(each.points) for each in mine]
    after = [float(each.adjusted) for each in mine if each.adjusted is not None]
    return Hand(
        mine[0].rater_name, words_of(rubric.names), len(mine), f"{fmean(points):.1f}",
        f"{stdev(points):.1f}" if len(points) > 1 else "—", f"{fmean(after):.1f}" if after else t("待计入", "not counted yet"),
    )  # fmt: skip
