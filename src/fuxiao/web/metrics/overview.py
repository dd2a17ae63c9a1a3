"""All indicators of a subject in a period, by section of the library, and those that wait for data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from fuxiao.base.waiting import waiting_groups
from fuxiao.base.wording import LIST, say
from fuxiao.engine.definition import Indicator
from fuxiao.metrics.library import Section
from fuxiao.metrics.values import ValueTable
from fuxiao.org.pinyin import folded, initials, plain
from fuxiao.report.drawing.small import Spark
from fuxiao.web.metrics.cuts import COMPANY, Cut, Subject
from fuxiao.web.metrics.desk import Desk
from fuxiao.web.metrics.periods import Picker
from fuxiao.web.metrics.presenters import Change, Figure, Series, change, figure, series_of, sparkline
from fuxiao.web.words import language, t

KEY = ("FRS", "TTR_P50", "TRS", "FTF", "RPR", "REO", "FCR", "CSAT", "QA", "CPR", "CPC", "RES")
"""The figures that tell a service department how it is doing, the most telling first."""


@dataclass(frozen=True, slots=True)
class Row:
    """An indicator's line: the figure, its change and course, and the company's figure beside it."""

    indicator: Indicator
    name: str
    figure: Figure
    change: Change | None
    spark: Spark | None
    beside: Figure | None

    @property
    def code(self) -> str:
        return self.indicator.code


@dataclass(frozen=True, slots=True)
class Waiting:
    """Indicators that wait for the same data, and what that is."""

    wanting: str
    indicators: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page shows: sections with rows, the rows where something moved, and what has no figure: it waits for
    data, is not worked out for such a subject, or nothing of its kind happened in all the periods (``without``)."""

    sections: list[tuple[str, list[Row]]]
    better: list[Row] = field(default_factory=list)
    worse: list[Row] = field(default_factory=list)
    quiet: int = 0
    waiting: list[Waiting] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    without: list[tuple[str, str]] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(len(rows) for _, rows in self.sections)


def overview(desk: Desk, picker: Picker, of: Subject, *, section: str = "", search: str = "") -> Overview:
    """The indicators of one subject, the company's beside them where the subject is another."""
    if search:
        return _overview(desk, picker, of, section, search)
    asked = ("overview", picker, of, section)
    return desk.kept(asked, lambda: _overview(desk, picker, of, section, search))


def _overview(desk: Desk, picker: Picker, of: Subject, section: str, search: str) -> Overview:
    everything = list(desk.library)
    table = desk.values(everything, Cut(of), picker.first, picker.period)
    mine = series_of(table, (p.key for p in picker.series))
    company = desk.values(everything, Cut(Subject()), picker.first, picker.period) if of.kind != COMPANY else None
    beside = {} if company is None else series_of(company, [picker.period.key])
    chosen = [each for each in desk.library.sections if section in ("", each.code)]
    found = list(_sections(chosen, of, mine, beside, search))
    rows = [row for _, rows in found for row in rows]
    better, worse = ([r for r in rows if r.change and r.change.tone == tone] for tone in ("good", "bad"))
    return Overview(
        found, better, worse, sum(r.change is not None and not r.change.tone for r in rows),
        _waiting(table, desk.library.indicators), _unanswered(table, desk.library.indicators),
        [(each.code, each.name[language()]) for each in everything
         if each.code not in {*mine, *table.missing, *table.unanswered}],
    )  # fmt: skip


def key_rows(desk: Desk, picker: Picker, of: Subject, codes: Sequence[str]) -> list[Row]:
    """The rows of a few indicators, as far as there is anything to show."""
    indicators = [desk.library.indicators[code] for code in codes if code in desk.library.indicators]
    table = desk.values(indicators, Cut(of), picker.first, picker.period, exclusions=False)
    mine = series_of(table, (p.key for p in picker.series))
    beside: Mapping[str, Series] = {}
    if of.kind != COMPANY:
        company = desk.values(indicators, Cut(Subject()), picker.first, picker.period, exclusions=False)
        beside = series_of(company, [picker.period.key])
    return [_row(each, of, mine[each.code], beside.get(each.code)) for each in indicators if each.code in mine]


def _sections(
    sections: Iterable[Section], of: Subject, mine: Mapping[str, Series], beside: Mapping[str, Series], search: str
) -> Iterator[tuple[str, list[Row]]]:
    for section in sections:
        wanted = [i for i in section.indicators if i.code in mine and matches(i, search)]
        rows = [_row(each, of, mine[each.code], beside.get(each.code)) for each in wanted]
        if rows:
            yield section.name[language()], rows


def _row(indicator: Indicator, of: Subject, series: Series, beside: Series | None) -> Row:
    return Row(
        indicator, indicator.name[language()], figure(series[-1], indicator), change(series, indicator.by(Cut(of).groups)),
        sparkline(series), None if beside is None or _adds_up(indicator) else figure(beside[-1], indicator),
    )  # fmt: skip


def _adds_up(indicator: Indicator) -> bool:
    """Whether it is a count or a sum: beside one person's, the company's says nothing."""
    return indicator.denominator is None and indicator.percentile is None


def matches(indicator: Indicator, search: str) -> bool:
    """Whether the words of a search are in the code, the names (also as pinyin or initials) or the definition."""
    wanted = folded(search).replace(" ", "")
    zh = indicator.name["zh"]
    places = (indicator.code, *indicator.name.values(), *indicator.plain.values(), plain(zh))
    return any(wanted in folded(place).replace(" ", "") for place in places) or initials(zh).startswith(wanted)


def _waiting(table: ValueTable, known: Mapping[str, Indicator]) -> list[Waiting]:
    lang = language()
    return [
        Waiting(LIST[lang].join(words), [(code, known[code].name[lang]) for code in codes])
        for words, codes in waiting_groups(table.missing, lang)
    ]


def _unanswered(table: ValueTable, known: Mapping[str, Indicator]) -> list[str]:
    named = {code: t("{name}（{code}）", "{name} ({code})", name=known[code].name[language()], code=code)
             for code in table.unanswered}  # fmt: skip
    reasons = sorted(table.unanswered.items())
    return [say(f"values.unanswered.{reason}", language(), {"code": named[code]}) for code, reason in reasons]
