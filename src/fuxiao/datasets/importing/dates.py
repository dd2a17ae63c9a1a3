"""Finds the date format of a column by evidence over the whole column: which of day and month comes first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

from fuxiao.datasets.importing import moments, sql
from fuxiao.datasets.importing.sql import Connection

TIMES = (
    "", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p", " %H.%M",
    ", %H:%M", ", %H:%M:%S", ", %I:%M %p", ", %I:%M:%S %p", " at %I:%M %p",
)  # fmt: skip
ELSEWHERE = (
    (("%d/%m/%Y", "%d.%m.%Y"), ("%Hh%M", "à %H:%M", "à %Hh%M", "um %H:%M", "%H:%M Uhr")),
    (("%d-%b-%y", "%d-%b-%Y"), ("%I.%M.%S %p", "%I.%M.%S.%f %p", "%H.%M.%S", "%H.%M.%S.%f")),
)
"""Days and times that stand together in France, in Germany and in Oracle's databases."""
HINT = re.compile(r"\d{4,}|\d\D{1,11}\d")
"""What any date has; text and single figures have it not, and are spared the formats."""
WEEKDAYS = re.compile(moments.WEEKDAYS)
BESIDE = "%a "
"""Before a format of dates that name the day of the week too, wherever in the cell that stands."""
SAMPLE = 400
MOST_FORMATS = 8
"""So many formats one column is read in: columns that people type into have some."""
FIRST = 40
RARELY = 0.02
"""Share of the cells from which on a format is looked at over the whole column."""
PARTS = {
    "%Y": r"(?:19|20|21)\d\d", "%y": r"\d\d", "%m": r"(?:0?[1-9]|1[0-2])", "%d": r"(?:0?[1-9]|[12]\d|3[01])",
    "%H": r"(?:[01]?\d|2[0-3])", "%I": r"(?:[01]?\d|2[0-3])", "%M": r"[0-5]?\d", "%S": r"[0-5]?\d", "%f": r"\d{1,6}",
    "%b": r"[A-Za-z]{3}", "%B": r"[A-Za-z]{3,9}",
    "%z": r"\(?(?:Z|(?:UTC|GMT)?\s?[+-]\d{1,2}(?::?\d{2})?|UTC|GMT)\)?(?:\s\([^()]*\))?",
    "%p": f"(?:[AaPp]\\.?\\s?[Mm]\\.?|{'|'.join(moments.HALVES)})",
}  # fmt: skip
OUTLINES = {
    moments.ISO: r"\d{4}-\d{1,2}-\d{1,2}(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?"
    r" ?(?:Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?",
    moments.EXCEL: r"[3-7]\d{4}(?:\.\d+)?",
    moments.EPOCH: r"(?:6[3-9]|[7-9]\d|[1-3]\d\d)\d{7}(?:\.\d+)?",
    moments.EPOCH_MS: r"(?:\\?/Date\()?(?:6[3-9]|[7-9]\d|[1-3]\d\d)\d{10}(?:\.\d+)?(?:(?:[+-]\d{4})?\)\\?/)?",
}
DAY_FIRST, MONTH_FIRST, YEAR_FIRST = "day", "month", "year"


@dataclass(frozen=True, slots=True)
class DateEvidence:
    """How a column is read as dates.

    ``read`` of ``filled`` cells fit ``formats``. ``order`` is which part comes first; ``against`` counts the cells that
    the opposite order cannot read; with none of those the order is ``ambiguous``.
    """

    formats: tuple[str, ...]
    filled: int
    read: int
    order: str
    against: int = 0
    ambiguous: bool = False
    with_time: bool = False

    @property
    def sure(self) -> bool:
        return self.filled > 0 and self.read >= 0.8 * self.filled


def candidates() -> Iterator[str]:
    """Every format that is tried, the plainer first."""
    yield moments.ISO
    for mark, time in product("/.-", TIMES):
        yield f"%Y{mark}%m{mark}%d{time}"
    for mark, year, time in product("/-.", ("%Y", "%y"), TIMES):
        yield f"%d{mark}%m{mark}{year}{time}"
        yield f"%m{mark}%d{mark}{year}{time}"
    for mark, time in product("/-.", TIMES):
        yield f"%y{mark}%m{mark}%d{time}"
    for mark, month, year, time in product("- /", ("%b", "%B"), ("%Y", "%y"), TIMES):
        yield f"%d{mark}{month}{mark}{year}{time}"
    for month, time in product(("%b", "%B"), TIMES):
        yield f"{month} %d, %Y{time}"
    yield from ("%b %d %H:%M:%S %Y", "%b %d %Y %H:%M:%S", "%b %d, %Y @ %H:%M:%S.%f", "%b %d, %Y @ %H:%M:%S")
    yield from ("%Y%m%dT%H%M%S", "%Y-%m-%d %H:%M:%S,%f", "%Y-%m-%dT%H:%M:%S,%f")
    yield from (f"{day} {time}" for days, times in ELSEWHERE for day, time in product(days, times))
    chinese = (
        "", "%H:%M", "%H:%M:%S", "%H时%M分", "%H时%M分%S秒", "%H時%M分", "%H時%M分%S秒", "%p %I:%M", "%p %I:%M:%S",
    )  # fmt: skip
    for time in chinese:
        yield f"%Y年%m月%d日{' ' if time else ''}{time}"
        if time and "%p" not in time:
            yield f"%Y年%m月%d日{time}"
    for mark, time in product("/-", (" %p %I:%M", " %p %I:%M:%S")):
        yield f"%Y{mark}%m{mark}%d{time}"
    yield from ("%Y%m%d", "%Y%m%d%H%M%S", "%Y%m%d %H:%M:%S", "%Y%m%d %H%M%S")


def zoned(cells: Iterable[str]) -> Iterator[str]:
    """The formats with what these cells say of their zone behind the time: an offset, or a name as it stands there."""
    named, away = Counter(map(moments.zone_name, cells)), any(map(re.compile(moments.OFFSET).search, cells))
    marks = [name for name, _ in named.most_common(4) if name]
    for form, mark in product(candidates(), [*(["%z"] if away else []), *marks]):
        if form.endswith("%S %Y"):
            yield f"{form.removesuffix(' %Y')} {mark} %Y"
        elif "%M" in form:
            yield f"{form} {mark}"


def find_dates(connection: Connection, source: str, *, numbers: bool) -> DateEvidence | None:
    """The evidence for the query ``source`` with the text column ``cell`` (no nulls); ``None`` where it has no dates.

    ``numbers`` says that numbers may be meant as dates: days of a spreadsheet, seconds or milliseconds since 1970.
    """
    sample = [cell for (cell,) in sql.rows(connection, f"select distinct cell from ({source}) limit {SAMPLE}")]
    if not any(HINT.search(cell) for cell in sample[:FIRST]):
        return None
    if not numbers and any(WEEKDAYS.search(cell) for cell in sample[:FIRST]):
        return _beside_weekdays(connection, source)
    written = any("Date(" in cell for cell in sample[:FIRST])  # /Date(1759478400000)/
    counted = moments.SPECIAL[1:] if numbers else (moments.EPOCH_MS,) if written else ()
    forms = [*candidates(), *zoned(sample[:FIRST]), *counted]
    seen = [form for form in forms if _share(form, sample[:FIRST]) > 0]
    likely = [form for form in seen if _share(form, sample) >= RARELY]
    if not likely:
        return None
    turned = [other for form in likely if (other := _opposite(form))]  # the sample may hold no cell that fits it
    evidence = _whole(connection, source, list(dict.fromkeys([*likely, *turned])), forms)
    return evidence if evidence.read else None


def _beside_weekdays(connection: Connection, source: str) -> DateEvidence | None:
    """The evidence for dates that name the day of the week too: that of the dates without it."""
    bare = f"select {moments.without_weekday('cell')} as cell from ({source})"
    sample = [cell for (cell,) in sql.rows(connection, f"select distinct cell from ({bare}) limit {SAMPLE}")]
    forms = [form for form in (*candidates(), *zoned(sample[:FIRST])) if form != moments.ISO]
    likely = [form for form in forms if _share(form, sample) >= RARELY]
    evidence = _whole(connection, bare, likely, forms) if likely else None
    if evidence is None or not evidence.read:
        return None
    return replace(evidence, formats=tuple(BESIDE + form for form in evidence.formats))


def _share(form: str, cells: list[str]) -> float:
    """The part of the cells that have the form's outline: a cheap look before the database reads them."""
    outline = _outline(form)
    return sum(1 for cell in cells if outline.fullmatch(cell)) / max(len(cells), 1)


@lru_cache(maxsize=1024)
def _outline(form: str) -> re.Pattern[str]:
    if form in OUTLINES:
        return re.compile(OUTLINES[form])
    parts = re.split(r"(%[a-zA-Z])", form)
    joined = "".join(PARTS[part] if part in PARTS else re.escape(part).replace(r"\ ", r"\s*") for part in parts)
    return re.compile(joined)


def _counts(connection: Connection, source: str, forms: list[str]) -> dict[str, int]:
    """How many cells each format reads as a date between 1990 and 2100; under the empty key all cells."""
    tests = ", ".join(f"count(*) filter (where {readable(form)})" for form in forms)
    row = sql.one(connection, f"select count(*), {tests} from {source}")
    return dict(zip(["", *forms], map(int, row), strict=True))


def readable(form: str) -> str:
    value = moments.timestamp("cell", [form])
    return f"{value} between timestamp '1990-01-01' and timestamp '2100-01-01'"


def _whole(connection: Connection, source: str, likely: list[str], forms: list[str]) -> DateEvidence:
    counts = _counts(connection, f"({source})", likely)
    filled = counts.pop("")
    best = max(likely, key=lambda form: (counts[form], _prior(form)))
    best = _fewest_years(connection, source, [form for form in likely if counts[form] == counts[best]], best)
    formats, read = [best], counts[best]
    while read < filled and len(formats) < MOST_FORMATS:
        tried = dict.fromkeys([*likely, *_rare(connection, source, formats, forms)])
        agreeing = [form for form in tried if all(_agrees(form, each) for each in formats)]
        more = _next(connection, source, formats, agreeing)
        if more is None:
            break
        formats.append(more[0])
        read += more[1]
    mark = next((form for form in formats if _opposite(form)), best)  # a few dates among others can be mistaken too
    other = _opposite(mark)
    if other and mark not in counts:  # few rows have it: it was not looked at over the whole column
        counts |= _counts(connection, f"({source})", [mark, other])
    against = counts[mark] - counts.get(other, 0)
    return DateEvidence(
        formats=tuple(formats),
        filled=filled,
        read=read,
        order=_order(mark),
        against=against,
        ambiguous=bool(other) and against == 0,
        with_time=any("%H" in form or "%I" in form or form in moments.SPECIAL for form in formats),
    )


def _fewest_years(connection: Connection, source: str, equal: list[str], best: str) -> str:
    """Of formats that read as much, one with the two-digit year at another end where that gives fewer years: a log
    has few years and many days."""
    ends = [form for form in equal if form[:2] == "%y" or form[6:8] == "%y"]
    if best not in ends or len({form[:2] == "%y" for form in ends}) < 2:
        return best
    years = ", ".join(f"count(distinct year({moments.timestamp('cell', [form])}))" for form in ends)
    counted = dict(zip(ends, map(int, sql.one(connection, f"select {years} from ({source})")), strict=True))
    return min(ends, key=lambda form: (counted[form], form != best))


def _next(connection: Connection, source: str, formats: list[str], forms: list[str]) -> tuple[str, int] | None:
    """The format that reads the most of what the ones so far cannot read."""
    left = [form for form in forms if form not in formats]
    if not left:
        return None
    counts = _counts(connection, f"({_unread(source, formats)})", left)
    counts.pop("")
    form = max(left, key=lambda each: counts[each])
    return (form, counts[form]) if counts[form] else None


def _rare(connection: Connection, source: str, formats: list[str], forms: list[str]) -> list[str]:
    """The forms of what is left over: one that few rows have may be missing in the sample of the whole column."""
    query = f"select distinct cell from ({_unread(source, formats)}) limit {FIRST}"
    cells = [cell for (cell,) in sql.rows(connection, query)]
    return [form for form in forms if _share(form, cells) > 0]


def _unread(source: str, formats: list[str]) -> str:
    unread = " and ".join(f"coalesce(not ({readable(form)}), true)" for form in formats)
    return f"select * from ({source}) where {unread}"


def _order(form: str) -> str:
    if form in moments.SPECIAL or form.startswith(("%Y", "%y")):
        return YEAR_FIRST
    return DAY_FIRST if form.startswith("%d") else MONTH_FIRST


def _agrees(form: str, best: str) -> bool:
    """Formats of one column never disagree about day and month: that would read some of its dates wrongly."""
    if "%y" in form and "%y" in best and (form[:2] == "%y") != (best[:2] == "%y"):
        return False
    return not _opposite(form) or not _opposite(best) or _order(form) == _order(best)


def _opposite(form: str) -> str:
    """The same format with day and month changed; empty where that cannot be mistaken."""
    if form.startswith(BESIDE):
        other = _opposite(form.removeprefix(BESIDE))
        return other and BESIDE + other
    if form.startswith("%d") and form[3:5] == "%m":
        return f"%m{form[2]}%d{form[5:]}"
    if form.startswith("%m") and form[3:5] == "%d":
        return f"%d{form[2]}%m{form[5:]}"
    return ""


def _prior(form: str) -> tuple[bool, bool]:
    """With equal evidence: am and pm go with the American order, everything else with day first."""
    american = form.startswith("%m")
    return (american == ("%p" in form), form == moments.ISO)


def in_order(evidence: DateEvidence, order: str) -> DateEvidence:
    """An ambiguous column read in the order that another column of the file proves."""
    if not evidence.ambiguous or evidence.order == order:
        return evidence
    turned = tuple(_opposite(form) or form for form in evidence.formats)
    return replace(evidence, formats=turned, order=order)
