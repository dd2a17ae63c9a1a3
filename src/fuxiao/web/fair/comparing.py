"""A comparison as its page shows it: the sentence, three classes, those with too few cases apart, the funnel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from fuxiao.base.permissions import Reach
from fuxiao.core.errors import CalculationError
from fuxiao.core.fairness.classes import Class
from fuxiao.metrics.values import HIDE_BELOW
from fuxiao.org.pinyin import sort_key
from fuxiao.performance.fair import Compared, Comparison
from fuxiao.report.drawing.charts import Funnel, FunnelDot, funnel, limits
from fuxiao.web.fair.choosing import Choice, comparison
from fuxiao.web.fair.kinds import KindLine, in_unit, kind_lines, rate_text
from fuxiao.web.fair.sentences import headline, how_judged, mix_word, reason, verdict_mark
from fuxiao.web.metrics.cuts import PERSON
from fuxiao.web.metrics.desk import Desk
from fuxiao.web.metrics.drawing import Ends, Whisker, whiskers
from fuxiao.web.words import t

GROUPS = {
    Class.BELOW: ("明显差于预期", "Clearly worse than expected", "先看工单和数据，再谈原因", "look at cases and data before reasons", "bad"),
    Class.ABOVE: ("明显好于预期", "Clearly better than expected", "问问做法，让别人学", "ask how, so that others can learn", "good"),
    Class.ALIKE: ("分不出高低", "Cannot be told apart", "差别可能只是碰巧，按姓名排列，不分名次", "may be chance: by name, no ranking", ""),
}  # fmt: skip
TONES = {Class.ABOVE: "good", Class.BELOW: "bad", Class.ALIKE: "", Class.TOO_FEW: "few"}
FEWEST = 5
"""In smaller groups the rates by kind of case would be nearly one person's."""


@dataclass(frozen=True, slots=True)
class Line:
    """One person or team. ``mark`` remarks where raw and adjusted disagree; ``more`` is how many cases are wanting."""

    who: str
    name: str
    team: str
    place: Class
    n: int
    raw: str
    interval: str
    due: str
    adjusted: str
    mix: str
    reason: str
    mark: str
    mark_tone: str
    more: int
    whisker: Whisker | None = None
    moved: float | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """One of the three classes."""

    code: str
    name: str
    note: str
    tone: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Page:
    """What the page shows. ``silent`` says why there is nothing to compare."""

    chosen: Choice
    found: Comparison | None = None
    headline: str = ""
    groups: Sequence[Group] = ()
    few: Sequence[Line] = ()
    funnel: Funnel | None = None
    dots: Sequence[tuple[FunnelDot, Line]] = ()
    spoken: str = ""
    kinds: Sequence[KindLine] = ()
    how: Sequence[tuple[str, str]] = ()
    centre: str = ""
    unmatched: int = 0
    silent: str = ""

    @property
    def lines(self) -> list[Line]:
        return [line for group in self.groups for line in group.lines] + list(self.few)

    @property
    def changed(self) -> list[Line]:
        """Those of whom raw and adjusted say different things."""
        return [line for line in self.lines if line.mark]

    @property
    def others(self) -> int:
        """How many were compared that the reader does not see."""
        return 0 if self.found is None else len(self.found.rows) - len(self.lines)


def compared_page(desk: Desk, chosen: Choice) -> Page:
    """The comparison as far as the reader may see it."""
    try:
        found = comparison(desk, chosen) if chosen.role or chosen.roles else None
    except CalculationError:
        found = None
    rows = [] if found is None else [row for row in found.rows if chosen.sees(desk, row.subject)]
    if found is None or not rows:
        return Page(chosen, silent=t(
            "这段时间里，你能看到的人没有计入这个指标的工单。换一个指标或期间看看。",
            "Nobody whom you may see has cases that count for this indicator then. Try another indicator or period.",
        ))  # fmt: skip
    lines = _lines(rows, found, chosen, desk.names)
    picture, dots = _funnel(rows, lines, found, chosen)
    oneself = chosen.by == PERSON and desk.viewer.reach is Reach.OWN
    return Page(
        chosen, found, headline(rows, by=chosen.by, oneself=oneself), _groups(lines),
        [line for line in lines if line.place is Class.TOO_FEW], picture, dots, _spoken(rows, chosen),
        kind_lines(found.mix.whole, found.strata, chosen.indicator) if len(found.rows) >= FEWEST else (),
        how_judged(found, chosen), rate_text(found.centre, chosen.indicator), found.unmatched,
    )  # fmt: skip


def _groups(lines: Sequence[Line]) -> list[Group]:
    made = [
        Group(place, t(zh, en), t(note, note_en), tone, [line for line in lines if line.place is place])
        for place, (zh, en, note, note_en, tone) in GROUPS.items()
    ]  # fmt: skip
    return [group for group in made if group.lines]


def _lines(rows: Sequence[Compared], found: Comparison, chosen: Choice, names: Mapping[str, str]) -> list[Line]:
    """By name; a person's position in the list says nothing."""
    pictures = _whiskers(rows, found, chosen)
    made = [
        replace(_line(row, found, chosen, names), whisker=whisker, moved=moved)
        for row, (whisker, moved) in zip(rows, pictures, strict=True)
    ]
    return sorted(made, key=lambda line: (sort_key(line.name), line.who))


def _line(row: Compared, found: Comparison, chosen: Choice, names: Mapping[str, str]) -> Line:
    indicator, shown = chosen.indicator, row.estimate.n >= min(HIDE_BELOW, chosen.indicator.minimum)
    member = chosen.roster.members.get(row.subject)
    mark, tone = verdict_mark(row)
    ends = [rate_text(end, indicator) for end in (row.estimate.low, row.estimate.high)]
    return Line(
        who=row.subject, name=names.get(row.subject, row.subject),
        team=names.get(member.team, member.team) if member and chosen.by == PERSON else "", place=row.place.place,
        n=row.estimate.n, raw=rate_text(row.estimate.point, indicator) if shown else "",
        interval=" – ".join(ends) if shown else "", due=rate_text(row.adjusted.expected / row.adjusted.n, indicator),
        adjusted=rate_text(row.adjusted.adjusted, indicator), mix=mix_word(row, found, chosen), reason=reason(row, found, chosen), mark=mark,
        mark_tone=tone, more=max(0, indicator.minimum - row.estimate.n),
    )  # fmt: skip


def _whiskers(rows: Sequence[Compared], found: Comparison, chosen: Choice) -> list[tuple[Whisker | None, float | None]]:
    """Each raw figure with its interval, and where the adjusted one lies, all on one axis."""
    indicator = chosen.indicator

    def ends(*rates: float) -> Ends:
        value, low, high = (in_unit(rate, indicator) for rate in rates)
        return value, low, high

    firm = [row.place.place is not Class.TOO_FEW for row in rows]
    raw = [ends(row.estimate.point, row.estimate.low, row.estimate.high) for row in rows]
    moved = [ends(*[row.adjusted.adjusted] * 3) for row in rows]
    made = whiskers([*raw, *moved], [*firm, *firm], in_unit(found.centre, indicator))
    return [
        (left, right.x if right else None) for left, right in zip(made[: len(rows)], made[len(rows) :], strict=True)
    ]


def _funnel(
    rows: Sequence[Compared], lines: Sequence[Line], found: Comparison, chosen: Choice
) -> tuple[Funnel | None, list[tuple[FunnelDot, Line]]]:
    """Raw rates between the exact limits of chance; the colour says where somebody stands after adjustment."""
    by_who = {line.who: line for line in lines}
    shown = [row for row in rows if by_who[row.subject].raw]
    if not shown:
        return None, []
    dots = [
        (row.subject, row.estimate.n, in_unit(row.estimate.point, chosen.indicator), _tone(by_who[row.subject]))
        for row in shown
    ]  # fmt: skip
    scale = float(chosen.indicator.scale)
    lines_drawn = limits([row.estimate.n for row in shown], found.centre)
    made = funnel(lines_drawn, dots, centre=found.centre, scale_to=scale)
    return made, [(dot, by_who[row.subject]) for dot, row in zip(made.dots, shown, strict=True)]


def _tone(line: Line) -> str:
    return line.mark_tone or TONES[line.place]


def _spoken(rows: Sequence[Compared], chosen: Choice) -> str:
    """The picture in one sentence, for those who hear it."""
    outside = sum(row.place.place in (Class.ABOVE, Class.BELOW) for row in rows)
    return t(
        "漏斗图：{n} 个的实际水平与样本量，其中 {k} 个调整后仍明显不同。同样的数据在表里。",
        "Funnel: raw rate and number of cases of {n}, {k} of them clearly different once adjusted. The table has the same data.",
        n=len(rows), k=outside,
    )  # fmt: skip


def as_table(page: Page) -> list[list[Decimal | int | str | None]]:
    """The rows of a download."""
    words = {place: t(*words[:2]) for place, words in GROUPS.items()}
    words[Class.TOO_FEW] = t("样本太少", "Too few cases")
    return [
        [line.name, line.who, line.team or None, words[line.place], line.n, line.raw or None, line.interval or None,
         *((line.due, line.adjusted, line.reason, line.mark or None) if not line.more else (None,) * 4)]
        for line in page.lines
    ]  # fmt: skip
