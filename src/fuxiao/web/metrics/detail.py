"""One indicator for one subject: figure, course, meaning, and its groups side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fuxiao.base.shown import is_hidden
from fuxiao.base.waiting import wanting
from fuxiao.base.wording import say
from fuxiao.core.errors import UnknownName
from fuxiao.core.fairness.classes import Class
from fuxiao.core.indicator import Value
from fuxiao.engine.definition import Indicator
from fuxiao.metrics.values import ValueTable
from fuxiao.performance.fair import Trend, comparable
from fuxiao.web.metrics.compared import PLAIN, Line, lines
from fuxiao.web.metrics.cuts import COMPANY, Cut, Subject, groupings
from fuxiao.web.metrics.definition import Meaning, meaning
from fuxiao.web.metrics.desk import Desk
from fuxiao.web.metrics.drawing import Course, Lines, course
from fuxiao.web.metrics.periods import Picker, title
from fuxiao.web.metrics.presenters import (
    Change,
    Figure,
    Series,
    change,
    figure,
    is_firm,
    judged,
    quantity,
    sentence,
    series_of,
)
from fuxiao.web.metrics.rows import arithmetic
from fuxiao.web.metrics.wording import formats
from fuxiao.web.words import language, t

CLASSES = {
    Class.ABOVE: ("明显较好", "Clearly better"), Class.ALIKE: ("与整体无显著差异", "Not distinguishable"),
    Class.BELOW: ("明显较差", "Clearly worse"), Class.TOO_FEW: ("样本不足，不参与比较", "Small sample, not compared"),
    PLAIN: ("不作显著性比较", "Not tested for significance"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """A class with its words and how many stand in it."""

    code: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Detail:
    """What the page of an indicator shows. ``silent`` says why there is no figure or no such groups."""

    indicator: Indicator
    name: str
    meaning: Meaning
    counter: Sequence[tuple[str, str]]
    cut: Cut
    groupings: Sequence[tuple[str, str]]
    sort: str
    figure: Figure
    arithmetic: str
    change: Change | None
    verdict: str
    course: Course | None
    spoken: str
    beside: Figure | None
    whole: Figure | None
    lines: Sequence[Line]
    groups: Sequence[Group]
    table: Sequence[tuple[str, Figure]]
    silent: str
    silent_groups: str

    @property
    def code(self) -> str:
        return self.indicator.code

    @property
    def comparable(self) -> bool:
        """Whether people can be compared on it with the kind of cases taken into account."""
        return comparable(self.indicator)

    @property
    def by_words(self) -> str:
        return dict(self.groupings).get(self.cut.by, self.cut.by)


def detail(desk: Desk, indicator: Indicator, picker: Picker, of: Subject, *, by: str, sort: str) -> Detail:
    """Everything of one page; ``UnknownName`` for a grouping there is not, nothing compared where there is none."""
    asked = ("detail", indicator.code, picker, of, by, sort)
    return desk.kept(asked, lambda: _detail(desk, indicator, picker, of, by=by, sort=sort))


def _detail(desk: Desk, indicator: Indicator, picker: Picker, of: Subject, *, by: str, sort: str) -> Detail:
    facts, lang = desk.facts_of(indicator), language()
    offered = groupings(indicator, facts, of, desk.viewer)
    cut = Cut(of, _grouping(by, offered))
    figures = desk.values([indicator], Cut(of), picker.first, picker.period)
    series = series_of(figures, (p.key for p in picker.series)).get(indicator.code, [None] * len(picker.series))
    company = series[-1] if of.kind == COMPANY else _company(desk, indicator, picker)
    cells = desk.values([indicator], cut, picker.period, picker.period)
    found = lines(cells, indicator, cut, desk.names, period=picker.key, whole=company, sort=sort)
    own = indicator.by(Cut(of).groups)
    trend = judged(series, own)
    return Detail(
        indicator=indicator, name=indicator.name[lang], meaning=meaning(indicator, facts),
        counter=[(code, desk.library.get(code).name[lang]) for code in indicator.counter], cut=cut, groupings=offered,
        sort=sort, figure=figure(series[-1], indicator), arithmetic=arithmetic(series[-1], indicator, Cut(of)),
        change=change(series, own),
        verdict=sentence(trend, indicator) if is_firm(series) else "",
        course=course_of(series, indicator, picker, trend), spoken=spoken_of(series, indicator, picker),
        beside=None if of.kind == COMPANY else figure(company, indicator), whole=figure(company, indicator),
        lines=found, groups=_groups(found), silent=_silent(figures, indicator), silent_groups=_silent(cells, indicator),
        table=[(title(p), figure(v, indicator)) for p, v in zip(picker.series, series, strict=True)],
    )  # fmt: skip


def _grouping(by: str, offered: Sequence[tuple[str, str]]) -> str:
    known = [name for name, _words in offered]
    if by and by not in known:
        raise UnknownName("by", by, known)
    return by or next(iter(known), "")


def _company(desk: Desk, indicator: Indicator, picker: Picker) -> Value | None:
    table = desk.values([indicator], Cut(Subject()), picker.first, picker.period)
    return table.find(indicator.code, period=picker.key)


def _silent(table: ValueTable, indicator: Indicator) -> str:
    """Why there are no figures at all: data that is missing, or groups there cannot be."""
    lang = language()
    if columns := table.missing.get(indicator.code):
        return say("values.missing_one", lang, {"code": indicator.code, "wanting": wanting(columns, lang)})
    reason = table.unanswered.get(indicator.code)
    return say(f"values.unanswered.{reason}", lang, {"code": indicator.code}) if reason else ""


def course_of(series: Series, indicator: Indicator, picker: Picker, found: Trend) -> Course | None:
    """The picture of a series with its natural limits."""
    shown = [None if v is None or is_hidden(v) else v.value for v in series]
    places = [at for at, value in enumerate(shown) if value is not None]
    signals = {places[signal.at] for signal in found.signals}
    soft = frozenset(at for at, v in enumerate(series) if v is not None and v.provisional)
    drawn, mark = found.limits, indicator.benchmark
    return course(
        shown, [formats().tick(p) for p in picker.series],
        [f"{title(p)}: {quantity(v, indicator)}" for p, v in zip(picker.series, shown, strict=True)],
        lines=Lines(
            drawn.lower if drawn else None, drawn.upper if drawn else None, drawn.mean if drawn else None,
            float(mark.value) if mark and mark.value is not None else None,
        ),
        signals=frozenset(signals - soft), soft=soft, bounded=all((v or 0) >= 0 for v in shown),
    )  # fmt: skip


def spoken_of(series: Series, indicator: Indicator, picker: Picker) -> str:
    """The picture in one sentence, for those who hear it."""
    shown = [(p, v) for p, v in zip(picker.series, series, strict=True) if v is not None and not is_hidden(v)]
    if not shown:
        return t("没有可显示的数值。", "No figures to show.")
    (first, start), (last, end) = shown[0], shown[-1]
    return t(
        "{name}从{first}的 {start} 到{last}的 {end}。", "{name} from {start} in {first} to {end} in {last}.",
        name=indicator.name[language()], first=title(first), start=quantity(start.value, indicator), last=title(last),
        end=quantity(end.value, indicator),
    )  # fmt: skip


def _groups(found: Sequence[Line]) -> list[Group]:
    codes = dict.fromkeys(line.group for line in found)
    return [Group(code, t(*CLASSES[code]), sum(line.group == code for line in found)) for code in codes]
