"""A move in words: amounts that add up as they are shown, one sentence, and where the rows behind each part are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse

from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.indicator import Direction
from fuxiao.core.moved import Part, Parts, shown
from fuxiao.engine.definition import Indicator, Spread
from fuxiao.performance.fair import change
from fuxiao.report.figures import number
from fuxiao.report.moves import FigureMove
from fuxiao.web.metrics.cuts import Subject, is_open
from fuxiao.web.metrics.periods import title
from fuxiao.web.metrics.presenters import quantity
from fuxiao.web.moved.drawing import Step, Waterfall, waterfall
from fuxiao.web.moved.kinds import Kind, decimal_of, kinds_of
from fuxiao.web.words import t

NAMES: Mapping[Part, tuple[str, str]] = {
    Part.PERFORMANCE: ("工作本身", "The work itself"), Part.MIX: ("工单组合", "Case mix"),
    Part.ROSTER: ("人员进出", "Who belongs"), Part.DEFINITION: ("口径与规则", "Rules"),
    Part.LATE: ("迟到数据", "Late data"), Part.POINTS: ("加减分与上限", "Extra points"),
}  # fmt: skip
MEANS: Mapping[Part, tuple[str, str]] = {
    Part.PERFORMANCE: ("同样的工单，这次做得比上次好还是差。", "The same kinds of cases, done better or worse than before."),
    Part.MIX: ("难的、容易的工单所占的比例变了。", "Hard and easy kinds of cases came in other shares than before."),
    Part.ROSTER: ("进了班组和离开班组的人带来的变化。", "What those brought who joined the team, or took who left it."),
    Part.DEFINITION: ("指标口径、目标、权重或评分规则换了版本。", "The indicator, its target, weight or way of scoring has another version."),
    Part.LATE: ("关账以后才到的记录，以及申诉后不再计入的工单。", "Records that came after the data was closed, and cases left out after an appeal."),
    Part.POINTS: ("班组得分、加分、扣分、上限和否决。", "The team's share, bonus and deduction points, caps and vetoes."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One part: its words, the amount, and links to what is behind it."""

    part: Part
    name: str
    text: str
    tone: str
    means: str
    links: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class MovedPage:
    """What the page of a move shows."""

    before: str
    after: str
    change: str
    tone: str
    sentence: str
    remarks: Sequence[str]
    rows: Sequence[Row]
    picture: Waterfall
    kinds: Sequence[Kind] = ()

    @property
    def linked(self) -> bool:
        """Whether there is anything behind the parts to go to."""
        return any(row.links for row in self.rows)


def _plain(text: str) -> Decimal:
    """The number that a shown figure is."""
    return Decimal(re.sub(r"[^0-9.\-]", "", text.replace("−", "-")) or "0")


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


@dataclass(frozen=True, slots=True)
class Amounts:
    """Both ends as they are shown, the change between them, and the parts that add up to it."""

    before: Decimal
    after: Decimal
    parts: Mapping[Part, Decimal]
    places: int

    @property
    def change(self) -> Decimal:
        return self.after - self.before

    def signed(self, amount: Decimal) -> str:
        text = number(abs(amount), self.places)
        return text if not amount else f"+{text}" if amount > 0 else f"−{text}"


def amounts(parts: Parts, before: str, after: str) -> Amounts:
    """``before`` and ``after`` as written on other pages."""
    ends = _plain(before), _plain(after)
    places = max(map(_places, ends))
    return Amounts(*ends, shown(parts, ends[1] - ends[0], places=places), places)


def tone_of(part: Part, amount: Decimal, direction: Direction) -> str:
    """Only the work itself is praised or blamed."""
    if part is not Part.PERFORMANCE or not amount or direction is Direction.RANGE:
        return ""
    return "good" if (amount > 0) == (direction is Direction.HIGHER) else "bad"


def page_of_figure(found: FigureMove, of: Subject, viewer: Viewer) -> MovedPage:
    """The page of an indicator's move."""
    indicator, move = found.moving.indicator, found.move
    before, after = (quantity(decimal_of(end.kept), indicator) for end in (move.before, move.after))
    told = amounts(move.parts, before.number, after.number)
    unit = t(" 个百分点", " pp") if indicator.unit == "percent" else f" {after.unit}" if after.unit else ""
    periods = title(found.moving.before), title(found.moving.after)
    rows = [
        Row(part, t(*NAMES[part]), told.signed(amount), tone_of(part, amount, indicator.direction), t(*MEANS[part]),
            _links(part, found, of, viewer))
        for part, amount in told.parts.items()
        if part not in move.unsplit and (part is not Part.ROSTER or found.moving.by == "team")
    ]  # fmt: skip
    picture = _picture(told, rows, (periods[0], str(before)), (periods[1], str(after)))
    return MovedPage(
        str(before), str(after), told.signed(told.change) + unit,
        tone_of(Part.PERFORMANCE, told.parts.get(Part.PERFORMANCE, Decimal(0)), indicator.direction),
        sentence_of(told, rows, periods, (str(before), str(after))), _remarks(found), rows, picture, kinds_of(found),
    )  # fmt: skip


def _picture(told: Amounts, rows: Sequence[Row], start: tuple[str, str], end: tuple[str, str]) -> Waterfall:
    steps = [Step(row.name, told.parts[row.part], row.text, row.tone) for row in rows]
    return waterfall(Step(start[0], told.before, start[1], "whole"), steps, Step(end[0], told.after, end[1], "whole"))


def sentence_of(told: Amounts, rows: Sequence[Row], periods: tuple[str, str], ends: tuple[str, str]) -> str:
    """The whole in one sentence, the largest part first."""
    if not told.change and not any(told.parts.values()):
        return t("{b}和{a}一样，都是 {v}。", "{b} and {a} are alike: {v}.", b=periods[0], a=periods[1], v=ends[1])
    ordered = sorted(rows, key=lambda row: -abs(told.parts[row.part]))
    listed = [f"{row.name} {row.text}" for row in ordered if told.parts[row.part]]
    return t(
        "从{b}的 {x} 到{a}的 {y}，变化 {c}：{parts}。", "From {x} in {b} to {y} in {a}, {c} in all: {parts}.",
        b=periods[0], a=periods[1], x=ends[0], y=ends[1], c=told.signed(told.change),
        parts=t("，", ", ").join(listed) or t("没有", "nothing"),
    )  # fmt: skip


def _remarks(found: FigureMove) -> list[str]:
    """What the parts cannot say, and whether chance alone would do as much."""
    indicator, said = found.moving.own, []
    if Part.ROSTER in found.move.unsplit and found.move.parts[Part.PERFORMANCE]:
        said.append(t(
            "这是百分位数，不能按工单加总，所以工单组合和人员进出没有从工作本身里分出来。",
            "A percentile is no sum over cases: case mix and who belongs are not told apart from the work itself.",
        ))  # fmt: skip
    elif Part.MIX in found.move.unsplit:
        said.append(t(
            "这个数字没有可以比较的工单类别，工单组合没有单独分出来。",
            "The figure knows no kinds of cases to compare; case mix is not told apart.",
        ))  # fmt: skip
    if not any(found.kept):
        said.append(t(
            "这个数字没有哪次关账的考核记下过，两期都按今天的记录和口径算，所以没有迟到数据和口径的部分。",
            "No closed review cycle kept this figure: both periods are by the records and rules of today, so nothing is late and no rule differs.",
        ))  # fmt: skip
    return [*said, *_proven(found, indicator)]


def _proven(found: FigureMove, indicator: Indicator) -> list[str]:
    values = found.halves.values
    sums = [(float(v.numerator or 0), float(v.denominator or 0)) for v in values]
    if indicator.spread is not Spread.PROPORTION or not all(0 <= x <= n and n for x, n in sums):
        return []
    if change(sums[0], sums[1], direction=indicator.direction).proven:
        return [t("这个变化超出了随机波动。", "The change is more than chance.")]
    return [t(
        "这个变化在随机波动之内，不必找原因。", "The change is within chance: no story is needed.",
    )]  # fmt: skip


def _links(part: Part, found: FigureMove, of: Subject, viewer: Viewer) -> list[tuple[str, str]]:
    """Where the rows behind a part are."""
    moving = found.moving
    links: list[tuple[str, str]] = []
    sees_rows = viewer.may(Permission.ROWS_READ) and is_open(of, viewer)
    if part in (Part.PERFORMANCE, Part.MIX, Part.LATE) and sees_rows:
        periods = (moving.before,) if part is Part.LATE else (moving.before, moving.after)
        address = reverse("rows", args=[moving.indicator.code])
        links += [
            (
                f"{address}?{urlencode({'of': of.address, 'period': each.key})}",
                t("{p}的明细", "rows of {p}", p=title(each)),
            )
            for each in periods
        ]
    if part is Part.DEFINITION:
        links.append((reverse("library_entry", args=[moving.indicator.code]), t("口径", "definition")))
    return links
