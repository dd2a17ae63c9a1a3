"""The rows under a figure as a page shows them: which case, what it adds to each side, why it was left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import Http404
from ibis import _

from fuxiao.base.shown import is_hidden
from fuxiao.base.wording import say
from fuxiao.core.bonus.money import MINOR_UNITS
from fuxiao.core.indicator import Value
from fuxiao.core.period import Period
from fuxiao.datasets.store import Store
from fuxiao.engine.definition import Indicator, Part
from fuxiao.engine.fact_tables import FACT_TABLES, Kind
from fuxiao.metrics.cases import cases_in_reach
from fuxiao.metrics.drill import NO_REASON, Kept, Page, splits
from fuxiao.metrics.followers import followers, gap_of
from fuxiao.metrics.queries import in_reach, rows_for
from fuxiao.metrics.source import JOIN
from fuxiao.metrics.values import Request as Asked
from fuxiao.report.figures import number
from fuxiao.web.metrics.cuts import COMPANY, PERSON, TEAM, Cut
from fuxiao.web.metrics.desk import Desk
from fuxiao.web.metrics.wording import formats
from fuxiao.web.pages import SIZE
from fuxiao.web.words import language, t

ABOUT = ("title", "case_type", "category", "product", "opened_at")
"""What a reader needs to recognise a case."""
MOST = 100_000
"""Rows of a download; more is a matter for the command line."""


WORDS = {
    Kept.ALL: ("全部", "All"), Kept.COUNTED: ("计入", "Counted"), Kept.YES: ("计入分子", "In the numerator"),
    Kept.NO: ("只计入分母", "In the denominator only"), Kept.LEFT_OUT: ("未计入", "Left out"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Slice:
    """Which of a figure's rows: those of one kind, ``limit`` of them from ``offset`` on, of those left out one reason."""

    kept: Kept
    offset: int
    limit: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RowLine:
    """One row: the case or record, the case's particulars, who it counts for, what it adds to each side (heading and
    text; ``plain`` for programs), why it does not, and the case that came after it, where the figure asks for that."""

    case_id: str
    record: str
    kind: str
    who: str
    about: Mapping[str, object]
    adds: Sequence[tuple[str, str]]
    plain: tuple[Decimal | None, ...]
    reason: str
    after: str = ""


@dataclass(frozen=True, slots=True)
class Sides:
    """Which sides the figure has, by name, with their headings and the part that says how to write them."""

    names: tuple[str, ...]
    headings: tuple[str, ...]
    parts: tuple[Part, ...]

    def texts(self, numbers: Mapping[str, Decimal | None]) -> tuple[str, ...]:
        return tuple(written(numbers[name], part) for name, part in zip(self.names, self.parts, strict=True))


@dataclass(frozen=True, slots=True)
class RowsPage:
    """What the page of rows shows: whose figure, the figure itself and its arithmetic, and the rows of one kind."""

    indicator: Indicator
    name: str
    cut: Cut
    subject: str
    value: Value | None
    arithmetic: str
    sides: Sides
    totals: Sequence[tuple[str, str]]
    lines: Sequence[RowLine]
    kept: Kept
    counted: int
    left_out: int
    total: int
    yes: int
    splits: bool
    follows: bool
    reasons: Sequence[tuple[str, str, int]]
    reason: str

    @property
    def code(self) -> str:
        return self.indicator.code

    @property
    def kept_words(self) -> str:
        words = t(*WORDS[self.kept])
        return f"{words}{JOIN}{why(self.reason)}" if self.reason else words

    @property
    def no(self) -> int:
        """How many rows that count are in the denominator alone."""
        return self.counted - self.yes


def sides_of(indicator: Indicator, cut: Cut) -> Sides:
    chosen = indicator.by(cut.groups)
    found = {
        "numerator": (t("分子", "Numerator") if chosen.denominator else t("取值", "Value"), chosen.numerator),
        "denominator": (t("分母", "Denominator"), chosen.denominator),
        "n": ("n", chosen.sample),
    }
    there = {name: (heading, part) for name, (heading, part) in found.items() if part is not None}
    return Sides(
        tuple(there), tuple(heading for heading, _part in there.values()), tuple(part for _h, part in there.values())
    )


def rows_page(desk: Desk, indicator: Indicator, cut: Cut, who: str, period: Period, *, asked: Slice) -> RowsPage:
    """The rows of one figure with the figure itself; pages are kept, whole files are not."""

    def made() -> RowsPage:
        return _rows_page(desk, indicator, cut, who, period, asked=asked)

    return made() if asked.limit > SIZE else desk.kept(("rows", indicator.code, cut, who, period, asked), made)


def _rows_page(desk: Desk, indicator: Indicator, cut: Cut, who: str, period: Period, *, asked: Slice) -> RowsPage:
    page = _read(desk, indicator, cut, who, period, asked=asked)
    sides, members, gap = sides_of(indicator, cut), cut.members(who), gap_of(indicator, cut.groups)
    table = desk.values([indicator], cut, period, period)
    value = table.find(indicator.code, subject=JOIN.join(members) or COMPANY, period=period.key)
    return RowsPage(
        indicator, indicator.name[language()], cut, _subject(cut, who, desk.names), value,
        arithmetic(value, indicator, cut), sides,
        list(zip(sides.headings, sides.texts(page.sums), strict=True)), row_lines(desk, page, sides, gap), asked.kept,
        page.counted, page.left_out, page.total, page.yes, splits(indicator, cut.groups), bool(gap),
        [(code, why(code), count) for code, count in page.reasons.items()], asked.reason,
    )  # fmt: skip


def _read(desk: Desk, indicator: Indicator, cut: Cut, who: str, period: Period, *, asked: Slice) -> Page:
    """The rows of one figure; 404 for a subject out of the reader's reach."""
    members = cut.members(who)
    if members and not in_reach(desk.viewer, cut.groups[0], members[0], desk.people):
        raise Http404
    wanted = Asked(
        indicators=[indicator], first=period, last=period, by=cut.groups, only=members[:1] or cut.only
    )  # fmt: skip
    return rows_for(
        desk.viewer, desk.store, indicator, wanted.scope, people=desk.people, members=members, kept=asked.kept,
        reason=asked.reason, offset=asked.offset, limit=asked.limit,
    )  # fmt: skip


def _subject(cut: Cut, who: str, names: Mapping[str, str]) -> str:
    """Whose figure it is, in words: 一组 · 空调."""
    if not cut.by:
        return cut.of.name
    member = names.get(who, who) if cut.by in (PERSON, TEAM) else who or t("（未填）", "(not given)")
    return member if cut.of.kind in (COMPANY, cut.by) else f"{cut.of.name}{JOIN}{member}"


def arithmetic(value: Value | None, indicator: Indicator, cut: Cut) -> str:
    """Numerator ÷ denominator as they were summed up; nothing where the figure is hidden or no quotient."""
    if value is None or is_hidden(value) or value.numerator is None or value.denominator is None:
        return ""
    sides = sides_of(indicator, cut)
    numbers = {"numerator": value.numerator, "denominator": value.denominator, "n": Decimal(value.n)}
    texts = dict(zip(sides.names, sides.texts(numbers), strict=True))
    return f"{texts['numerator']} ÷ {texts['denominator']} = {formats().quantity(value.value, indicator.unit)}"


def row_lines(desk: Desk, page: Page, sides: Sides, gap: str = "") -> list[RowLine]:
    rows = page.rows.to_pylist()
    cases = {str(row["case_id"]) for row in rows if row["case_id"]}
    about = about_cases(desk.store, cases)
    after = _after(desk, gap, {str(row["case_id"]) for row in rows if row["case_id"] and row["numerator"]})
    return [_line(row, about, sides, desk.names, after) for row in rows]


def _after(desk: Desk, gap: str, cases: set[str]) -> Mapping[str, str]:
    """The cases that came after these, of those that the reader may see."""
    found = followers(desk.store, gap, cases) if gap else {}
    seen = cases_in_reach(desk.viewer, desk.store, found.values(), people=desk.people)
    return {case: other for case, other in found.items() if other in seen}


def _line(
    row: Mapping[str, object], about: Mapping[str, Mapping[str, object]], sides: Sides, names: Mapping[str, str],
    after: Mapping[str, str],
) -> RowLine:  # fmt: skip
    case, dataset = str(row["case_id"] or ""), str(row["dataset"])
    who = next((str(row[key]) for key in (PERSON, TEAM) if row.get(key)), "")
    numbers: dict[str, Decimal | None] = {name: row[name] for name in sides.names}  # type: ignore[misc]
    declared = FACT_TABLES[dataset]
    return RowLine(
        case, str(row["record"]), declared.zh if language() == "zh" else declared.en, names.get(who, who),
        about.get(case, {}), list(zip(sides.headings, sides.texts(numbers), strict=True)), tuple(numbers.values()),
        _reason(row, numbers), after.get(case, ""),
    )  # fmt: skip


def _reason(row: Mapping[str, object], numbers: Mapping[str, Decimal | None]) -> str:
    if row["reason"]:
        return why(str(row["reason"]))
    return why(NO_REASON) if all(value is None for value in numbers.values()) else ""


def why(reason: str) -> str:
    """A reason of leaving out in words."""
    if reason == NO_REASON:
        return t("还没有结果，或不适用", "No outcome yet, or not applicable")
    return say(f"exclusion.{reason}", language())


def about_cases(store: Store, cases: set[str]) -> dict[str, Mapping[str, object]]:
    """Title, type, category, product and opening of these cases. One look-up."""
    if not cases:
        return {}
    found = store.records("cases").filter(_.case_id.isin(sorted(cases))).select("case_id", *ABOUT)
    return {str(row["case_id"]): row for row in store.execute(found).to_pylist()}


def written(value: Decimal | None, part: Part) -> str:
    """What a row adds, or their sum, as its kind is written: a time, money, a count."""
    if value is None:
        return ""
    kind = Kind.FLAG if part.value is None else part.value.kind
    if kind is Kind.DURATION:
        return formats().duration(int(value))
    if kind is Kind.MONEY:
        return formats().money(value.scaleb(-MINOR_UNITS.get(formats().currency, 2)))
    return number(_short(value))


def _short(value: Decimal) -> Decimal:
    whole = value.to_integral_value()
    return Decimal(int(whole)) if whole == value else value.normalize()
